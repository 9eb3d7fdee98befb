/** What a chart is drawn of. */
export type SeriesTarget = { readonly name: 'all' } | { readonly name: 'entity' | 'event'; readonly value: string };

/** One day of a target by hours that are over, as they were last counted. */
export type SeriesDay = {
  /** In UTC: `2026-11-24`. */
  readonly day: string;
  /** By hour of the day (`09`); hours without a story are left out. */
  readonly hours: Readonly<Record<string, HourCount>>;
  /** Every newsroom of these hours, sorted: of a day the hours' own counts do not add up. */
  readonly outlets: readonly string[];
};

export type HourCount = { readonly stories: number; readonly outlets: number };

export type SeriesStore = {
  /** The days of a target from one day to another, both included, oldest first. */
  days(target: SeriesTarget, from: string, to: string): Promise<readonly SeriesDay[]>;
  /** Sets a day, whatever was there. */
  putDay(target: SeriesTarget, day: SeriesDay): Promise<void>;
};
