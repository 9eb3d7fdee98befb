import { afterPoll, newPollState } from '../core/feed/after-poll.ts';
import type { ReadFeed } from '../core/feed/feed-entry.ts';
import type { Fetched } from '../core/feed/fetched.ts';
import { type NewsInFeed, newsInFeed } from '../core/feed/news-in-feed.ts';
import type { PollState } from '../core/feed/poll-state.ts';
import { readFeed } from '../core/feed/read-feed.ts';
import type { Story } from '../core/story.ts';
import { addressOf, hostOf } from './feed-address.ts';
import { gains } from './gains.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { mapLimited } from './map-limited.ts';
import type { FeedRow } from './ports/feed-store.ts';
import type { Log } from './ports/outside.ts';
import type { StoredMatch, StoredStory, StoryStore } from './ports/story-store.ts';
import type { StrictMatch } from './running-stories.ts';

export type PollFeedDeps = {
  readonly stories: StoryStore;
  readonly matcher: LiveMatcher;
  /** How far back a feed's first poll may alert; 0 tells nobody of a seed. */
  readonly backfillMs: number;
  /** 0 to 1, for spreading polls. */
  readonly random: () => number;
  /** Leads from the batch through its stories to their alerts. */
  readonly trace: string;
  readonly log: Log;
};

export type PolledFeed = {
  readonly feed: string;
  readonly host: string;
  readonly due: string;
  /** Whoever asked for so long a wait gets at least that. */
  readonly notBefore: string;
  readonly polled: boolean;
  readonly unchanged: boolean;
  readonly failed: boolean;
  readonly stories: number;
  readonly seeded: number;
  readonly matches: number;
  /** Stories that it listed and that were stored already. */
  readonly known: number;
  readonly holdHostUntil: string | null;
  /** New stories whose events matched by their own rule: what keeps a running story running. */
  readonly strict: readonly StrictMatch[];
  /** Ids of its stories that are stored, and that no arrivals row names yet. */
  readonly arrived: readonly string[];
  /** What its row is to hold from now on; null where it holds that already. */
  readonly learnt: { readonly state: PollState; readonly known: Uint8Array; readonly readRevision: number } | null;
};

/** A story first seen later than this after its date is stored and matched, and not told at once. */
const freshForMs = 48 * 3_600_000;

/** Reads what one request brought, stores and matches the news in it, and says what the feed's row is to learn. */
export async function pollFeed(row: FeedRow, fetched: Fetched, deps: PollFeedDeps, now: Date): Promise<PolledFeed> {
  const read = await readBody(fetched, now);
  const news =
    read?.kind === 'feed' ? newsInFeed(row.config, read.entries, row.known, now, row.state?.recent[0] ?? null) : null;
  const seeding = row.known.length === 0;
  const stored = news === null ? nothingStored : await storeNews(news, seeding, deps, now);

  const before = row.state ?? newPollState(now);
  const after = afterPoll({
    state: before,
    fetched,
    read,
    newestPublished: newestPublished(read),
    newStories: stored.stories,
    everySeconds: row.config.everySeconds,
    now,
    jitter: deps.random(),
  });
  const hasLearnt = after.changed || row.state === null || news?.changed === true;
  logChange(row, before, after.state, read, deps);
  return {
    feed: row.config.id,
    host: hostOf(addressOf(row)),
    due: after.nextPollAt,
    notBefore: after.notBefore,
    polled: true,
    unchanged: fetched.kind === 'unchanged',
    failed: fetched.kind === 'failed' || read?.kind === 'unreadable',
    stories: stored.stories,
    seeded: seeding ? stored.stories : 0,
    matches: stored.matches,
    known: (news?.listed ?? 0) - stored.stories,
    holdHostUntil: after.holdHostUntil,
    strict: stored.strict,
    arrived: stored.arrived,
    learnt: hasLearnt ? { state: after.state, known: news?.known ?? row.known, readRevision: row.revision } : null,
  };
}

async function readBody(fetched: Fetched, now: Date): Promise<ReadFeed | null> {
  if (fetched.kind !== 'fresh') return null;
  return readFeed(fetched.body, { contentType: fetched.contentType, url: fetched.url, now });
}

type StoredNews = Pick<PolledFeed, 'stories' | 'matches' | 'strict' | 'arrived'>;

const nothingStored: StoredNews = { stories: 0, matches: 0, strict: [], arrived: [] };

async function storeNews(news: NewsInFeed, seeding: boolean, deps: PollFeedDeps, now: Date): Promise<StoredNews> {
  const revised = await mapLimited(news.revised, 8, async (story) => ({
    story,
    before: await deps.stories.get(story.id),
  }));
  // Known by its title alone, under another id, or expired: under the new wording it is news, and nothing is lost.
  const unstored = revised.filter(({ before }) => before === null).map(({ story }) => story);
  const fresh = [...news.stories, ...unstored];
  const stored = await mapLimited(fresh, 8, (story) => storeStory(story, seeding, deps, now));
  for (const { story, before } of revised) {
    if (before !== null) await reviseStory(story, before, seeding, deps, now);
  }
  return {
    stories: stored.filter((result) => result.isNew).length,
    matches: stored.filter((result) => result.isNew && result.matched).length,
    strict: stored.flatMap((result) => (result.isNew && result.strict.events.length > 0 ? [result.strict] : [])),
    arrived: stored.flatMap((result) => (result.isOurs ? [result.id] : [])),
  };
}

type StoredOne = {
  readonly id: string;
  readonly isNew: boolean;
  /** Stored from this feed, now or by a poll that ended before it could say so. */
  readonly isOurs: boolean;
  readonly matched: boolean;
  readonly strict: StrictMatch;
};

async function storeStory(story: Story, seeding: boolean, deps: PollFeedDeps, now: Date): Promise<StoredOne> {
  const { match, strictEvents } = matchStory(story, deps);
  const tell = mayTell(story, seeding, deps.backfillMs, now);
  const isNew = await deps.stories.putNew({
    ...story,
    match,
    tell,
    undecidedSince: match === null ? null : now.toISOString(),
    revisions: [],
    trace: deps.trace,
  });
  const by = isNew ? story.feed : await sighted(story, match, tell, deps, now);
  const strict = { events: strictEvents, outlet: story.outlet, published: story.published };
  return { id: story.id, isNew, isOurs: by === story.feed, matched: match !== null, strict };
}

/**
 * A story that another feed of the outlet brought before. What its text there did not say, or what was then a seed and is
 * news here, is decided now: which of two feeds is polled first must not settle whether anybody hears of it. Says which
 * feed that was.
 */
async function sighted(
  story: Story,
  match: StoredMatch | null,
  tell: boolean,
  deps: PollFeedDeps,
  now: Date,
): Promise<string | null> {
  await deps.stories.addSighting(story.id, story.feed, now.toISOString());
  const before = await deps.stories.get(story.id);
  if (before === null) return null;
  if (match === null || (!gains(before.match, match) && (before.tell || !tell))) return before.feed;
  await deps.stories.revise(story.id, {
    at: now.toISOString(),
    title: story.title,
    summary: story.summary,
    match: before.match === null ? match : bothMatches(before.match, match),
    tell: before.tell || tell,
    undecided: true,
  });
  return before.feed;
}

/** Two feeds' texts of one story carry what either says; the newer text is what is stored, so its spans come first. */
function bothMatches(before: StoredMatch, now: StoredMatch): StoredMatch {
  const both = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();
  const shown = new Set(now.evidence.map(({ target }) => target));
  return {
    ...now,
    entities: both(before.entities, now.entities),
    events: both(before.events, now.events),
    evidence: [...now.evidence, ...before.evidence.filter(({ target }) => !shown.has(target))],
  };
}

function matchStory(
  story: Story,
  deps: PollFeedDeps,
): { readonly match: StoredMatch | null; readonly strictEvents: readonly string[] } {
  const { strictEvents, ...matched } = deps.matcher.match({ ...story, source: story.feed });
  if (matched.entities.length === 0 && matched.events.length === 0) return { match: null, strictEvents };
  return { match: { ...matched, watchlist: deps.matcher.version }, strictEvents };
}

function mayTell(story: Story, seeding: boolean, backfillMs: number, now: Date): boolean {
  // A story without a date of its own is as old as our sight of it, so without a backfill no age will do.
  if (seeding && backfillMs === 0) return false;
  const ageMs = now.getTime() - Date.parse(story.published);
  return ageMs <= (seeding ? backfillMs : freshForMs);
}

/**
 * A known story under a new title: matched again, and decided again, so that lists show the new wording. Whoever was told
 * before is not told again; whoever the new wording concerns for the first time is.
 */
async function reviseStory(
  story: Story,
  before: StoredStory,
  seeding: boolean,
  deps: PollFeedDeps,
  now: Date,
): Promise<void> {
  const { match } = matchStory(story, deps);
  // A page that was silent as a seed, such as a live blog, and under its new title concerns somebody, is news.
  const isNews = gains(before.match, match) && mayTell(story, seeding, deps.backfillMs, now);
  await deps.stories.revise(story.id, {
    at: now.toISOString(),
    title: story.title,
    summary: story.summary,
    match,
    tell: before.tell || isNews,
    undecided: match !== null,
  });
}

function newestPublished(read: ReadFeed | null): readonly string[] {
  if (read?.kind !== 'feed') return [];
  return read.entries.flatMap((entry) => entry.published ?? entry.updated ?? []);
}

function logChange(
  row: FeedRow,
  before: PollState,
  after: PollState,
  read: ReadFeed | null,
  { log, trace }: Pick<PollFeedDeps, 'log' | 'trace'>,
): void {
  if (row.state === null || before.health !== after.health) {
    log({
      event: 'feed state',
      trace,
      feed: row.config.id,
      from: before.health,
      to: after.health,
      problem: after.problem,
    });
  }
  if (read?.kind === 'feed' && read.cuts.length > 0)
    log({ event: 'feed cut', trace, feed: row.config.id, cuts: read.cuts });
}
