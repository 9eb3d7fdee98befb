import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstMoment, localDay, localTime, weekdayOf } from '../../../lib/core/subscriber/local-time.ts';

const at = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute };
};

describe('the first moment of a local time', () => {
  test.each([
    ['an ordinary day', '2026-11-25 08:00', 'Europe/Berlin', '2026-11-25T07:00Z'],
    ['in summer', '2026-07-01 08:00', 'Europe/Berlin', '2026-07-01T06:00Z'],
    ['skipped in spring: when the clock jumps', '2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:00Z'],
    ['twice in autumn: the first', '2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30Z'],
    ['the hour after the second', '2026-10-25 03:00', 'Europe/Berlin', '2026-10-25T02:00Z'],
    ['New York in spring', '2026-03-08 02:00', 'America/New_York', '2026-03-08T07:00Z'],
    ['New York in autumn', '2026-11-01 01:30', 'America/New_York', '2026-11-01T05:30Z'],
    ['Tehran, half an hour off', '2026-11-25 08:00', 'Asia/Tehran', '2026-11-25T04:30Z'],
    ['Tehran, while it still had summer time, from midnight', '2022-03-22 00:30', 'Asia/Tehran', '2022-03-21T20:30Z'],
    ['Lord Howe, half an hour forward', '2026-10-04 02:15', 'Australia/Lord_Howe', '2026-10-03T15:30Z'],
    ['Lord Howe, half an hour back', '2026-04-05 01:45', 'Australia/Lord_Howe', '2026-04-04T14:45Z'],
    ['Chatham, three quarters off, in spring', '2026-09-27 03:00', 'Pacific/Chatham', '2026-09-26T14:00Z'],
    ['Chatham in autumn', '2026-04-05 03:00', 'Pacific/Chatham', '2026-04-04T13:15Z'],
    ['a day that Samoa skipped', '2011-12-30 12:00', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['a day past the end of its month', '2026-11-31 08:00', 'UTC', '2026-12-01T08:00Z'],
    ['a zone that does not exist', '2026-11-25 08:00', 'Mars/Olympus', '2026-11-25T08:00Z'],
  ])('%s', (_, local, zone, moment) => {
    expect(firstMoment(at(local), zone)).toEqual(new Date(moment));
  });

  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Sao_Paulo'];
  test('is what one finds by looking at the clock each minute', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(
          '2018-02-18',
          '2018-11-04',
          '2026-03-08',
          '2026-03-29',
          '2026-04-05',
          '2026-10-04',
          '2026-10-25',
        ),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        (zone, day, hour, minute) => {
          const wanted = { ...at(day), hour, minute };
          const shows = (ms: number) => {
            const local = localTime(new Date(ms), zone);
            return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
          };
          const found = firstMoment(wanted, zone).getTime();
          const utc = Date.UTC(wanted.year, wanted.month - 1, wanted.day, hour, minute);
          expect(shows(found)).toBeGreaterThanOrEqual(utc);
          for (let ms = found - 180 * 60_000; ms < found; ms += 60_000) expect(shows(ms)).toBeLessThan(utc);
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('the day is that of the reader', () => {
  expect(localDay(new Date('2026-11-25T23:30Z'), 'Asia/Tehran')).toBe('2026-11-26');
  expect(localDay(new Date('2026-01-01T03:00Z'), 'America/New_York')).toBe('2025-12-31');
});

test('weeks begin on Monday', () => {
  expect([23, 29, 30].map((day) => weekdayOf({ year: 2026, month: 11, day, hour: 0, minute: 0 }))).toEqual([1, 7, 1]);
});
