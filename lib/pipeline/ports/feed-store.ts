import type { FeedConfig } from '../../core/config/feeds-file.ts';
import type { PollCounts } from '../../core/feed/poll-counts.ts';
import type { PollState } from '../../core/feed/poll-state.ts';

/** A feed's row: what the user configured, and what polling has learnt. */
export type FeedRow = {
  readonly config: FeedConfig;
  /** `file` rows follow feeds.yaml; `run-time` rows were added by hand and survive a deploy. */
  readonly origin: 'file' | 'run-time';
  /** Set and cleared by `wirewatch feeds` alone, so that no apply undoes it. */
  readonly pausedByHand: boolean;
  readonly state: PollState | null;
  /** Fingerprints of the entries it lists; see core/feed/fingerprints.ts. Empty before the first poll. */
  readonly known: Uint8Array;
  /** Counts writes of the state, so that of two polls of one feed the later write does not hide the earlier. */
  readonly revision: number;
};

/** Up to 25 feeds that are scheduled together, one host in as few shards as can be. */
export type Shard = {
  readonly id: string;
  readonly feeds: Readonly<Record<string, ShardFeed>>;
  readonly counts: PollCounts;
};

export type ShardFeed = {
  readonly due: string;
  /** The tick that took it and has not been answered; null while nobody polls it. */
  readonly claim: string | null;
  readonly paused: boolean;
};

/** As rows were a moment ago, for half the price: what another wrote within the last second may be missing. */
export type Lately = 'lately';

export type FeedStore = {
  list(how?: Lately): Promise<readonly FeedRow[]>;
  get(ids: readonly string[], how?: Lately): Promise<readonly FeedRow[]>;
  /** As they were lately, but for a feed that looks as if it had never been polled: it would be seeded, and its news told to nobody. */
  getForPoll(ids: readonly string[]): Promise<readonly FeedRow[]>;
  /**
   * Writes configuration; leaves a pause by hand, state and fingerprints as they are, unless the address is another: then
   * the state, which was learnt at the old one, goes, and a poll under way there settles nothing any more.
   */
  putConfig(config: FeedConfig, origin: FeedRow['origin']): Promise<void>;
  /** Does nothing where the feed is gone. */
  putPausedByHand(id: string, paused: boolean): Promise<void>;
  remove(id: string): Promise<void>;
  /** False where the row was written since it was read, or is gone: read again and decide again. */
  putPoll(id: string, poll: { state: PollState; known: Uint8Array; readRevision: number }): Promise<boolean>;
  /** Whoever claims may read them `lately`, since a claim holds only where all is as it was read. */
  shards(how?: Lately): Promise<readonly Shard[]>;
  shard(id: string): Promise<Shard | null>;
  putShard(id: string, feeds: Readonly<Record<string, ShardFeed>>): Promise<void>;
  removeShard(id: string): Promise<void>;
  /** True for one caller alone: the feeds' claims were as this caller read them. */
  claim(shard: Shard, feeds: readonly string[], tick: string): Promise<boolean>;
  /** Moves one feed's due time back, where it is earlier. */
  postpone(shard: string, feed: string, until: string): Promise<void>;
  /** Sets the next due times of what this claim holds and frees it; adds to the day's counts. One write. */
  finish(shard: string, claim: string, due: Readonly<Record<string, string>>, counts: PollCounts): Promise<void>;
};
