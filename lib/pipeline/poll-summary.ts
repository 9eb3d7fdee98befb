import { noPollCounts, type PollCounts } from '../core/feed/poll-counts.ts';
import type { PolledFeed } from './poll-feed.ts';
import type { Shard } from './ports/feed-store.ts';

/** What polling some feeds came to: all are sums, so that two of them add up. */
export type PollSummary = {
  readonly polled: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly dropped: number;
  readonly stories: number;
  readonly seeded: number;
  readonly matches: number;
  readonly known: number;
};

export const nothingPolled: PollSummary = {
  polled: 0,
  unchanged: 0,
  failed: 0,
  dropped: 0,
  stories: 0,
  seeded: 0,
  matches: 0,
  known: 0,
};

export function summarise(polled: readonly PolledFeed[], dropped: number): PollSummary {
  const sum = (pick: (feed: PolledFeed) => number) => polled.reduce((total, feed) => total + pick(feed), 0);
  return {
    polled: sum((feed) => Number(feed.polled)),
    unchanged: sum((feed) => Number(feed.unchanged)),
    failed: sum((feed) => Number(feed.failed)),
    dropped,
    stories: sum((feed) => feed.stories),
    seeded: sum((feed) => feed.seeded),
    matches: sum((feed) => feed.matches),
    known: sum((feed) => feed.known),
  };
}

export function addUp(summaries: readonly PollSummary[]): PollSummary {
  const fields = Object.keys(nothingPolled) as (keyof PollSummary)[];
  const sum = (field: keyof PollSummary) => summaries.reduce((total, summary) => total + summary[field], 0);
  return Object.fromEntries(fields.map((field) => [field, sum(field)])) as PollSummary;
}

/** The day's counts with these added. */
export function addCounts(shard: Shard, summary: PollSummary, now: Date): PollCounts {
  const day = now.toISOString().slice(0, 10);
  const before = shard.counts.day === day ? shard.counts : noPollCounts;
  return {
    day,
    polls: before.polls + summary.polled,
    unchanged: before.unchanged + summary.unchanged,
    failed: before.failed + summary.failed,
    dropped: before.dropped + summary.dropped,
    stories: before.stories + summary.stories,
    matches: before.matches + summary.matches,
    known: before.known + summary.known,
  };
}
