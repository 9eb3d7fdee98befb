import { type Bucket, type BucketWindow, bucketsOf, dayMs, hourMs } from './buckets.ts';
import { hourCounts, targetsOf } from './hour-counts.ts';
import { mapLimited } from './map-limited.ts';
import type { SeriesTarget } from './ports/series-store.ts';
import type { Axis } from './ports/story-store.ts';
import type { QueryDeps } from './queries.ts';
import { checkTargets, readChoice, readTime, rowsAPage } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';
import { counted } from './series.ts';

export type SeriesQuery = Partial<Record<'event' | 'entity' | 'by' | 'since' | 'until', string>>;

export type Series = Frame & {
  readonly event: string | null;
  readonly entity: string | null;
  readonly name: string;
  /** Oldest first, none left out. */
  readonly buckets: readonly Bucket[];
};

export type EventSeries = Frame & {
  readonly events: readonly {
    readonly event: string;
    readonly name: string;
    readonly stories: number;
    readonly buckets: readonly Bucket[];
  }[];
};

type Frame = {
  readonly by: 'hour' | 'day';
  readonly since: string;
  readonly until: string;
  /** Counts before this may be too low. */
  readonly completeSince: string;
  readonly read: number;
};

const usualDays = { hour: 2, day: 30 } as const;
const mostDays = { hour: 31, day: 400 } as const;
const mostEvents = 50;

/** Stories and newsrooms by hour or day of one target: counted hours from their rows, the rest from a bounded read. */
export async function series(query: SeriesQuery, deps: QueryDeps): Promise<Series> {
  const target = readTarget(query, deps);
  const window = bucketWindow(query, deps);
  const { live, ...frame } = await readLive(window, target, deps);
  const days = frame.countedTo === null ? [] : await closedDays(target, window, deps);
  const buckets = bucketsOf(window, days, live.days(target));
  return { ...answered(window, frame, days.length), ...named(target, deps), buckets };
}

/** The same for each event of the watchlist, at most `mostEvents`, the busiest first. */
export async function eventSeries(query: Omit<SeriesQuery, 'event' | 'entity'>, deps: QueryDeps): Promise<EventSeries> {
  const window = bucketWindow(query, deps);
  const { live, ...frame } = await readLive(window, { name: 'all' }, deps);
  const charts = await mapLimited((deps.matcher?.events ?? []).slice(0, mostEvents), 10, async (event) => {
    const target = { name: 'event' as const, value: event };
    const days = frame.countedTo === null ? [] : await closedDays(target, window, deps);
    const buckets = bucketsOf(window, days, live.days(target));
    const stories = buckets.reduce((sum, bucket) => sum + bucket.stories, 0);
    return { rows: days.length, chart: { event, name: deps.matcher?.nameOf(event) ?? event, stories, buckets } };
  });
  const rows = charts.reduce((sum, each) => sum + each.rows, 0);
  const events = charts.map(({ chart }) => chart).sort((a, b) => b.stories - a.stories || (a.event < b.event ? -1 : 1));
  return { ...answered(window, frame, rows), events };
}

export function readTarget(query: Pick<SeriesQuery, 'event' | 'entity'>, deps: QueryDeps): SeriesTarget {
  if (query.event !== undefined && query.entity !== undefined) {
    throw new RefusedRequest('entity', 'both an event and an entity are named; name one of them');
  }
  checkTargets(query, deps.matcher);
  if (query.event !== undefined) return { name: 'event', value: query.event };
  return query.entity === undefined ? { name: 'all' } : { name: 'entity', value: query.entity };
}

export function named(target: SeriesTarget, { matcher }: QueryDeps) {
  return {
    event: target.name === 'event' ? target.value : null,
    entity: target.name === 'entity' ? target.value : null,
    name: target.name === 'all' ? '' : (matcher?.nameOf(target.value) ?? target.value),
  };
}

/** Whole buckets: the one in which the window begins, to the one in which it ends. */
function bucketWindow(query: SeriesQuery, deps: QueryDeps): BucketWindow {
  const by = readChoice('by', query.by, ['hour', 'day']) ?? 'hour';
  const width = by === 'hour' ? hourMs : dayMs;
  const nowMs = deps.now().getTime();
  const asked = readTime('until', query.until, deps);
  const untilMs = Math.min(nowMs, asked === null ? nowMs : Date.parse(asked));
  const since = readTime('since', query.since, deps);
  const sinceMs = since === null ? untilMs - usualDays[by] * dayMs : Date.parse(since);
  if (sinceMs > untilMs)
    throw new RefusedRequest('since', 'the window ends before it begins; make since earlier than until');
  if (untilMs - sinceMs > mostDays[by] * dayMs) {
    const remedy = by === 'hour' ? 'shorten it, or ask by=day' : 'shorten it';
    throw new RefusedRequest('since', `the window is longer than ${mostDays[by]} days by ${by}; ${remedy}`);
  }
  return { by, sinceMs: Math.floor(sinceMs / width) * width, untilMs, nowMs };
}

/**
 * What is not counted yet, newest first, as far as one page reads; and the last hour that is, for a story of its end may have
 * come after it was counted.
 */
async function readLive({ by, sinceMs, untilMs, nowMs }: BucketWindow, target: SeriesTarget, { store }: QueryDeps) {
  const note = await counted(store.control);
  const since = new Date(sinceMs).toISOString();
  const lastHourMs = note === null ? sinceMs : Date.parse(note.to) - hourMs;
  const from = new Date(Math.max(sinceMs, lastHourMs)).toISOString();
  // The last bucket is filled to its end, as far as there is news of it.
  const width = by === 'hour' ? hourMs : dayMs;
  const end = new Date(Math.min(nowMs, Math.floor(untilMs / width) * width + width - 1)).toISOString();
  const live = hourCounts();
  const countedTo = note?.to ?? null;
  const countedFrom = [since, note?.from ?? since].sort().at(-1) ?? since;
  if (from > end) return { live, read: 0, countedTo, completeSince: countedFrom };
  const page = await store.stories.page({
    axis: target as Axis,
    ...{ since: from, until: end, cursor: null, limit: rowsAPage, readAtMost: rowsAPage, keep: () => true },
  });
  for (const row of page.rows) live.add(row, targetsOf(row));
  const completeSince = page.next === null ? countedFrom : (page.rows.at(-1)?.published ?? countedFrom);
  return { live, read: page.read, countedTo, completeSince };
}

function closedDays(target: SeriesTarget, { sinceMs, untilMs }: BucketWindow, { store }: QueryDeps) {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return store.series.days(target, day(sinceMs), day(untilMs));
}

function answered(
  { by, sinceMs, untilMs }: BucketWindow,
  frame: { completeSince: string; read: number },
  rows: number,
) {
  return {
    by,
    since: new Date(sinceMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    completeSince: frame.completeSince,
    read: frame.read + rows,
  };
}
