import type { FeedConfig } from '../core/config/feeds-file.ts';
import type { Usage } from '../core/cost/usage.ts';
import type { PollCounts } from '../core/feed/poll-counts.ts';
import type { PollState } from '../core/feed/poll-state.ts';
import type { Story } from '../core/story.ts';
import type { OpenStoryline } from '../core/storyline/open-storyline.ts';
import type { StorylineState } from '../core/storyline/storyline-state.ts';
import type { LinkKey } from '../core/subscriber/signed-link.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { Tally } from '../core/subscriber/tally.ts';
import type { HoldReason } from '../core/subscriber/when-to-tell.ts';
import type { Matched, Priority } from '../core/watchlist/matched.ts';
import type { RunningState } from '../core/watchlist/running.ts';

/**
 * What the steps need from the world. Times are ISO 8601 in UTC. Every write may be repeated with the same input and
 * changes nothing the second time.
 */

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

/** A story as it is stored: with its match, and whether somebody may be told. */
export type StoredStory = Story & {
  readonly match: StoredMatch | null;
  /** False for a seed, and for what was already old when it was first seen. */
  readonly tell: boolean;
  /** Set while the match waits to be filed and told; the time it began to wait. */
  readonly undecidedSince: string | null;
  /** Earlier titles, oldest first. */
  readonly revisions: readonly { readonly at: string; readonly title: string }[];
  /** The feed batch that found it, for following one story through the logs. */
  readonly trace: string;
};

export type StoredMatch = Matched & { readonly watchlist: string };

/** What a list of matches shows. */
export type MatchRow = {
  readonly id: string;
  readonly storyline: string;
  /** The story it is a copy of. */
  readonly duplicateOf: string | null;
  /** The states to which it brought its storyline. */
  readonly reached: readonly StorylineState[];
  readonly title: string;
  readonly url: string | null;
  readonly source: string;
  readonly outlet: string;
  readonly lang: string;
  readonly published: string;
  readonly seen: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly priority: Priority;
  /** The words that matched, at most six. */
  readonly words: readonly string[];
  readonly summary: string;
};

export type Axis =
  | { readonly name: 'all' }
  | { readonly name: 'entity' | 'event' | 'source' | 'lang' | 'storyline'; readonly value: string };

export type AxisPage = {
  readonly rows: readonly MatchRow[];
  /** Where the next page begins, or null at the end of the window. */
  readonly next: string | null;
  /** Rows read to make this page. */
  readonly read: number;
};

/** One alert to one subscriber: claimed before it is published, so that nobody is told twice. */
export type LedgerRow = {
  readonly storyline: string;
  readonly state: StorylineState;
  /** A subscriber's id, or `integration`. */
  readonly subscriber: string;
  readonly story: string;
  readonly published: string;
  readonly seen: string;
  readonly decided: string;
  readonly claimed: string;
  /** When SNS accepted it; null while only claimed or held. */
  readonly sent: string | null;
  readonly tier: number;
  /** Set while it waits to be told together with others; null from the time it is claimed. */
  readonly held: { readonly until: string; readonly why: HoldReason } | null;
  /** Why it was held, kept when it is told: what was meant to wait says nothing of how fast alerts are. */
  readonly waited: HoldReason | null;
};

export type WatchlistVersion = {
  readonly version: string;
  /** Where the compiled watchlist lies in the bucket. */
  readonly key: string;
  readonly applied: string;
  readonly by: 'deploy' | 'command';
  /** SHA-256 of the file it was compiled from; missing where it was applied before this was kept. */
  readonly textHash?: string;
  readonly entities: number;
  readonly events: number;
};

export type Store = {
  readonly feeds: FeedStore;
  readonly stories: StoryStore;
  readonly storylines: StorylineStore;
  readonly ledger: LedgerStore;
  readonly subscribers: SubscriberStore;
  readonly control: ControlStore;
  readonly series: SeriesStore;
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

export type StoryStore = {
  /** Says that these were stored, so that a replay finds them. `by` tells arrivals of one instant apart. */
  announce(by: string, at: string, ids: readonly string[]): Promise<void>;
  /** False where the id is already there. */
  putNew(story: StoredStory): Promise<boolean>;
  /** Does nothing where the story has the title already and neither a target nor the right to be told is gained. */
  revise(id: string, revision: StoryRevision): Promise<void>;
  addSighting(id: string, feed: string, seen: string): Promise<void>;
  get(id: string): Promise<StoredStory | null>;
  /** Files a match under each of its axes. */
  file(row: MatchRow): Promise<void>;
  /** Ends the wait that began at `undecidedSince`; a wait begun later goes on. */
  decided(id: string, undecidedSince: string): Promise<void>;
  undecided(before: string, limit: number): Promise<readonly StoredStory[]>;
  page(query: AxisQuery): Promise<AxisPage>;
  /** What was announced on a day (`2026-11-24`), oldest first; of a page, what was at or after `from` (`<at>#<by>`). */
  arrivals(day: string, page?: { readonly from: string; readonly limit: number }): Promise<readonly Arrivals[]>;
};

export type Arrivals = {
  readonly at: string;
  readonly by: string;
  readonly ids: readonly string[];
  /** Of the first layout, which were written by one feed's poll before it stored: what they name counts only where it did. */
  readonly isPromise: boolean;
};

export type StoryRevision = {
  readonly at: string;
  readonly title: string;
  readonly summary: string;
  readonly match: StoredMatch | null;
  /** Whether somebody may be told from now on; false keeps a seed silent. */
  readonly tell: boolean;
  /** Whether the new text has to be filed and decided. */
  readonly undecided: boolean;
};

export type AxisQuery = {
  readonly axis: Axis;
  readonly since: string;
  readonly until: string;
  readonly cursor: string | null;
  readonly limit: number;
  /** The most rows read for one page. */
  readonly readAtMost: number;
  readonly keep: (row: MatchRow) => boolean;
};

/** Where a story was placed, and what it did there. */
export type Placed = {
  readonly storyline: string;
  /** Its title when it was placed, cut: under another it is placed again. */
  readonly title: string;
  /** The story it is a copy of. */
  readonly duplicateOf: string | null;
  /** States that this very story brought. */
  readonly reached: readonly StorylineState[];
  /** Short plain reasons. */
  readonly why: readonly string[];
};

/** A storyline as it is kept: what grouping needs, and what readers of lists see beside it. */
export type KeptStoryline = {
  readonly storyline: OpenStoryline;
  /** Words of its stories that matched, at most eight. */
  readonly matched: readonly string[];
  /** When it closed; null while stories may still join. */
  readonly closed: string | null;
};

/** Open storylines have one revision together, so that of two who decide at the same time the later decides again. */
export type StorylineStore = {
  open(): Promise<{ readonly storylines: readonly KeptStoryline[]; readonly revision: number }>;
  /** How a story was placed; null where it was not yet. */
  placed(story: string): Promise<Placed | null>;
  /**
   * All or nothing. False where anything was placed or closed since the revision was read, or the story was placed
   * already; of a revision, where it was not.
   */
  place(placement: Placement, readRevision: number): Promise<boolean>;
  /** False where anything was placed or closed since the revision was read. */
  close(storyline: KeptStoryline, at: string, readRevision: number): Promise<boolean>;
  get(id: string): Promise<KeptStoryline | null>;
  /** Open and closed ones by their latest story, newest first. */
  list(query: Omit<AxisQuery, 'axis' | 'keep'> & { readonly keep: (kept: KeptStoryline) => boolean }): Promise<{
    readonly rows: readonly KeptStoryline[];
    readonly next: string | null;
    readonly read: number;
  }>;
};

export type Placement = {
  readonly story: string;
  /** When the story was seen: its rows expire so long after. */
  readonly seen: string;
  readonly placed: Placed;
  readonly storyline: KeptStoryline;
  /** The story was placed before under another title. */
  readonly isRevision: boolean;
};

export type LedgerStore = {
  /** Claims it for publishing, or, where `held` is set, enters it to be told later. True for one caller alone. */
  claim(row: Omit<LedgerRow, 'sent'>): Promise<boolean>;
  /** Held alerts whose time has come. */
  due(before: string, limit: number): Promise<readonly LedgerRow[]>;
  /** One reader's alerts that are held until exactly that time. */
  heldUntil(until: string, subscriber: string, limit: number): Promise<readonly LedgerRow[]>;
  /** Claims a held alert for publishing; true for one caller alone. */
  take(row: LedgerRow, now: string): Promise<boolean>;
  /** Moves a held alert to a later time. */
  postpone(row: LedgerRow, held: NonNullable<LedgerRow['held']>): Promise<void>;
  /** Takes over a claim whose lease has passed; true for one caller alone. */
  reclaim(row: LedgerRow, now: string): Promise<boolean>;
  markSent(row: Omit<LedgerRow, 'sent'>, sent: string): Promise<void>;
  /** Takes a claim that nobody wants any more out of the work; it stays entered, and counts as never sent. */
  end(row: Omit<LedgerRow, 'sent'>): Promise<void>;
  /** Claims made before a time and never sent. */
  unsent(before: string, limit: number): Promise<readonly LedgerRow[]>;
  sentOn(day: string, limit: number): Promise<readonly LedgerRow[]>;
  ofStoryline(storyline: string): Promise<readonly LedgerRow[]>;
};

export type SubscriberStore = {
  list(): Promise<readonly Subscriber[]>;
  get(id: string): Promise<Subscriber | null>;
  put(subscriber: Subscriber): Promise<void>;
  /** Removes the row and its tally. */
  remove(id: string): Promise<void>;
  /** What the subscriber was sent of late, and the revision to name when it is written back; 0 before the first. */
  tally(id: string): Promise<{ readonly tally: Tally; readonly revision: number }>;
  /** False where it was written since it was read. */
  putTally(id: string, tally: Tally, readRevision: number): Promise<boolean>;
};

/** What a chart is drawn of. */
export type SeriesTarget = { readonly name: 'all' } | { readonly name: 'entity' | 'event'; readonly value: string };

/** One day of a target by hours that are over, as they were last counted. */
export type SeriesDay = {
  /** In UTC: `2026-11-24`. */
  readonly day: string;
  /** By hour of the day (`09`); hours without a story are left out. */
  readonly hours: Readonly<Record<string, HourCount>>;
  /** Every newsroom of these hours, sorted: of a day the hours' own counts do not add up. */
  readonly outlets: readonly string[];
};

export type HourCount = { readonly stories: number; readonly outlets: number };

export type SeriesStore = {
  /** The days of a target from one day to another, both included, oldest first. */
  days(target: SeriesTarget, from: string, to: string): Promise<readonly SeriesDay[]>;
  /** Sets a day, whatever was there. */
  putDay(target: SeriesTarget, day: SeriesDay): Promise<void>;
};

export type ControlStore = {
  liveWatchlist(): Promise<WatchlistVersion | null>;
  putWatchlist(version: WatchlistVersion): Promise<void>;
  /** What was live and when, newest first; the live one among them. */
  watchlistVersions(limit: number): Promise<readonly WatchlistVersion[]>;
  /** Which stories are running, and the revision to name when it is written back; nothing runs at revision 0. */
  running(): Promise<{ readonly state: RunningState; readonly revision: number }>;
  /** False where it was written since it was read. */
  putRunning(state: RunningState, readRevision: number): Promise<boolean>;
  /** What a function last reported of itself, as small JSON. */
  beat(name: string): Promise<{ readonly at: string; readonly note: unknown } | null>;
  putBeat(name: string, at: string, note: unknown): Promise<void>;
  /** The keys of readers' links, the newest last, and the revision to name when they are written back. */
  linkKeys(): Promise<{ readonly keys: readonly LinkKey[]; readonly revision: number }>;
  /** False where they were written since they were read. */
  putLinkKeys(keys: readonly LinkKey[], readRevision: number): Promise<boolean>;
  /** Adds to what a function used in the month of `at`. The one write that counts twice when it is repeated. */
  addUsage(name: string, at: string, used: Usage, watchlist: string | null): Promise<void>;
  /** What each function used in a month (`2026-11`), and between which times it was added. */
  usage(month: string): Promise<readonly FunctionUsage[]>;
};

export type FunctionUsage = {
  readonly name: string;
  readonly since: string;
  readonly until: string;
  /** The version it matched by when it last added; null where it has none. */
  readonly watchlist: string | null;
  readonly used: Usage;
};

/** Publishes to SNS; throws where SNS did not accept. */
export type Publish = (message: {
  readonly topicArn: string;
  readonly subject: string | null;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}) => Promise<void>;

/** One structured line per outcome. */
export type Log = (line: { readonly event: string; readonly [field: string]: unknown }) => void;
