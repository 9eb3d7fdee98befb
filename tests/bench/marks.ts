import { afterPoll, newPollState } from '../../lib/core/feed/after-poll.ts';
import type { ReadFeed } from '../../lib/core/feed/feed-entry.ts';
import type { Fetched } from '../../lib/core/feed/fetched.ts';
import { atMark, markPhase } from '../../lib/core/feed/poll-mark.ts';
import { roomInShard } from '../../lib/core/feed/shard-plan.ts';
import { countUntil, dayMs, type SimulatedFeed, seeded, simulatedFeeds, simulationStart } from './newsroom-feeds.ts';
import { type BenchTable, quantile } from './table.ts';

const minuteMs = 60_000;
const listed = 30;

type Day = { polls: number; readonly slots: Set<string>; readonly delaysMin: number[] };

/** What common marks save, and what they cost in delay: a day of ticks by the minute, with and without. */
export function benchMarks(): readonly BenchTable[] {
  return [100, 1_000].map((count) => {
    const feeds = simulatedFeeds(count);
    const rows = [false, true].map((marks) => {
      const day: Day = { polls: 0, slots: new Set(), delaysMin: [] };
      for (const [index, feed] of feeds.entries()) pollForADay(feed, index, marks, day);
      return {
        due: marks ? 'at marks (Wirewatch)' : 'to the minute',
        polls: day.polls,
        batches: day.slots.size,
        'polls a batch': Number((day.polls / day.slots.size).toFixed(1)),
        'delay min, p50': Number(quantile(day.delaysMin, 0.5).toFixed(1)),
        p75: Number(quantile(day.delaysMin, 0.75).toFixed(1)),
        p95: Number(quantile(day.delaysMin, 0.95).toFixed(1)),
      };
    });
    return { title: `A day of ${count} feeds in shards of ${roomInShard}`, rows };
  });
}

function pollForADay(feed: SimulatedFeed, index: number, marks: boolean, day: Day): void {
  const random = seeded(1_000 + index);
  const shard = String(Math.floor(index / roomInShard)).padStart(3, '0');
  const counted = simulationStart + dayMs;
  let state = newPollState(new Date(simulationStart));
  let seen = 0;
  for (let at = simulationStart + Math.floor(random() * 5) * minuteMs; at < counted + dayMs; ) {
    const published = countUntil(feed.times, at);
    const unchanged = feed.hasValidators && state.etag === `"${published}"`;
    const newest = feed.times.slice(Math.max(0, published - listed), published);
    const now = new Date(at);
    const after = afterPoll({
      state,
      fetched: answer(feed, unchanged, `"${published}"`),
      read: unchanged ? null : readAs(feed),
      newestPublished: newest.map((time) => new Date(time).toISOString()),
      newStories: published - seen,
      everySeconds: null,
      now,
      jitter: random(),
    });
    if (at >= counted) {
      day.polls += 1;
      day.slots.add(`${shard} ${Math.floor(at / minuteMs)}`);
      for (const time of feed.times.slice(Math.max(seen, published - listed), published))
        if (time >= counted) day.delaysMin.push((at - time) / minuteMs);
    }
    seen = published;
    state = after.state;
    const due = { due: after.nextPollAt, notBefore: after.notBefore };
    const wanted = Date.parse(marks ? atMark(due, now, markPhase(shard)) : due.due);
    // A tick comes each minute.
    at = Math.ceil(wanted / minuteMs) * minuteMs;
  }
}

function answer(feed: SimulatedFeed, unchanged: boolean, etag: string): Fetched {
  const headers = {
    etag: feed.hasValidators ? etag : null,
    lastModified: null,
    freshForSeconds: feed.maxAgeSeconds,
    retryAfterSeconds: null,
    permanentUrl: null,
  };
  if (unchanged) return { kind: 'unchanged', ...headers };
  return { kind: 'fresh', url: '', body: new Uint8Array(), contentType: null, ...headers };
}

function readAs({ ttlMinutes }: SimulatedFeed): ReadFeed {
  const hints = { ttlMinutes, updatePeriodMinutes: null, skipHours: [], skipDays: [] };
  const feed = { format: 'rss' as const, title: '', link: null, description: '', language: null, ...hints };
  return { kind: 'feed', feed, entries: [{} as never], cuts: [], warnings: [] };
}
