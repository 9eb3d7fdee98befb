/** How a feed is doing, in the words of the feeds list. */
export type FeedHealth =
  | 'new'
  | 'ok'
  | 'moved'
  | 'blocked'
  | 'not-a-feed'
  | 'empty'
  | 'gone'
  | 'unreachable'
  | 'too-large'
  | 'busy'
  | 'broken';

/**
 * What is remembered of a feed between polls. It is stored only when it changed: a poll that found nothing new leaves
 * it as it was, so counters of polls do not live here. Times are ISO 8601 in UTC.
 */
export type PollState = {
  readonly health: FeedHealth;
  /** When the health last changed. */
  readonly since: string;
  /** What went wrong last, for people; empty while all is well. */
  readonly problem: string;
  /** Failures in a row. */
  readonly failures: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Where a permanent redirect points, how many polls in a row it did, and since when. */
  readonly moved: { readonly url: string; readonly polls: number } | null;
  /** The address polled instead of the configured one, once a move has held. */
  readonly url: string | null;
  /** Publishing times of the newest stories, newest first, at most 20: what the cadence is learnt from. */
  readonly recent: readonly string[];
  /** What the feed itself asked for, kept for the polls that bring no body. */
  readonly hints: {
    readonly ttlMinutes: number | null;
    readonly updatePeriodMinutes: number | null;
    readonly skipHours: readonly number[];
    readonly skipDays: readonly number[];
  };
};
