import { compileWatchlist } from '../core/watchlist/compile.ts';
import type { Evidence } from '../core/watchlist/matched.ts';
import { createMatcher, type Matcher } from '../core/watchlist/matcher.ts';
import { noteMatched, nothingRunning, type RunningState } from '../core/watchlist/running.ts';
import { readTriedRule, triedId } from '../core/watchlist/tried-rule.ts';
import type { WatchlistSource } from '../core/watchlist/watchlist-source.ts';
import type { QueryDeps } from './queries.ts';
import { readLimit, readTime } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';
import { mostRows, type ReplayStory, storedStories } from './stored-stories.ts';

export type TryDeps = QueryDeps & {
  /** The live watchlist as its author wrote it; null where none is live. */
  readonly watchlistSource?: () => Promise<WatchlistSource | null>;
};

/** One query, or one event's rule as YAML, and the stories to try it on. */
export type TryRequest = {
  readonly query?: string;
  readonly rule?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

export type Tried = {
  readonly since: string;
  readonly until: string;
  /** Stories looked at. */
  readonly tried: number;
  /** In order of arrival. */
  readonly matched: readonly TriedStory[];
  readonly next: string | null;
  readonly read: number;
};

export type TriedStory = Pick<
  ReplayStory,
  'id' | 'title' | 'summary' | 'url' | 'outlet' | 'lang' | 'published' | 'seen'
> & {
  readonly source: string;
  /** Whether it had matched anything when it was stored. */
  readonly matches: boolean;
  readonly evidence: readonly Evidence[];
};

const usualStories = 500;
/** A caller waits no longer, give or take a page: a costly rule is tried on fewer stories, and `next` goes on. */
const mostMs = 10_000;
/** Each story is a row read. */
const mostStories = 1_000;

/**
 * Which stored stories a rule matches, and by which words. Nothing is changed and nobody told. A story counts as running
 * by the stories before it in the same call, as in a replay.
 */
export async function tryRule(request: TryRequest, deps: TryDeps): Promise<Tried> {
  const limit = readLimit(request.limit?.toString(), mostStories, usualStories);
  const begun = deps.now();
  const now = begun.toISOString();
  const since = readTime('since', request.since ?? '24h', deps) ?? now;
  const until = [readTime('until', request.until, deps) ?? now, now].sort()[0] ?? now;
  const matcher = await matcherOf(request, deps);
  const matched: TriedStory[] = [];
  let running = nothingRunning;
  let cursor = request.cursor ?? null;
  let tried = 0;
  let read = 0;
  do {
    const asked = String(Math.min(mostRows, limit - tried));
    const page = await storedStories({ since, until, limit: asked, ...(cursor !== null && { cursor }) }, deps);
    const found = tryOn(page.stories, matcher, running);
    running = found.running;
    matched.push(...found.matched);
    tried += page.stories.length;
    read += page.read;
    cursor = page.next;
    // A page may hold fewer stories than rows: what was announced and never stored. Rows are bounded, too.
  } while (cursor !== null && tried < limit && read < 2 * limit && deps.now().getTime() - begun.getTime() < mostMs);
  return { since, until, tried, matched, next: cursor, read };
}

function tryOn(stories: readonly ReplayStory[], matcher: Matcher, before: RunningState) {
  let running = before;
  const matched = stories.flatMap((story): TriedStory[] => {
    const { events, strictEvents, evidence } = matcher.match({ ...story, source: story.feed }, running);
    running = noteMatched(running, { events: strictEvents, outlet: story.outlet, published: story.published });
    if (!events.includes(triedId)) return [];
    const { id, title, summary, url, feed, outlet, lang, published, seen, match } = story;
    const own = evidence.filter(({ target }) => target === triedId);
    const row = { id, title, summary, url, source: feed, outlet, lang, published, seen };
    return [{ ...row, matches: match !== null, evidence: own }];
  });
  return { matched, running };
}

/** Compiles the rule alone, over the entities and terms of the live watchlist. */
async function matcherOf({ query, rule }: TryRequest, deps: TryDeps): Promise<Matcher> {
  if ((query === undefined) === (rule === undefined)) {
    throw new RefusedRequest('query', 'name one of "query" and "rule"; a query is like @iran AND truce');
  }
  const base = (await deps.watchlistSource?.()) ?? null;
  if (base === null) {
    throw new RefusedRequest('query', 'no watchlist is live to try it against; run "wirewatch apply" first');
  }
  const field = query === undefined ? 'rule' : 'query';
  const read = readTriedRule(query === undefined ? { rule: rule ?? '' } : { query }, base);
  if (read.kind === 'fault') throw new RefusedRequest(field, read.sentence);
  return createMatcher(compileWatchlist(read.watchlist));
}
