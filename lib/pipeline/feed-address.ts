import type { FeedRow } from './ports/feed-store.ts';

/** Where a feed is polled: where it has moved to, once the move has held, else as configured. */
export function addressOf(row: FeedRow): string {
  return row.state?.url ?? row.config.url;
}

/** The host and port that share one politeness budget. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
