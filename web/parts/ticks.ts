import type { Width } from '../api/types.ts';

export type Tick = { readonly at: number; readonly label: string };

const hours = [1, 3, 6, 12, 24, 48, 96, 168];
const days = [1, 2, 7, 14, 28];
const monthDay = (timeZone?: string) => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
const localDay = monthDay();
const utcDay = monthDay('UTC');

/**
 * At most nine round times between two, in seconds: hours in the reader's zone, days in UTC, as the buckets are. A tick
 * at midnight says the day.
 */
export function ticksOf(from: number, to: number, by: Width): readonly Tick[] {
  if (!(to > from)) return [];
  return by === 'day' ? dayTicks(from, to) : hourTicks(from, to);
}

function dayTicks(from: number, to: number): readonly Tick[] {
  const every = (days.find((count) => (to - from) / (count * 86_400) <= 9) ?? 56) * 86_400;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / 86_400) * 86_400; at < to; at += every) {
    ticks.push({ at, label: utcDay.format(at * 1e3) });
  }
  return ticks;
}

function hourTicks(from: number, to: number): readonly Tick[] {
  const every = hours.find((count) => (to - from) / (count * 3_600) <= 9) ?? 336;
  const time = new Date(from * 1e3);
  time.setMinutes(0, 0, 0);
  time.setHours(every >= 24 ? 0 : Math.floor(time.getHours() / every) * every);
  const ticks: Tick[] = [];
  // By the reader's clock, so that a change of summer time moves no tick off its hour.
  for (; time.getTime() / 1e3 < to; time.setHours(time.getHours() + every)) {
    const at = time.getTime() / 1e3;
    if (at < from) continue;
    const hour = time.getHours();
    ticks.push({ at, label: hour === 0 ? localDay.format(time) : `${String(hour).padStart(2, '0')}:00` });
  }
  return ticks;
}
