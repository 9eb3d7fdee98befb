import type { FeedStore, Log, Shard } from './ports.ts';

/** One SQS message: feeds of one shard that are due together. */
export type PollMessage = {
  readonly shard: string;
  /** The claim under which they were sent; a message whose claim no longer holds is dropped. */
  readonly tick: string;
  readonly feeds: readonly string[];
};

export type ScheduleDeps = {
  readonly feeds: FeedStore;
  readonly send: (message: PollMessage) => Promise<void>;
  readonly log: Log;
};

/** How long a claim keeps others away. Past it the poll is taken for lost, and a late message of it is dropped. */
export const claimLeaseMs = 15 * 60_000;

/** Feeds in one message: so many a batch polls well within its time, and a claim's condition has room for. */
const mostInMessage = 40;

/**
 * Claims every due feed, then sends it. A tick that comes late, twice or beside another sends nothing twice. With
 * `everyFeed`, feeds that are not due yet are sent too: for one round asked for by hand.
 */
export async function schedule(
  deps: ScheduleDeps,
  now: Date,
  everyFeed = false,
): Promise<{ readonly sent: number; readonly feeds: number }> {
  let sent = 0;
  let feeds = 0;
  let failure: unknown = null;
  for (const shard of await deps.feeds.shards()) {
    const wanted = everyFeed ? freeFeeds(shard, now) : dueFeeds(shard, now).slice(0, mostInMessage);
    for (let from = 0; from < wanted.length; from += mostInMessage) {
      const batch = wanted.slice(from, from + mostInMessage);
      const tick = now.toISOString();
      if (!(await deps.feeds.claim(shard, batch, tick))) {
        deps.log({ event: 'claimed elsewhere', shard: shard.id, feeds: batch.length });
        continue;
      }
      try {
        await deps.send({ shard: shard.id, tick, feeds: batch });
        sent += 1;
        feeds += batch.length;
      } catch (error) {
        failure ??= error;
        deps.log({ event: 'batch not sent', shard: shard.id, feeds: batch.length, error: String(error) });
        await release(shard, batch, tick, deps);
      }
    }
  }
  // The others were sent; whoever called learns of it all the same.
  if (failure !== null) throw failure;
  return { sent, feeds };
}

/** Gives up a claim whose message was not taken, so that the next tick sends it and not one a lease later. */
async function release(shard: Shard, batch: readonly string[], tick: string, deps: ScheduleDeps): Promise<void> {
  const due = Object.fromEntries(batch.map((id) => [id, shard.feeds[id]?.due ?? tick]));
  await deps.feeds.finish(shard.id, tick, due, shard.counts);
}

/** Longest due first. */
function dueFeeds(shard: Shard, now: Date): readonly string[] {
  const dueMs = (id: string) => Date.parse(shard.feeds[id]?.due ?? '');
  return freeFeeds(shard, now)
    .filter((id) => dueMs(id) <= now.getTime())
    .sort((a, b) => dueMs(a) - dueMs(b));
}

/**
 * The feeds that may be polled. None while a batch of this shard is under way: a shard holds whole hosts, so this is the
 * lease on each of its hosts.
 */
function freeFeeds(shard: Shard, now: Date): readonly string[] {
  const isHeld = (claim: string | null) => claim !== null && now.getTime() - Date.parse(claim) <= claimLeaseMs;
  const feeds = Object.entries(shard.feeds);
  if (feeds.some(([, feed]) => isHeld(feed.claim))) return [];
  return feeds.filter(([, feed]) => !feed.paused).map(([id]) => id);
}
