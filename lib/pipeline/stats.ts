import type { PollCounts } from '../core/feed/poll-counts.ts';
import type { Channel } from '../core/subscriber/subscriber.ts';
import { integrationId } from './alert-message.ts';
import type { LedgerRow } from './ports/ledger-store.ts';
import type { Store } from './ports/store.ts';
import { type FeedsFailing, feedsFailing } from './report-feeds.ts';

export type Stats = {
  /** The day counted, in UTC. */
  readonly day: string;
  /** What is matched by now; null before the first apply. */
  readonly watchlist: { readonly version: string; readonly applied: string } | null;
  readonly polls: {
    readonly all: number;
    readonly unchanged: number;
    readonly failed: number;
    readonly dropped: number;
  };
  /** What the metric of the same name last told; null until digest has looked for the first time. */
  readonly feedsFailing: FeedsFailing | null;
  /** Stored for the first time. */
  readonly stories: number;
  /** Of these, those that matched. */
  readonly matches: number;
  /** Listed by a feed once more. */
  readonly known: number;
  /** Alerts to readers; messages to the topic for programs are counted apart. */
  readonly alerts: {
    readonly sent: number;
    readonly byChannel: AlertsByChannel;
    readonly waiting: number;
    readonly integration: number;
  };
  /** Of readers' alerts that were not held. */
  readonly timeToAlert: Times & {
    readonly byTier: readonly (Times & { readonly tier: number })[];
    /** The ten slowest, by seconds from first sight. */
    readonly slowest: readonly SlowAlert[];
  };
};

/** Of what was sent; `left` went to subscribers who are gone by now, and with them their channel. */
export type AlertsByChannel = Readonly<Record<Channel | 'left', number>>;

/** From the outlet's own date, and from our first sight of the story, to SNS accepting the alert; in seconds. */
export type Times = { readonly fromPublished: Percentiles | null; readonly fromSeen: Percentiles | null };

export type SlowAlert = Pick<LedgerRow, 'story' | 'storyline' | 'subscriber' | 'tier'> & { readonly seconds: number };

export type Percentiles = { readonly p50: number; readonly p95: number; readonly count: number };

/** The most alerts looked at for the percentiles of a day, integration included: the newest. */
const mostAlerts = 4_000;
const mostWaiting = 1_000;

/** What one UTC day brought so far. Reads the shards, which count as they are polled, and a bounded part of the alerts. */
export async function stats(store: Store, now: Date): Promise<Stats> {
  const day = now.toISOString().slice(0, 10);
  const counts = (await store.feeds.shards()).map((shard) => shard.counts).filter((count) => count.day === day);
  const sum = (field: Exclude<keyof PollCounts, 'day'>) => counts.reduce((total, count) => total + count[field], 0);
  const all = await store.ledger.sentOn(day, mostAlerts);
  const sent = all.filter(({ subscriber }) => subscriber !== integrationId);
  const atOnce = sent.filter(({ waited }) => waited === null);
  const live = await store.control.liveWatchlist();
  return {
    day,
    watchlist: live === null ? null : { version: live.version, applied: live.applied },
    polls: { all: sum('polls'), unchanged: sum('unchanged'), failed: sum('failed'), dropped: sum('dropped') },
    feedsFailing: await feedsFailing(store.control),
    stories: sum('stories'),
    matches: sum('matches'),
    known: sum('known'),
    alerts: {
      sent: sent.length,
      byChannel: await byChannel(sent, store),
      waiting: (await store.ledger.unsent(now.toISOString(), mostWaiting)).length,
      integration: all.length - sent.length,
    },
    timeToAlert: {
      ...times(atOnce),
      byTier: [...new Set(atOnce.map(({ tier }) => tier))]
        .sort((a, b) => a - b)
        .map((tier) => ({ tier, ...times(atOnce.filter((row) => row.tier === tier)) })),
      slowest: atOnce
        .map((row) => ({ row, seconds: secondsTo(row, row.seen) }))
        .sort((a, b) => b.seconds - a.seconds)
        .slice(0, 10)
        .map(({ row: { story, storyline, subscriber, tier }, seconds }) => ({
          ...{ story, storyline, subscriber, tier, seconds },
        })),
    },
  };
}

async function byChannel(sent: readonly LedgerRow[], store: Store): Promise<AlertsByChannel> {
  const readers = new Map((await store.subscribers.list()).map(({ id, channel }) => [id, channel]));
  const counts = { email: 0, sms: 0, https: 0, left: 0 };
  for (const { subscriber } of sent) counts[readers.get(subscriber) ?? 'left'] += 1;
  return counts;
}

function times(rows: readonly LedgerRow[]): Times {
  return {
    fromPublished: percentiles(rows.map((row) => secondsTo(row, row.published))),
    fromSeen: percentiles(rows.map((row) => secondsTo(row, row.seen))),
  };
}

function secondsTo(row: LedgerRow, from: string): number {
  return Math.max(0, (Date.parse(row.sent ?? row.claimed) - Date.parse(from)) / 1_000);
}

/** Nearest-rank percentiles; null of nothing. */
export function percentiles(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: rank(0.5), p95: rank(0.95), count: sorted.length };
}
