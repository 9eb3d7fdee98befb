import { firstMoment, type LocalTime, localTime } from './local-time.ts';
import type { QuietHours } from './subscriber.ts';

/**
 * When the quiet hours that hold now are over, or null outside them. They begin when the clock first shows their start
 * and are over when it first shows their end, so a clock set back does not begin them a second time.
 */
export function quietUntil(quiet: QuietHours | null, timeZone: string, now: Date): Date | null {
  if (quiet === null) return null;
  const start = readTime(quiet.start);
  const end = readTime(quiet.end);
  if (start === null || end === null) return null;
  const today = localTime(now, timeZone);
  const overMidnight = minutes(end) <= minutes(start);
  for (const day of [today.day - 1, today.day]) {
    const from = firstMoment({ ...today, day, ...start }, timeZone);
    const until = firstMoment({ ...today, day: overMidnight ? day + 1 : day, ...end }, timeZone);
    if (from <= now && now < until) return until;
  }
  return null;
}

type TimeOfDay = Pick<LocalTime, 'hour' | 'minute'>;

/** Reads `22:30`; null for anything that no clock shows. */
export function readTime(text: string): TimeOfDay | null {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found === null ? null : { hour: Number(found[1]), minute: Number(found[2]) };
}

function minutes({ hour, minute }: TimeOfDay): number {
  return hour * 60 + minute;
}
