/** What a clock and a calendar on the wall show, to the minute. */
export type LocalTime = {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

// A formatter takes long to make; there are no more of them than there are time zones.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone, or UTC where it does not exist (any more): that must not cost a reader the alert. */
export function knownZone(timeZone: string): string {
  try {
    formatterOf(timeZone);
    return timeZone;
  } catch {
    return 'UTC';
  }
}

/** What the clock shows in a zone, seconds cut off; in UTC where the zone does not exist. */
export function localTime(at: Date, timeZone: string): LocalTime {
  const parts = formatterOf(knownZone(timeZone)).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((found) => found.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/**
 * The first moment at which the clock of a zone shows this time or, where a change of the clock skips it, a later one.
 * Of a time that comes twice it is the first. A `day` out of its month counts on into the next.
 */
export function firstMoment(local: LocalTime, timeZone: string): Date {
  const wanted = asUtc(local);
  // No zone is more than 14 hours from UTC, so the moment lies between these, and with it the change of the clock.
  const offsets = [wanted - dayMs, wanted + dayMs].map((ms) => shown(ms, timeZone) - ms);
  const candidates = offsets.map((offset) => wanted - offset).sort((a, b) => a - b) as [number, number];
  const exact = candidates.find((ms) => shown(ms, timeZone) === wanted);
  return new Date(exact ?? firstShowing(wanted, candidates, timeZone));
}

/** Inside a gap: between `low`, when the clock shows less, and `high`, when it shows more, it jumps once. */
function firstShowing(wanted: number, [low, high]: readonly [number, number], timeZone: string): number {
  let before = low - minuteMs;
  let after = high;
  while (after - before > minuteMs) {
    const middle = before + Math.floor((after - before) / minuteMs / 2) * minuteMs;
    if (shown(middle, timeZone) >= wanted) after = middle;
    else before = middle;
  }
  return after;
}

/** `2026-11-25`, as the reader's calendar has it. */
export function localDay(at: Date, timeZone: string): string {
  const { year, month, day } = localTime(at, timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** 1 (Monday) to 7 (Sunday), as in ISO 8601. */
export function weekdayOf(local: LocalTime): number {
  return new Date(asUtc(local)).getUTCDay() || 7;
}

function shown(ms: number, timeZone: string): number {
  return asUtc(localTime(new Date(ms), timeZone));
}

function asUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    // A reader's zone in a Persian or Buddhist calendar is still reckoned in this one.
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  formatters.set(timeZone, made);
  return made;
}
