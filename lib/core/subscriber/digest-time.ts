import { firstMoment, localTime, minuteMs, weekdayOf } from './local-time.ts';
import type { Delivery } from './subscriber.ts';

/** When the next digest is due, later than now; null where alerts are told at once. */
export function nextDigest(delivery: Delivery, timeZone: string, now: Date): Date | null {
  if (delivery.kind === 'at-once') return null;
  if (delivery.kind === 'hourly') return nextFullHour(timeZone, now);
  const today = localTime(now, timeZone);
  // Nine days: this weekday today at an earlier hour, next week, and one in reserve for a day that a zone skips.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const local = { ...today, day: today.day + ahead, hour: delivery.hour, minute: 0 };
    if (delivery.kind === 'weekly' && weekdayOf(local) !== delivery.weekday) continue;
    const at = firstMoment(local, timeZone);
    if (at > now) return at;
  }
  throw new Error(`no digest within nine days of ${now.toISOString()}: ${JSON.stringify(delivery)} in ${timeZone}`);
}

/** The clock of the zone shows it, also in zones that are not full hours from UTC and where it is set back by a half. */
function nextFullHour(timeZone: string, now: Date): Date {
  let at = Math.floor(now.getTime() / minuteMs) * minuteMs;
  do at += (60 - localTime(new Date(at), timeZone).minute) * minuteMs;
  while (localTime(new Date(at), timeZone).minute !== 0);
  return new Date(at);
}
