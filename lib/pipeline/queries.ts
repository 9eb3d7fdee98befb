import { cadence } from '../core/feed/cadence.ts';
import { addressOf } from './feed-address.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { isPaused } from './paused-feed.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { FeedRow } from './ports/feed-store.ts';
import type { Store } from './ports/store.ts';
import type { StorylineReader } from './storyline-reader.ts';

export type QueryDeps = {
  readonly store: Store;
  readonly matcher: LiveMatcher | null;
  readonly retentionDays: number;
  /** How far back all stories are kept, and not only those that matched. */
  readonly unmatchedDays: number;
  readonly now: () => Date;
  readonly storylines?: StorylineReader;
};

export type ListedFeed = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly outlet: string;
  readonly tier: 1 | 2 | 3;
  readonly lang: string;
  readonly country: string;
  readonly origin: FeedRow['origin'];
  readonly state: string;
  readonly since: string | null;
  readonly problem: string;
  readonly failures: number;
  readonly lastStory: string | null;
  /** How often it is looked at when nothing asks for longer, and what that was learnt from. */
  readonly cadence: { readonly seconds: number; readonly why: string };
  readonly nextPoll: string | null;
};

export async function feeds(deps: QueryDeps): Promise<readonly ListedFeed[]> {
  const due = new Map<string, string>();
  for (const shard of await deps.store.feeds.shards()) {
    for (const [id, feed] of Object.entries(shard.feeds)) due.set(id, feed.due);
  }
  const rows = await deps.store.feeds.list();
  return rows.map((row) => ({
    id: row.config.id,
    name: row.config.name,
    url: addressOf(row),
    outlet: row.config.outlet,
    tier: row.config.tier,
    lang: row.config.lang,
    country: row.config.country,
    origin: row.origin,
    state: isPaused(row) ? 'paused' : (row.state?.health ?? 'new'),
    since: row.state?.since ?? null,
    // Since a pause by hand holds until somebody ends it, whoever looks has to see that it is one.
    problem: row.pausedByHand ? 'paused by hand' : (row.state?.problem ?? ''),
    failures: row.state?.failures ?? 0,
    lastStory: row.state?.recent[0] ?? null,
    cadence: cadence(row.state?.recent ?? [], deps.now()),
    nextPoll: due.get(row.config.id) ?? null,
  }));
}

export async function watchlist(deps: QueryDeps & { readonly control: ControlStore }) {
  const name = (id: string) => ({ id, name: deps.matcher?.nameOf(id) ?? id });
  return {
    live: await deps.control.liveWatchlist(),
    entities: (deps.matcher?.entities ?? []).map(name),
    events: (deps.matcher?.events ?? []).map(name),
  };
}
