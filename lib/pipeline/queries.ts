import { nearest } from '../core/config/nearest.ts';
import { cadence } from '../core/feed/cadence.ts';
import { addressOf } from './feed-address.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { isPaused } from './paused-feed.ts';
import type { Axis, ControlStore, FeedRow, MatchRow, Store } from './ports.ts';
import { RefusedRequest } from './refused-request.ts';

export type QueryDeps = {
  readonly store: Store;
  readonly matcher: LiveMatcher | null;
  readonly retentionDays: number;
  readonly now: () => Date;
};

/** As the command line and the API give it: every field a string, or absent. */
export type MatchesQuery = Partial<
  Record<'entity' | 'event' | 'source' | 'lang' | 'since' | 'until' | 'text' | 'limit' | 'cursor', string>
>;

export type MatchesPage = {
  readonly matches: readonly MatchRow[];
  readonly next: string | null;
  /** Rows read to make the page, at most `rowsAPage`. */
  readonly read: number;
};

/** The most rows one page reads, whatever its filters leave of them. */
export const rowsAPage = 1_000;
const mostListed = 200;
const mostDays = 3_653;

/** Stored matches, newest first, read along one indexed axis; the other filters work inside what it reads. */
export async function matches(query: MatchesQuery, deps: QueryDeps): Promise<MatchesPage> {
  checkIds(query, deps.matcher);
  const { since, until } = windowOf(query, deps);
  const page = await deps.store.stories.page({
    axis: axisOf(query),
    since,
    until,
    cursor: readCursor(query.cursor),
    limit: readLimit(query.limit),
    readAtMost: rowsAPage,
    keep: keeper(query),
  });
  const next = page.next === null ? null : Buffer.from(page.next).toString('base64url');
  return { matches: page.rows, next, read: page.read };
}

/**
 * A list is read month by month, so the window has ends: nothing is published after now (a story's date is at most when
 * it was seen), and ten years back is as far as a page looks.
 */
function windowOf(query: MatchesQuery, deps: QueryDeps): { since: string; until: string } {
  const now = deps.now().toISOString();
  const asked = readTime('until', query.until, deps) ?? now;
  // ISO 8601 in UTC sorts as the times do.
  const [until = now] = [asked, now].sort();
  const daysBefore = (days: number) => new Date(Date.parse(until) - days * 86_400_000).toISOString();
  const since = readTime('since', query.since, deps) ?? daysBefore(deps.retentionDays);
  const [, latest = since] = [since, daysBefore(mostDays)].sort();
  return { since: latest, until };
}

/** The rarest of the named axes is a guess: an event has fewer stories than an entity, a source fewer than a language. */
function axisOf(query: MatchesQuery): Axis {
  for (const name of ['event', 'entity', 'source', 'lang'] as const) {
    const value = query[name];
    if (value !== undefined) return { name, value };
  }
  return { name: 'all' };
}

function keeper(query: MatchesQuery): (row: MatchRow) => boolean {
  const words = (query.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    if (query.entity !== undefined && !row.entities.includes(query.entity)) return false;
    if (query.event !== undefined && !row.events.includes(query.event)) return false;
    if (query.source !== undefined && row.source !== query.source) return false;
    if (query.lang !== undefined && row.lang !== query.lang) return false;
    const text = `${row.title} ${row.summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function checkIds(query: MatchesQuery, matcher: LiveMatcher | null): void {
  for (const [field, known] of [
    ['entity', matcher?.entities],
    ['event', matcher?.events],
  ] as const) {
    const id = query[field];
    if (id === undefined || known === undefined || known.includes(id)) continue;
    const near = nearest(id, known);
    throw new RefusedRequest(
      field,
      `no ${field} "${id}" in the watchlist${near === null ? '' : `; did you mean "${near}"?`}`,
    );
  }
}

/** An ISO date or instant, or a span back from now like `36h` or `7d`. */
export function readTime(field: string, value: string | undefined, deps: Pick<QueryDeps, 'now'>): string | null {
  if (value === undefined || value === '') return null;
  const span = /^(\d{1,5})([mhd])$/.exec(value);
  if (span !== null) {
    const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[span[2] as 'm' | 'h' | 'd'];
    return new Date(deps.now().getTime() - Number(span[1]) * unitMs).toISOString();
  }
  const iso = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value);
  // Without a zone it is UTC, wherever this runs.
  const time = iso === null ? Number.NaN : Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`);
  if (Number.isNaN(time)) {
    throw new RefusedRequest(
      field,
      `"${value}" is not a time; write 2026-11-24, 2026-11-24T06:00Z or a span like 36h or 7d`,
    );
  }
  return new Date(time).toISOString();
}

function readLimit(value: string | undefined): number {
  if (value === undefined) return 50;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostListed) return limit;
  throw new RefusedRequest('limit', `"${value}" is not a page's length; write a whole number from 1 to ${mostListed}`);
}

function readCursor(value: string | undefined): string | null {
  if (value === undefined) return null;
  const key = Buffer.from(value, 'base64url').toString('utf8');
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z#[\w-]+$/.test(key)) return key;
  throw new RefusedRequest('cursor', `"${value.slice(0, 40)}" is not a cursor; take "next" from the page before`);
}

export type ListedFeed = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly lang: string;
  readonly origin: FeedRow['origin'];
  readonly state: string;
  readonly since: string | null;
  readonly problem: string;
  readonly failures: number;
  readonly lastStory: string | null;
  /** How often it is looked at when nothing asks for longer, and what that was learnt from. */
  readonly cadence: { readonly seconds: number; readonly why: string };
  readonly nextPoll: string | null;
};

export async function feeds(deps: QueryDeps): Promise<readonly ListedFeed[]> {
  const due = new Map<string, string>();
  for (const shard of await deps.store.feeds.shards()) {
    for (const [id, feed] of Object.entries(shard.feeds)) due.set(id, feed.due);
  }
  const rows = await deps.store.feeds.list();
  return rows.map((row) => ({
    id: row.config.id,
    name: row.config.name,
    url: addressOf(row),
    lang: row.config.lang,
    origin: row.origin,
    state: isPaused(row) ? 'paused' : (row.state?.health ?? 'new'),
    since: row.state?.since ?? null,
    // Since a pause by hand holds until somebody ends it, whoever looks has to see that it is one.
    problem: row.pausedByHand ? 'paused by hand' : (row.state?.problem ?? ''),
    failures: row.state?.failures ?? 0,
    lastStory: row.state?.recent[0] ?? null,
    cadence: cadence(row.state?.recent ?? [], deps.now()),
    nextPoll: due.get(row.config.id) ?? null,
  }));
}

export async function watchlist(deps: QueryDeps & { readonly control: ControlStore }) {
  const name = (id: string) => ({ id, name: deps.matcher?.nameOf(id) ?? id });
  return {
    live: await deps.control.liveWatchlist(),
    entities: (deps.matcher?.entities ?? []).map(name),
    events: (deps.matcher?.events ?? []).map(name),
  };
}
