import { describe, expect, test } from 'vitest';
import { quietUntil, readTime } from '../../../lib/core/subscriber/quiet-hours.ts';

const night = { start: '22:00', end: '07:00', criticalPasses: false };

describe('quiet hours', () => {
  test.each<[string, string, string, string, string, string | null]>([
    ['before they begin', '22:00', '07:00', 'Europe/Berlin', '2026-11-25T20:59:59Z', null],
    ['as they begin', '22:00', '07:00', 'Europe/Berlin', '2026-11-25T21:00Z', '2026-11-26T06:00Z'],
    ['after midnight', '22:00', '07:00', 'Europe/Berlin', '2026-11-26T02:00Z', '2026-11-26T06:00Z'],
    ['as they end', '22:00', '07:00', 'Europe/Berlin', '2026-11-26T06:00Z', null],
    ['within one day', '13:00', '15:30', 'Asia/Tehran', '2026-11-25T10:00Z', '2026-11-25T12:00Z'],
    ['until midnight', '21:00', '00:00', 'UTC', '2026-11-30T23:59Z', '2026-12-01T00:00Z'],
    ['all day but a minute', '07:01', '07:00', 'UTC', '2026-11-25T07:00:30Z', null],
    ['the short night in spring', '22:00', '07:00', 'Europe/Berlin', '2026-03-28T21:00Z', '2026-03-29T05:00Z'],
    ['the long night in autumn', '22:00', '07:00', 'Europe/Berlin', '2026-10-24T20:00Z', '2026-10-25T06:00Z'],
    ['an end that spring skips', '22:00', '02:30', 'America/New_York', '2026-03-08T06:59Z', '2026-03-08T07:00Z'],
    [
      'an end that comes twice: the first',
      '22:00',
      '01:30',
      'America/New_York',
      '2026-11-01T05:29Z',
      '2026-11-01T05:30Z',
    ],
    ['and not again at the second', '22:00', '01:30', 'America/New_York', '2026-11-01T06:15Z', null],
    ['all of it skipped', '02:10', '02:40', 'Europe/Berlin', '2026-03-29T01:00Z', null],
    [
      'Lord Howe, half an hour longer',
      '22:00',
      '06:00',
      'Australia/Lord_Howe',
      '2026-04-04T15:20Z',
      '2026-04-04T19:30Z',
    ],
    ['Chatham, an hour shorter', '22:00', '06:00', 'Pacific/Chatham', '2026-09-26T14:30Z', '2026-09-26T16:15Z'],
  ])('%s', (_, start, end, zone, now, until) => {
    expect(quietUntil({ ...night, start, end }, zone, new Date(now))).toEqual(until === null ? null : new Date(until));
  });

  test('none asked for, or none that a clock could show, keep nothing back', () => {
    expect(quietUntil(null, 'UTC', new Date('2026-11-25T23:00Z'))).toBeNull();
    expect(quietUntil({ ...night, end: '25:00' }, 'UTC', new Date('2026-11-25T23:00Z'))).toBeNull();
  });
});

test.each([
  ['07:05', { hour: 7, minute: 5 }],
  ['7:05', { hour: 7, minute: 5 }],
  ['24:00', null],
  ['12:60', null],
  ['noon', null],
])('the time %s', (text, time) => {
  expect(readTime(text)).toEqual(time);
});
