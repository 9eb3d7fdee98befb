import { gzipSync } from 'node:zlib';
import { afterPoll, newPollState } from '../../lib/core/feed/after-poll.ts';
import type { FeedHead, ReadFeed } from '../../lib/core/feed/feed-entry.ts';
import type { Fetched } from '../../lib/core/feed/fetched.ts';
import { countUntil, dayMs, type SimulatedFeed, seeded, simulatedFeeds, simulationStart } from './newsroom-feeds.ts';
import { type BenchTable, quantile } from './table.ts';

const start = simulationStart;
const listed = 30;
/** Request and answer headers of a poll, from a recorded exchange over loopback. */
const headerBytes = 420 + 280;

type Policy = { readonly name: string; readonly conditional: boolean; readonly fixedMinutes: number | null };

const policies: readonly Policy[] = [
  { name: 'every 5 min, unconditional', conditional: false, fixedMinutes: 5 },
  { name: 'every 5 min, conditional', conditional: true, fixedMinutes: 5 },
  { name: 'adaptive, unconditional', conditional: false, fixedMinutes: null },
  { name: 'adaptive, conditional (Wirewatch)', conditional: true, fixedMinutes: null },
];

/**
 * Counts what a day of polling costs publishers and us, by the poll state's own code over simulated feeds: 20 wires, 40
 * papers, 30 slow sites and 10 institutions, quieter at night; three in four have validators, one in four a max-age
 * of five minutes, one in five a ttl. The first of two days settles the state, the second is counted.
 */
export async function benchPolling(): Promise<BenchTable> {
  const feeds = simulatedFeeds(100);
  const rows = policies.map((policy) => {
    const days = feeds.map((feed, i) => pollForADay(feed, policy, seeded(1_000 + i)));
    const sum = (pick: (day: Day) => number) => days.reduce((total, day) => total + pick(day), 0);
    const delays = days.flatMap((day) => day.delaysMin);
    return {
      policy: policy.name,
      requests: sum((day) => day.requests),
      '304 %': Math.round((100 * sum((day) => day.unchanged)) / sum((day) => day.requests)),
      MB: Number((sum((day) => day.bytes) / 1e6).toFixed(1)),
      'state writes': sum((day) => day.writes),
      'delay min, p50': Number(quantile(delays, 0.5).toFixed(1)),
      'delay min, p95': Number(quantile(delays, 0.95).toFixed(1)),
      stories: delays.length,
      'stories missed': sum((day) => day.missed),
    };
  });
  return { title: 'Polling 100 simulated feeds for a day', rows };
}

type Day = {
  requests: number;
  unchanged: number;
  bytes: number;
  writes: number;
  /** Stories that had left the feed before it was polled again. */
  missed: number;
  readonly delaysMin: number[];
};

function pollForADay(feed: SimulatedFeed, policy: Policy, random: () => number): Day {
  const day: Day = { requests: 0, unchanged: 0, bytes: 0, writes: 0, missed: 0, delaysMin: [] };
  let state = newPollState(new Date(start));
  let seen = 0;
  // Feeds are first polled at different times, as a schedule spreads them.
  for (let at = start + random() * 300_000; at < start + 2 * dayMs; ) {
    const published = countUntil(feed.times, at);
    const etag = `"${published}"`;
    const isUnchanged = policy.conditional && feed.hasValidators && state.etag === etag;
    const news = published - seen;
    const newest = feed.times.slice(Math.max(0, published - listed), published);
    const after = afterPoll({
      state,
      fetched: answer(feed, isUnchanged, etag),
      read: isUnchanged ? null : readAs(feed),
      newestPublished: newest.map((time) => new Date(time).toISOString()),
      newStories: news,
      everySeconds: null,
      now: new Date(at),
      jitter: random(),
    });
    if (at >= start + dayMs) {
      day.requests++;
      day.unchanged += isUnchanged ? 1 : 0;
      day.bytes += headerBytes + (isUnchanged ? 0 : bodyBytes(newest));
      day.writes += after.changed || news > 0 ? 1 : 0;
      day.missed += Math.max(0, news - listed);
      for (const time of feed.times.slice(Math.max(seen, published - listed), published)) {
        if (time >= start + dayMs) day.delaysMin.push((at - time) / 60_000);
      }
    }
    seen = published;
    state = after.state;
    at = policy.fixedMinutes === null ? Date.parse(after.nextPollAt) : at + policy.fixedMinutes * 60_000;
  }
  return day;
}

function answer(feed: SimulatedFeed, isUnchanged: boolean, etag: string): Fetched {
  const headers = {
    etag: feed.hasValidators ? etag : null,
    lastModified: null,
    freshForSeconds: feed.maxAgeSeconds,
    retryAfterSeconds: null,
    permanentUrl: null,
  };
  if (isUnchanged) return { kind: 'unchanged', ...headers };
  return { kind: 'fresh', url: '', body: new Uint8Array(), contentType: null, ...headers };
}

function readAs(feed: SimulatedFeed): ReadFeed {
  const head: FeedHead = {
    format: 'rss',
    title: '',
    link: null,
    description: '',
    language: null,
    ttlMinutes: feed.ttlMinutes,
    updatePeriodMinutes: null,
    skipHours: [],
    skipDays: [],
  };
  return { kind: 'feed', feed: head, entries: [{} as never], cuts: [], warnings: [] };
}

const sizes = new Map<string, number>();
const words =
  'talks ceasefire minister said on Tuesday after strikes near the port oil prices summit defence agreement'.split(' ');

/** What a listing of these stories weighs, packed as it travels. */
function bodyBytes(times: readonly number[]): number {
  const key = `${times[0]}-${times.at(-1)}-${times.length}`;
  const known = sizes.get(key);
  if (known !== undefined) return known;
  const items = times.map((time) => {
    const random = seeded(time % 1e9);
    const text = Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)]).join(' ');
    return `<item><title>${text.slice(0, 80)}</title><link>https://example.org/${time}</link><guid>${time}</guid><pubDate>${new Date(time).toUTCString()}</pubDate><description>${text}</description></item>`;
  });
  const bytes = gzipSync(`<rss version="2.0"><channel>${items.join('')}</channel></rss>`).length;
  sizes.set(key, bytes);
  return bytes;
}
