import { monthNamed, zoneNamed } from './date-words.ts';

/**
 * Reads the dates that feeds really carry: RFC 822 with its successors, ISO 8601 with its short forms, asctime, and
 * their variants in other languages. A date without a zone is UTC, whatever the machine's own zone is. Null where it is
 * no date, names a day or hour that does not exist, or lies outside 1900 to 2199.
 */
export function readDate(text: string): Date | null {
  const clean = tidied(text);
  if (clean === '') return null;
  const fields = numericFields(clean.replace(weekdayBefore, '')) ?? wordFields(clean) ?? epochFields(clean);
  return fields === null ? null : instant(fields);
}

/** `Fri, 2006/09/15`: a weekday says nothing that the day does not. */
const weekdayBefore = /^\p{L}{2,12}\.?,? (?=\d{4}[-/])/u;

type Day = { readonly year: number /** 1 to 12. */; readonly month: number; readonly day: number };

type Clock = {
  readonly hour: number;
  readonly minute: number;
  /** With its fraction. */
  readonly second: number;
  /** East of Greenwich. */
  readonly zoneMinutes: number;
};

/** Full-width forms, other scripts' digits, other minus signs and direction marks, all as ASCII. */
function tidied(text: string): string {
  const short = text.slice(0, 200);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII as a whole
  if (/^[\u0000-\u007f]*$/.test(short)) return short.replace(/\s+/g, ' ').trim();
  return short
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x966))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const clockAlone: Clock = { hour: 0, minute: 0, second: 0, zoneMinutes: 0 };

/** The forms that begin with the numbers of the day: ISO 8601 and its cousins with slashes, dots and 年月日. */
function numericFields(text: string): (Day & Clock) | null {
  for (const [form, dayOf] of numericForms) {
    const found = form.exec(text);
    if (found === null) continue;
    const day = dayOf(found.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits))));
    const clock = clockFields(text.slice(found[0].length));
    return day === null || clock === null ? null : { ...day, ...clock };
  }
  return null;
}

type DayOf = (numbers: (number | undefined)[]) => Day | null;

const yearMonthDay: DayOf = ([year, month, day]) => ({
  year: year!,
  month: month ?? 1,
  day: day ?? 1,
});

const numericForms: readonly (readonly [RegExp, DayOf])[] = [
  [/^(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!\d)/i, ([year, week, weekday]) => isoWeek(year!, week!, weekday ?? 1)],
  [/^(\d{4})-?(\d{3})(?![\d-])/, ([year, day]) => ordinal(year!, day!)],
  [/^(\d{4})[-/.] ?(\d{1,2}|0\d{2}(?=-))(?:[-/.] ?(\d{1,2})\.?)?(?!\d)/, yearMonthDay],
  [/^(\d{4})(\d{2})(\d{2})(?=$|\D|\d{4}(?:\d{2})?(?!\d))/, yearMonthDay],
  [/^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(?:(\d{1,2}) ?[日일])?/, yearMonthDay],
  [/^(\d{4})(?=$|T)/, yearMonthDay],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/, ([day, month, year]) => ({ year: year!, month: month!, day: day! })],
  [/^(\d{1,2})([-/])(\d{1,2})[-/](\d{4})(?!\d)/, (numbers) => slashed(numbers)],
  [/^(\d{2})-(\d{2})-(\d{2})(?!\d)/, ([year, month, day]) => ({ year: fullYear(year!), month: month!, day: day! })],
];

/** 12/31/2003 is American, 31/12/2003 is not, and 1/2/2003 is taken for the former, as Date and most parsers do. */
function slashed([first, , second, year]: (number | undefined)[]): Day {
  return first! > 12 ? { year: year!, month: second!, day: first! } : { year: year!, month: first!, day: second! };
}

function ordinal(year: number, dayOfYear: number): Day | null {
  return dayOfYear < 1 || dayOfYear > 366 ? null : dayOf(Date.UTC(year, 0, dayOfYear));
}

function isoWeek(year: number, week: number, weekday: number): Day | null {
  if (week < 1 || week > 53) return null;
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * dayMs;
  return dayOf(monday + ((week - 1) * 7 + weekday - 1) * dayMs);
}

const dayMs = 86_400_000;

function dayOf(time: number): Day {
  const date = new Date(time);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const clockForm =
  /^[Tt_,-]?\s*(am|pm|오전|오후|上午|下午)?\s*(\d{1,2})(?::?(\d{2}|(?<=:)\d(?!\d))(?::?(\d{2})(?:[.,:](\d{1,9}))?)?)?\s*(?:([ap])\.?m\b\.?)?/i;

/** What follows the day: nothing, or a time and perhaps a zone. Null where there is something that is no time. */
function clockFields(text: string): Clock | null {
  const rest = text.trim();
  if (rest === '' || /^[Zz]$/.test(rest)) return clockAlone;
  const found = clockForm.exec(rest);
  if (found === null) return /^[T\d]/i.test(rest) && !/^t[a-z]/i.test(rest) ? null : clockAlone;
  const [whole, half, hour, minute, second, fraction, letter] = found;
  return {
    hour: hourOfDay(Number(hour), half ?? letter),
    minute: Number(minute ?? 0),
    second: Number(`${second ?? 0}.${fraction ?? 0}`),
    zoneMinutes: zoneOf(rest.slice(whole.length)) ?? 0,
  };
}

function hourOfDay(hour: number, half: string | undefined): number {
  if (half === undefined || hour > 12) return hour;
  const afternoon = /^(?:p|오후|下午)/i.test(half);
  return (hour % 12) + (afternoon ? 12 : 0);
}

/** `+0200`, `-5:00`, `GMT+3`, `EST`; null where there is none. A zone beyond 15 hours is no zone. */
function zoneOf(text: string): number | null {
  const signed = /^\s*(?:gmt|utc?|z)?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)/i.exec(text);
  if (signed !== null) {
    const minutes = Number(signed[2]) * 60 + Number(signed[3] ?? 0);
    return minutes > 15 * 60 ? null : signed[1] === '-' ? -minutes : minutes;
  }
  for (const word of text.match(/[a-z]+/gi) ?? []) {
    const minutes = zoneNamed(word);
    if (minutes !== null) return minutes;
  }
  return null;
}

const clockInText = /(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?(?!\d)\s*(?:([ap])\.?m\b\.?)?/i;

/** The forms that name the month: RFC 822, RFC 850, asctime, `Jan 4, 2004 4:29 PM`, `4 janvier 2004`. */
function wordFields(text: string): (Day & Clock) | null {
  const spoken = text.replace(/\([^)]*\)/g, ' ').replace(/'(?=\d\d\b)/g, '');
  const at = clockInText.exec(spoken);
  const before = at === null ? spoken : spoken.slice(0, at.index);
  const after = at === null ? '' : spoken.slice(at.index + at[0].length);
  const zone = zoneOf(after);
  const unzoned = after.replace(/(?:gmt|utc?)?\s*[+-]\s?\d{1,2}(?::?\d{2})?(?!\d)/i, ' ');
  const day = spokenDay(`${before} ${unzoned}`);
  if (day === null) return null;
  if (at === null) return { ...day, ...clockAlone };
  return {
    ...day,
    hour: hourOfDay(Number(at[1]), at[5]),
    minute: Number(at[2]),
    second: Number(`${at[3] ?? 0}.${at[4] ?? 0}`),
    zoneMinutes: zone ?? 0,
  };
}

function spokenDay(text: string): Day | null {
  const words = text.match(/\d+|[\p{L}\p{M}]+/gu) ?? [];
  // The last such word: `mar.` is a Tuesday in French and a month in English, and weekdays come first.
  const monthAt = words.findLastIndex((word) => monthNamed(word) !== null && zoneNamed(word) === null);
  if (monthAt === -1) return null;
  const month = monthNamed(words[monthAt]!)!;
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const yearAt = numbers.findIndex((number) => number.length >= 3);
  if (yearAt !== -1) {
    const day = numbers.find((_, index) => index !== yearAt) ?? '1';
    const year = numbers[yearAt]!;
    return { year: year.length === 3 ? fullYear(Number(year)) : Number(year), month, day: Number(day) };
  }
  if (numbers.length < 2) return null;
  return { year: fullYear(Number(numbers[1])), month, day: Number(numbers[0]) };
}

/** RFC 2822, section 4.3: two digits below 50 are this century's, other two and all three digits count from 1900. */
function fullYear(year: number): number {
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Seconds or milliseconds since 1970. */
function epochFields(text: string): (Day & Clock) | null {
  if (!/^(?:\d{9,10}|\d{13})$/.test(text)) return null;
  const time = text.length === 13 ? Number(text) : Number(text) * 1000;
  const second = (time % dayMs) / 1000;
  return {
    ...dayOf(time),
    ...{ hour: Math.floor(second / 3600), minute: Math.floor(second / 60) % 60, second: second % 60, zoneMinutes: 0 },
  };
}

function instant(fields: Day & Clock): Date | null {
  const { year, month, day, hour, minute, second, zoneMinutes } = fields;
  if (year < 1900 || year > 2199 || month < 1 || month > 12) return null;
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  // 24:00 ends a day and :60 is a leap second; both are legal and Date.UTC carries them over.
  const midnight = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !midnight) || minute > 59 || second >= 61) return null;
  return new Date(
    Date.UTC(year, month - 1, day, hour, minute) + Math.floor(second * 1000 + 1e-6) - zoneMinutes * 60_000,
  );
}
