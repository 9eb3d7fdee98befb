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

/** An hour is either counted or read live, never both. */
function hourCount(closed: readonly SeriesDay[], live: readonly SeriesDay[]): CountAt {
  const hours = new Map<string, HourCount>(
    [...closed, ...live].flatMap(({ day, hours }) =>
      Object.entries(hours).map(([hour, count]) => [`${day}T${hour}`, count] as const),
    ),
  );
  return (at) => hours.get(at.slice(0, 13)) ?? { stories: 0, outlets: 0 };
}

function dayCount(closed: readonly SeriesDay[], live: readonly SeriesDay[]): CountAt {
  return (at) => {
    const parts = [...closed, ...live].filter(({ day }) => day === at.slice(0, 10));
    const stories = parts.flatMap(({ hours }) => Object.values(hours)).reduce((sum, hour) => sum + hour.stories, 0);
    return { stories, outlets: new Set(parts.flatMap(({ outlets }) => outlets)).size };
  };
}
