import type { FeedConfig } from '../core/config/feeds-file.ts';
import type { FeedRow } from './ports/feed-store.ts';

/** Whether nobody polls a feed: because its configuration says so, or because it was paused by hand. */
export function isPaused(row: FeedRow): boolean {
  return row.config.paused || row.pausedByHand;
}

/** A feed's configuration as its shard has to know it. */
export function asScheduled(row: FeedRow): FeedConfig {
  return { ...row.config, paused: isPaused(row) };
}
