import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';

export type Channel = 'email' | 'sms' | 'https';

/** Whom to tell. The address itself is known to SNS alone. */
export type Subscriber = Preferences & {
  readonly id: string;
  readonly channel: Channel;
  readonly topicArn: string;
  /** Null until the reader has confirmed, and again once SNS has lost them: what is published then reaches nobody. */
  readonly subscriptionArn: string | null;
  readonly created: string;
  /** When we learnt of the confirmation; null before, and where it was before this was kept. */
  readonly confirmed: string | null;
  /** How and when the holder of a number agreed to SMS; null for the other channels. */
  readonly consent: { readonly at: string; readonly how: string } | null;
};

/** What a reader is told, and when. A change holds from the next alert on. */
export type Preferences = {
  /** Entity and event ids; `*` follows everything. */
  readonly follow: readonly string[];
  readonly leastPriority: Priority;
  /** Primary language subtags such as `fa`; none means every language. */
  readonly langs: readonly string[];
  /** The states of a storyline that are told; a correction is told to whoever was alerted, all the same. */
  readonly states: readonly StorylineState[];
  readonly delivery: Delivery;
  readonly quiet: QuietHours | null;
  /** IANA zone in which times are shown, digests come and quiet hours hold. */
  readonly timeZone: string;
  /** Caps for SMS; null leaves it to the account's own limit. */
  readonly smsPerDay: number | null;
  readonly smsUsdPerMonth: number | null;
  /** Nothing is told until it is taken back. */
  readonly paused: boolean;
  /** Storylines of which nothing more is told, until then (ISO 8601). */
  readonly muted: readonly { readonly storyline: string; readonly until: string }[];
};

export type Delivery =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'hourly' }
  /** `hour` is local, 0 to 23. */
  | { readonly kind: 'daily'; readonly hour: number }
  /** `weekday` is 1 (Monday) to 7 (Sunday), as in ISO 8601. */
  | { readonly kind: 'weekly'; readonly weekday: number; readonly hour: number };

/** Local times as `22:30`; over midnight where the end is the earlier. Start and end are never equal. */
export type QuietHours = {
  readonly start: string;
  readonly end: string;
  readonly criticalPasses: boolean;
};

/** What is told to a reader who asked for nothing else. */
export const defaultPreferences: Omit<Preferences, 'follow'> = {
  leastPriority: 'low',
  langs: [],
  states: ['new', 'corroborated', 'escalated', 'corrected'],
  delivery: { kind: 'at-once' },
  quiet: null,
  timeZone: 'UTC',
  smsPerDay: null,
  smsUsdPerMonth: null,
  paused: false,
  muted: [],
};
