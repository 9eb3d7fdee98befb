import { minuteMs } from './local-time.ts';
import type { Tally } from './tally.ts';

/**
 * The burst limit of one subscriber. Six alerts at once are a lively quarter of an hour; one more each ten minutes is
 * 144 a day, which is more than anybody reads one by one. What overflows is told together.
 */
export const burst = 6;
export const refillMs = 10 * minuteMs;
/**
 * How far critical alerts may go below nothing. SNS suspends an address that gets more than ten messages a second
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html); this bounds what leaves at once at nine.
 */
const criticalDebt = 3;

/** How full the bucket is. A clock that goes back fills nothing. */
export function tokensNow(tally: Tally, now: Date): number {
  if (tally.tokensAt === null) return burst;
  const elapsedMs = Math.max(0, now.getTime() - Date.parse(tally.tokensAt));
  return Math.min(burst, tally.tokens + elapsedMs / refillMs);
}

/** When one more message may leave: now, or the moment at which the bucket holds enough for it. */
export function tokenAt(tally: Tally, isCritical: boolean, now: Date): Date {
  const missing = (isCritical ? 1 - criticalDebt : 1) - tokensNow(tally, now);
  return missing <= 0 ? now : new Date(now.getTime() + Math.ceil(missing * refillMs));
}

/** The bucket after one message. */
export function takeToken(tally: Tally, now: Date): Pick<Tally, 'tokens' | 'tokensAt'> {
  return { tokens: Math.max(-criticalDebt, tokensNow(tally, now) - 1), tokensAt: now.toISOString() };
}
