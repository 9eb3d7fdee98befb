import { atMark, markPhase } from '../core/feed/poll-mark.ts';
import { mapLimited } from './map-limited.ts';
import type { PolledFeed } from './poll-feed.ts';
import type { FeedStore, Shard } from './ports/feed-store.ts';
import type { Log } from './ports/outside.ts';
import type { StoryStore } from './ports/story-store.ts';

export type SettleDeps = {
  readonly feeds: FeedStore;
  readonly stories: StoryStore;
  readonly now: () => Date;
  readonly trace: string;
  readonly log: Log;
};

/** Ids in one arrivals row: far below the 400 kB that an item may have. */
const mostIds = 5_000;
const atOnce = 8;

/**
 * Writes down what a batch's feeds brought, once all their stories are stored: first which stories arrived, then what each
 * feed has learnt. In this order, since a feed that knows an entry does not bring it again: whatever ends a batch before its
 * arrivals are written, the next poll finds the same entries, and the stories that are theirs, and names them.
 * Gives back the feeds, those that could not be settled as failed and due in a minute: the others of the batch go on.
 */
export async function settleFeeds(polled: readonly PolledFeed[], deps: SettleDeps): Promise<readonly PolledFeed[]> {
  const named = await nameArrived(polled, deps);
  return mapLimited(named, atOnce, (feed) => saveLearnt(feed, deps));
}

/** Where arrivals cannot be written, feeds that brought any learn nothing, so that the next poll names what they brought. */
async function nameArrived(polled: readonly PolledFeed[], deps: SettleDeps): Promise<readonly PolledFeed[]> {
  try {
    await announce(polled, deps);
    return polled;
  } catch (error) {
    return polled.map((feed) => (feed.arrived.length === 0 ? feed : { ...broke(feed, error, deps), learnt: null }));
  }
}

/** One row for the batch, under the name of the first feed that brought any: a feed is in one batch at a time. */
async function announce(polled: readonly PolledFeed[], { stories, now }: SettleDeps): Promise<void> {
  const [first] = polled.filter(({ arrived }) => arrived.length > 0);
  if (first === undefined) return;
  const ids = polled.flatMap(({ arrived }) => arrived);
  const at = now().toISOString();
  for (let from = 0; from < ids.length; from += mostIds) {
    const by = from === 0 ? first.feed : `${first.feed}.${from / mostIds}`;
    await stories.announce(by, at, ids.slice(from, from + mostIds));
  }
}

async function saveLearnt(feed: PolledFeed, deps: SettleDeps): Promise<PolledFeed> {
  if (feed.learnt === null) return feed;
  try {
    const saved = await deps.feeds.putPoll(feed.feed, feed.learnt);
    if (!saved) deps.log({ event: 'feed changed meanwhile', feed: feed.feed });
    return feed;
  } catch (error) {
    return broke(feed, error, deps);
  }
}

function broke(feed: PolledFeed, error: unknown, { now, trace, log }: SettleDeps): PolledFeed {
  log({ event: 'poll broke', trace, feed: feed.feed, error: String(error) });
  return { ...feed, failed: true, ...inAMinute(now()) };
}

/** For a feed whose poll we broke ourselves, or the store: the others of its batch go on. */
export function inAMinute(now: Date): Pick<PolledFeed, 'due' | 'notBefore'> {
  const due = new Date(now.getTime() + 60_000).toISOString();
  return { due, notBefore: due };
}

/** The feeds of a shard are asked at common marks, so that most batches have many. What was not reached is due at once. */
export function dueTimes(
  shard: Shard,
  held: readonly string[],
  polled: readonly PolledFeed[],
  now: Date,
): Record<string, string> {
  const due = new Map(polled.map((feed) => [feed.feed, atMark(feed, now, markPhase(shard.id))]));
  return Object.fromEntries(held.map((id) => [id, due.get(id) ?? now.toISOString()]));
}
