import { firstMoment, localDay, localTime } from './local-time.ts';
import type { Subscriber } from './subscriber.ts';
import type { Tally } from './tally.ts';

/**
 * What one part of an SMS is taken to cost, in US dollars, where nobody sets it: a round figure on the safe side of what
 * most countries cost, which goes from under one cent to some tens. SNS reports what was really spent for the whole
 * account alone, so the caps of one subscriber are reckoned from this. https://aws.amazon.com/sns/sms-pricing/
 */
export const defaultSmsUsd = 0.1;

/** When the caps let one more SMS of that price through, or null where they do so now. */
export function capsUntil(
  { channel, smsPerDay, smsUsdPerMonth, timeZone }: Subscriber,
  tally: Tally,
  now: Date,
  smsUsd: number,
): Date | null {
  if (channel !== 'sms') return null;
  const today = localTime(now, timeZone);
  const spent = spentIn(tally, now);
  // A message that alone costs more than a month's cap would never be told: one a month is let through.
  if (smsUsdPerMonth !== null && spent > 0 && roundUsd(spent + smsUsd) > smsUsdPerMonth) {
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  }
  if (smsPerDay !== null && sentOn(tally, localDay(now, timeZone)) >= smsPerDay) {
    return firstMoment({ ...today, day: today.day + 1, hour: 0, minute: 0 }, timeZone);
  }
  return null;
}

/** The counts after one more SMS of that price. */
export function countSms(
  { timeZone }: Subscriber,
  tally: Tally,
  now: Date,
  smsUsd: number,
): Pick<Tally, 'smsDay' | 'smsMonth'> {
  const day = localDay(now, timeZone);
  return {
    smsDay: { day, count: sentOn(tally, day) + 1 },
    smsMonth: { month: monthOf(now), usd: roundUsd(spentIn(tally, now) + smsUsd) },
  };
}

function sentOn({ smsDay }: Tally, day: string): number {
  return smsDay.day === day ? smsDay.count : 0;
}

function spentIn({ smsMonth }: Tally, now: Date): number {
  return smsMonth.month === monthOf(now) ? smsMonth.usd : 0;
}

/** AWS counts spend by months of UTC. */
function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

/** To a hundredth of a cent, so that sums of prices are what a person would reckon. */
function roundUsd(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
