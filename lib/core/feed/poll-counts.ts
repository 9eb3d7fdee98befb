/** A day's polls of some feeds, and what they found, by outcome. */
export type PollCounts = {
  /** In UTC: `2026-11-24`. */
  readonly day: string;
  readonly polls: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly dropped: number;
  /** Stories stored for the first time, and those of them that matched. */
  readonly stories: number;
  readonly matches: number;
  /** Stories that a feed listed and that were there already. */
  readonly known: number;
};

export const noPollCounts: PollCounts = {
  day: '',
  polls: 0,
  unchanged: 0,
  failed: 0,
  dropped: 0,
  stories: 0,
  matches: 0,
  known: 0,
};
