import type { FeedStore, Shard } from './ports/feed-store.ts';
import type { Log } from './ports/outside.ts';

/** Feeds of one shard that are due together. An SQS message carries several. */
export type PollMessage = {
  readonly shard: string;
  /** The claim under which they were sent; a message whose claim no longer holds is dropped. */
  readonly tick: string;
  readonly feeds: readonly string[];
};

export type ScheduleDeps = {
  readonly feeds: FeedStore;
  /** Sends these as one message. */
  readonly send: (batches: readonly PollMessage[]) => Promise<void>;
  readonly log: Log;
};

/** How long a claim keeps others away. Past it the poll is taken for lost, and a late message of it is dropped. */
export const claimLeaseMs = 15 * 60_000;

/** Feeds of a shard in one batch: so many are polled well within its time, and a claim's condition has room for. */
const mostInBatch = 40;
/** Feeds in one message: its batches are polled side by side, and wait for their publishers together. */
const mostInMessage = 80;

type Claimed = { readonly shard: Shard; readonly batch: PollMessage };

/**
 * Claims every due feed, then sends it. A tick that comes late, twice or beside another sends nothing twice. With
 * `everyFeed`, feeds that are not due yet are sent too: for one round asked for by hand.
 */
export async function schedule(
  deps: ScheduleDeps,
  now: Date,
  everyFeed = false,
): Promise<{ readonly sent: number; readonly feeds: number }> {
  const claimed = await claimAll(deps, now, everyFeed);
  let sent = 0;
  let feeds = 0;
  let failure: unknown = null;
  for (const message of messagesOf(claimed)) {
    const count = feedsIn(message);
    try {
      await deps.send(message.map(({ batch }) => batch));
      sent += 1;
      feeds += count;
    } catch (error) {
      failure ??= error;
      const shards = message.map(({ shard }) => shard.id);
      deps.log({ event: 'batch not sent', shards, feeds: count, error: String(error) });
      for (const one of message) await release(one, deps);
    }
  }
  // The others were sent; whoever called learns of it all the same.
  if (failure !== null) throw failure;
  return { sent, feeds };
}

async function claimAll(deps: ScheduleDeps, now: Date, everyFeed: boolean): Promise<readonly Claimed[]> {
  const claimed: Claimed[] = [];
  const tick = now.toISOString();
  for (const shard of await deps.feeds.shards('lately')) {
    const wanted = everyFeed ? freeFeeds(shard, now) : dueFeeds(shard, now).slice(0, mostInBatch);
    for (let from = 0; from < wanted.length; from += mostInBatch) {
      const feeds = wanted.slice(from, from + mostInBatch);
      if (await deps.feeds.claim(shard, feeds, tick)) claimed.push({ shard, batch: { shard: shard.id, tick, feeds } });
      else deps.log({ event: 'claimed elsewhere', shard: shard.id, feeds: feeds.length });
    }
  }
  return claimed;
}

/** A message for one shard or two costs as much as one for many: so they share. */
function messagesOf(claimed: readonly Claimed[]): readonly (readonly Claimed[])[] {
  const messages: Claimed[][] = [];
  for (const one of claimed) {
    const last = messages.at(-1);
    if (last !== undefined && feedsIn(last) + one.batch.feeds.length <= mostInMessage) last.push(one);
    else messages.push([one]);
  }
  return messages;
}

function feedsIn(message: readonly Claimed[]): number {
  return message.reduce((sum, { batch }) => sum + batch.feeds.length, 0);
}

/** Gives up a claim whose message was not taken, so that the next tick sends it and not one a lease later. */
async function release({ shard, batch }: Claimed, deps: ScheduleDeps): Promise<void> {
  const due = Object.fromEntries(batch.feeds.map((id) => [id, shard.feeds[id]?.due ?? batch.tick]));
  await deps.feeds.finish(shard.id, batch.tick, due, shard.counts);
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
