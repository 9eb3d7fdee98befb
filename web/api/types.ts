import type { StorylineState } from '../../lib/core/storyline/storyline-state.ts';
import type { Delivery, QuietHours } from '../../lib/core/subscriber/subscriber.ts';
import type { Evidence, NearMiss, Priority } from '../../lib/core/watchlist/matched.ts';

/**
 * What the API answers, as far as the page shows it. Times are ISO 8601 in UTC. tests/web/shapes.test.ts holds them
 * to the API's own.
 */

export type Match = {
  readonly id: string;
  readonly storyline: string;
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
  readonly words: readonly string[];
  readonly summary: string;
};

export type Storyline = {
  readonly id: string;
  readonly title: string;
  readonly opened: string;
  readonly last: string;
  readonly closed: string | null;
  readonly stories: number;
  readonly outlets: readonly string[];
  readonly wires: readonly string[];
  readonly langs: readonly string[];
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly priority: Priority;
  readonly states: readonly StorylineState[];
  readonly words: readonly string[];
};

export type Storylines = { readonly storylines: readonly Storyline[]; readonly next: string | null };

export type StorylineStory = {
  readonly story: string;
  readonly at: string;
  readonly duplicateOf: string | null;
  readonly reached: readonly StorylineState[];
  /** Null once the story has expired. */
  readonly match: Match | null;
  readonly evidence: readonly Evidence[];
  readonly revisions: readonly { readonly at: string; readonly title: string }[];
};

export type StorylineAlert = {
  readonly subscriber: string;
  readonly state: StorylineState;
  readonly story: string;
  readonly decided: string;
  readonly sent: string | null;
  readonly held: { readonly until: string; readonly why: string } | null;
};

export type StorylinePage = {
  readonly storyline: Storyline;
  readonly stories: readonly StorylineStory[];
  readonly next: string | null;
  readonly alerts: readonly StorylineAlert[];
  readonly names: Readonly<Record<string, string>>;
};

export type Bucket = {
  readonly at: string;
  readonly stories: number;
  readonly outlets: number;
  readonly spike: boolean;
};

export type Width = 'hour' | 'day';

export type Series = {
  readonly by: Width;
  readonly since: string;
  readonly until: string;
  readonly name: string;
  readonly buckets: readonly Bucket[];
  readonly completeSince: string;
};

export type EventSeries = {
  readonly by: Width;
  readonly since: string;
  readonly until: string;
  readonly events: readonly {
    readonly event: string;
    readonly name: string;
    readonly stories: number;
    readonly buckets: readonly Bucket[];
  }[];
  readonly completeSince: string;
};

export type Named = { readonly id: string; readonly name: string };
export type NamedCount = Named & { readonly stories: number };
export type Count = { readonly id: string; readonly stories: number };

export type Company = {
  readonly since: string;
  readonly name: string;
  readonly stories: number;
  readonly entities: readonly NamedCount[];
  readonly events: readonly NamedCount[];
  readonly outlets: readonly Count[];
  readonly sources: readonly Count[];
  readonly langs: readonly Count[];
  readonly completeSince: string;
};

export type Watchlist = {
  readonly live: { readonly version: string; readonly applied: string } | null;
  readonly entities: readonly Named[];
  readonly events: readonly Named[];
};

export type Feed = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly outlet: string;
  readonly tier: number;
  readonly lang: string;
  readonly origin: 'file' | 'run-time';
  readonly state: string;
  readonly since: string | null;
  readonly problem: string;
  readonly failures: number;
  readonly lastStory: string | null;
  readonly cadence: { readonly seconds: number; readonly why: string };
  readonly nextPoll: string | null;
};

export type Finding = { readonly level: 'fault' | 'warning'; readonly what: string; readonly remedy: string };

export type Percentiles = { readonly p50: number; readonly p95: number; readonly count: number } | null;

export type Stats = {
  readonly day: string;
  readonly polls: {
    readonly all: number;
    readonly unchanged: number;
    readonly failed: number;
    readonly dropped: number;
  };
  readonly feedsFailing: { readonly count: number; readonly share: number; readonly at: string } | null;
  readonly stories: number;
  readonly matches: number;
  readonly known: number;
  readonly watchlist: { readonly version: string; readonly applied: string } | null;
  readonly alerts: {
    readonly sent: number;
    readonly byChannel: Readonly<Record<'email' | 'sms' | 'https' | 'left', number>>;
    readonly waiting: number;
    readonly integration: number;
  };
  readonly timeToAlert: {
    readonly fromPublished: Percentiles;
    readonly fromSeen: Percentiles;
    readonly byTier: readonly {
      readonly tier: number;
      readonly fromPublished: Percentiles;
      readonly fromSeen: Percentiles;
    }[];
    readonly slowest: readonly {
      readonly story: string;
      readonly storyline: string;
      readonly subscriber: string;
      readonly tier: number;
      readonly seconds: number;
    }[];
  };
};

export type Subscriber = {
  readonly id: string;
  readonly channel: 'email' | 'sms' | 'https';
  readonly address: string | null;
  readonly state: 'pending' | 'confirmed' | 'lost';
  readonly follow: readonly string[];
  readonly leastPriority: Priority;
  readonly timeZone: string;
  readonly langs?: readonly string[];
  readonly states?: readonly StorylineState[];
  readonly delivery?: Delivery;
  readonly quiet?: QuietHours | null;
  readonly paused?: boolean;
};

export type TriedStory = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
  readonly outlet: string;
  readonly lang: string;
  readonly published: string;
  /** Whether it had matched anything when it was stored. */
  readonly matches: boolean;
  readonly evidence: readonly Evidence[];
};

export type Tried = {
  readonly since: string;
  readonly until: string;
  readonly tried: number;
  readonly matched: readonly TriedStory[];
  readonly next: string | null;
};

export type Story = {
  readonly id: string;
  readonly feed: string;
  readonly outlet: string;
  readonly url: string | null;
  readonly title: string;
  readonly summary: string;
  readonly lang: string;
  readonly published: string;
  readonly seen: string;
  readonly match: {
    readonly entities: readonly string[];
    readonly events: readonly string[];
    readonly evidence: readonly Evidence[];
    readonly priority: Priority;
  } | null;
  readonly revisions: readonly { readonly at: string; readonly title: string }[];
  readonly alerts: readonly {
    readonly subscriber: string;
    readonly state: StorylineState;
    readonly decided: string;
    readonly sent: string | null;
  }[];
  readonly live: {
    readonly entities: readonly string[];
    readonly events: readonly string[];
    readonly evidence: readonly Evidence[];
    readonly nearly: readonly NearMiss[];
    readonly names: Readonly<Record<string, string>>;
  } | null;
};

/** What SNS would have sent; on one machine alone. */
export type OutboxMessage = {
  readonly at: string;
  readonly channel: string;
  readonly to: string;
  readonly kind: string;
  readonly subject: string | null;
  readonly body: string;
  readonly topicArn: string;
  readonly token: string | null;
  readonly pending: boolean;
};
