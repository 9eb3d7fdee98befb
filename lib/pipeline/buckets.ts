import { spikes } from '../core/series/spikes.ts';
import type { HourCount, SeriesDay } from './ports/series-store.ts';

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export type Bucket = {
  readonly at: string;
  readonly stories: number;
  readonly outlets: number;
  readonly spike: boolean;
};

export type BucketWindow = {
  readonly by: 'hour' | 'day';
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
};

/** Every bucket of the window, from counted hours and those read live. */
export function bucketsOf(
  { by, sinceMs, untilMs }: BucketWindow,
  closed: readonly SeriesDay[],
  live: readonly SeriesDay[],
): readonly Bucket[] {
  const width = by === 'hour' ? hourMs : dayMs;
  const count = by === 'hour' ? hourCount(closed, live) : dayCount(closed, live);
  const buckets: Omit<Bucket, 'spike'>[] = [];
  for (let at = sinceMs; at <= untilMs; at += width) {
    const iso = new Date(at).toISOString();
    buckets.push({ at: iso, ...count(iso) });
  }
  const high = spikes(buckets.map(({ stories }) => stories));
  return buckets.map((bucket, i) => ({ ...bucket, spike: high[i] ?? false }));
}

type CountAt = (at: string) => { readonly stories: number; readonly outlets: number };

function hourCount(closed: readonly SeriesDay[], live: readonly SeriesDay[]): CountAt {
  const hours = byHour(closed, live);
  return (at) => hours.get(at.slice(0, 13)) ?? { stories: 0, outlets: 0 };
}

function dayCount(closed: readonly SeriesDay[], live: readonly SeriesDay[]): CountAt {
  const hours = Map.groupBy(byHour(closed, live), ([hour]) => hour.slice(0, 10));
  const parts = Map.groupBy([...closed, ...live], ({ day }) => day);
  return (at) => {
    const day = at.slice(0, 10);
    const stories = (hours.get(day) ?? []).reduce((sum, [, count]) => sum + count.stories, 0);
    return { stories, outlets: new Set((parts.get(day) ?? []).flatMap(({ outlets }) => outlets)).size };
  };
}

/** Of an hour that was counted and is read live as well, the count that has more: live may be cut, counted may lack who came late. */
function byHour(closed: readonly SeriesDay[], live: readonly SeriesDay[]): ReadonlyMap<string, HourCount> {
  const found = new Map<string, HourCount>();
  for (const { day, hours } of [...closed, ...live]) {
    for (const [hour, count] of Object.entries(hours)) {
      const at = `${day}T${hour}`;
      if (count.stories >= (found.get(at)?.stories ?? 0)) found.set(at, count);
    }
  }
  return found;
}
