/** One entry of a feed as it was read, before it becomes a story of ours. Times are ISO 8601 in UTC, or null. */
export type FeedEntry = {
  /** What the feed calls the entry: guid, atom:id or rdf:about; else its url; else a hash of title and date. */
  readonly id: string;
  /** Absolute http or https, as the publisher gave it; null where there is none. */
  readonly url: string | null;
  /** The same address without tracking parameters and fragments: what two copies of one page share. */
  readonly canonicalUrl: string | null;
  /** Plain text: entities decoded, tags removed, white space folded. */
  readonly title: string;
  readonly summary: string;
  readonly content: string;
  readonly published: string | null;
  readonly updated: string | null;
  /** Set where the feed's date lay more than an hour ahead and the time it was seen stands in its place. */
  readonly dateWasInFuture?: boolean;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  /** BCP 47, lower case (`en`, `fa`, `zh-hant`), where the entry or the feed says. */
  readonly lang: string | null;
};

/** What a feed says of itself. */
export type FeedHead = {
  readonly format: 'rss' | 'rdf' | 'atom' | 'json';
  readonly title: string;
  readonly link: string | null;
  readonly description: string;
  readonly language: string | null;
  /** RSS ttl, in minutes. */
  readonly ttlMinutes: number | null;
  /** sy:updatePeriod divided by sy:updateFrequency, in minutes. */
  readonly updatePeriodMinutes: number | null;
  /** Hours of the day in UTC, 0 to 23, in which the publisher asks not to be polled. */
  readonly skipHours: readonly number[];
  /** Days of the week, 0 (Sunday) to 6, likewise. */
  readonly skipDays: readonly number[];
};

/** Something left out or shortened because a limit was reached; never silent. */
export type FeedCut = { readonly what: string; readonly count: number };

export type ReadFeed =
  | {
      readonly kind: 'feed';
      readonly feed: FeedHead;
      readonly entries: readonly FeedEntry[];
      readonly cuts: readonly FeedCut[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly error: FeedError };

export type FeedError = {
  readonly kind: 'not-a-feed' | 'empty' | 'too-large' | 'broken';
  readonly message: string;
};
