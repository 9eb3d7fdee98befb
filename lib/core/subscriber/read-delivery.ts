import { readTime } from './quiet-hours.ts';
import { didYouMean, quoted, type Read, refuse } from './refusal.ts';
import type { Delivery, QuietHours } from './subscriber.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** As it is written and read back: `at-once`, `hourly`, `daily@8`, `weekly@mon@8`. */
export function deliveryWords(delivery: Delivery): string {
  if (delivery.kind === 'daily') return `daily@${delivery.hour}`;
  if (delivery.kind === 'weekly') return `weekly@${weekdays[delivery.weekday - 1]}@${delivery.hour}`;
  return delivery.kind;
}

export function readDelivery(field: string, value: unknown): Read<Delivery> {
  const words = typeof value === 'string' ? value : deliveryOf(value);
  if (words === null) return refuse(field, `${quoted(value)} says no time of delivery; ${how}`);
  const [kind = '', ...rest] = words.trim().toLowerCase().split('@');
  if ((kind === 'at-once' || kind === 'hourly') && rest.length === 0) return { value: { kind } };
  if (kind === 'daily' && rest.length === 1) {
    const hour = readHour(field, rest[0] ?? '');
    return 'refused' in hour ? hour : { value: { kind, hour: hour.value } };
  }
  if (kind === 'weekly' && rest.length === 2) {
    const weekday = weekdays.findIndex((name) => rest[0]?.startsWith(name)) + 1;
    if (weekday === 0) return refuse(field, `${quoted(rest[0])} is no weekday; write one of ${weekdays.join(', ')}`);
    const hour = readHour(field, rest[1] ?? '');
    return 'refused' in hour ? hour : { value: { kind, weekday, hour: hour.value } };
  }
  const near = didYouMean(kind, ['at-once', 'hourly', 'daily', 'weekly']);
  return refuse(field, `${quoted(value)} says no time of delivery${near}; ${how}`);
}

const how = 'write at-once, hourly, daily@8 or weekly@mon@8, with the local hour';

/** The object that a subscriber's row holds, in words; null for anything else. */
function deliveryOf(value: unknown): string | null {
  const { kind, hour, weekday } = Object(value) as Record<string, unknown>;
  if (typeof kind !== 'string') return null;
  if (kind === 'daily') return `daily@${hour}`;
  return kind === 'weekly' ? `weekly@${weekdays[Number(weekday) - 1]}@${hour}` : kind;
}

function readHour(field: string, text: string): Read<number> {
  if (/^\d{1,2}$/.test(text) && Number(text) <= 23) return { value: Number(text) };
  return refuse(field, `${quoted(text)} is no hour of a day; write a whole hour from 0 to 23, such as 8`);
}

/** As it is written and read back: `22:00-07:00`; `none` where nothing is kept back. */
export function quietWords(quiet: QuietHours | null): string {
  return quiet === null ? 'none' : `${quiet.start}-${quiet.end}`;
}

/** `criticalPasses` says what becomes of critical alerts where the value itself does not. */
export function readQuiet(field: string, value: unknown, criticalPasses: boolean): Read<QuietHours | null> {
  if (value === null || value === 'none' || value === '') return { value: null };
  const { start, end, criticalPasses: own } = Object(value) as Record<string, unknown>;
  const words = typeof value === 'string' ? value : `${start}-${end}`;
  const [from = '', to = '', ...rest] = words.split(/\s*[-–]\s*/);
  for (const time of [from, to]) {
    if (rest.length > 0 || readTime(time) === null) {
      return refuse(
        field,
        `${quoted(words)} are no quiet hours: ${quoted(time)} is no time; write 22:00-07:00, or none`,
      );
    }
  }
  const [begin, finish] = [fullTime(from), fullTime(to)];
  if (begin === finish) {
    return refuse(
      field,
      `quiet hours from ${begin} to ${finish} would keep everything back or nothing; give two times, or pause instead`,
    );
  }
  return { value: { start: begin, end: finish, criticalPasses: typeof own === 'boolean' ? own : criticalPasses } };
}

function fullTime(text: string): string {
  return text.padStart(5, '0');
}
