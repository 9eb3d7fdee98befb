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
export const claimLeaseMs = 10 * 60_000;

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

function dueFeeds(shard: Shard, now: Date): readonly string[] {
  return Object.entries(shard.feeds)
    .filter(([, feed]) => {
      const free = feed.claim === null || now.getTime() - Date.parse(feed.claim) > claimLeaseMs;
      return !feed.paused && free && Date.parse(feed.due) <= now.getTime();
    })
    .map(([id]) => id);
}
