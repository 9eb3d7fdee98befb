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

/** Claims every due feed, then sends it. A tick that comes late, twice or beside another sends nothing twice. */
export async function schedule(
  deps: ScheduleDeps,
  now: Date,
): Promise<{ readonly sent: number; readonly feeds: number }> {
  let sent = 0;
  let feeds = 0;
  for (const shard of await deps.feeds.shards()) {
    const due = dueFeeds(shard, now);
    if (due.length === 0) continue;
    const tick = now.toISOString();
    if (!(await deps.feeds.claim(shard, due, tick))) {
      deps.log({ event: 'claimed elsewhere', shard: shard.id, feeds: due.length });
      continue;
    }
    await deps.send({ shard: shard.id, tick, feeds: due });
    sent += 1;
    feeds += due.length;
  }
  return { sent, feeds };
}

/**
 * The feeds to send, longest due first. None while a batch of this shard is under way: a shard holds whole hosts, so this
 * is the lease on each of its hosts.
 */
function dueFeeds(shard: Shard, now: Date): readonly string[] {
  const isHeld = (claim: string | null) => claim !== null && now.getTime() - Date.parse(claim) <= claimLeaseMs;
  const feeds = Object.entries(shard.feeds);
  if (feeds.some(([, feed]) => isHeld(feed.claim))) return [];
  return feeds
    .filter(([, feed]) => !feed.paused && Date.parse(feed.due) <= now.getTime())
    .sort(([, a], [, b]) => Date.parse(a.due) - Date.parse(b.due))
    .slice(0, mostInMessage)
    .map(([id]) => id);
}
