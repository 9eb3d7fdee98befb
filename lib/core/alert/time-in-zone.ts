import { knownZone } from '../subscriber/local-time.ts';

/** `Wednesday 25 June 2025, 14:05 Asia/Tehran`: a time as a reader's clock and calendar show it. */
export function timeInZone(iso: string, timeZone: string): string {
  const part = partsOf(iso, timeZone);
  if (part === null) return 'at an unknown time';
  const day = `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`;
  return `${day}, ${part('hour')}:${part('minute')} ${knownZone(timeZone)}`;
}

/** `25 June`: a day of the last weeks, as the reader's calendar has it. */
export function dayInZone(iso: string, timeZone: string): string {
  const part = partsOf(iso, timeZone);
  return part === null ? 'an unknown day' : `${part('day')} ${part('month')}`;
}

function partsOf(iso: string, timeZone: string): ((type: Intl.DateTimeFormatPartTypes) => string) | null {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return null;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: knownZone(timeZone),
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time);
  return (type) => parts.find((found) => found.type === type)?.value ?? '';
}
