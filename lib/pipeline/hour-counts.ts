import type { SeriesDay, SeriesTarget } from './ports/series-store.ts';
import type { MatchRow } from './ports/story-store.ts';

/** Stories and newsrooms by target, day and hour, added up as matches are read. */
export type HourCounts = {
  add(row: MatchRow, targets: readonly SeriesTarget[]): void;
  targets(): readonly SeriesTarget[];
  /** The days of a target that had a story, oldest first. */
  days(target: SeriesTarget): readonly SeriesDay[];
};

/** All that a match counts for. */
export function targetsOf(row: MatchRow): readonly SeriesTarget[] {
  return [
    { name: 'all' },
    ...row.events.map((value) => ({ name: 'event' as const, value })),
    ...row.entities.map((value) => ({ name: 'entity' as const, value })),
  ];
}

type Hour = { stories: number; readonly outlets: Set<string> };

export function hourCounts(): HourCounts {
  const counted = new Map<string, { readonly target: SeriesTarget; readonly days: Map<string, Map<string, Hour>> }>();
  return {
    add(row, targets) {
      const day = row.published.slice(0, 10);
      const hour = row.published.slice(11, 13);
      for (const target of targets) {
        const { days } = made(counted, keyOf(target), () => ({ target, days: new Map() }));
        const hours = made(days, day, () => new Map<string, Hour>());
        const count = made(hours, hour, () => ({ stories: 0, outlets: new Set<string>() }));
        count.stories += 1;
        count.outlets.add(row.outlet);
      }
    },
    targets: () => [...counted.values()].map(({ target }) => target),
    days: (target) => [...(counted.get(keyOf(target))?.days ?? [])].map(toDay).sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}

function toDay([day, hours]: readonly [string, ReadonlyMap<string, Hour>]): SeriesDay {
  const sorted = [...hours].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    day,
    hours: Object.fromEntries(sorted.map(([hour, { stories, outlets }]) => [hour, { stories, outlets: outlets.size }])),
    outlets: [...new Set(sorted.flatMap(([, { outlets }]) => [...outlets]))].sort(),
  };
}

function keyOf(target: SeriesTarget): string {
  return target.name === 'all' ? 'all' : `${target.name} ${target.value}`;
}

function made<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
