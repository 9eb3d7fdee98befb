/** What one subscriber was sent of late: what the burst limit and the caps are reckoned from. */
export type Tally = {
  /** The token bucket: how full it was, and when. */
  readonly tokens: number;
  readonly tokensAt: string | null;
  /** SMS sent on a day of the subscriber's zone, as `2026-11-25`. */
  readonly smsDay: { readonly day: string; readonly count: number };
  /** What SMS cost in a month of UTC, as `2026-11`; US dollars. */
  readonly smsMonth: { readonly month: string; readonly usd: number };
  /** When SNS last accepted a message for the subscriber; null before the first. */
  readonly lastTold: string | null;
};

export const emptyTally: Tally = {
  tokens: 0,
  tokensAt: null,
  smsDay: { day: '', count: 0 },
  smsMonth: { month: '', usd: 0 },
  lastTold: null,
};
