import { expect, test } from 'vitest';
import { nextDigest } from '../../../lib/core/subscriber/digest-time.ts';
import type { Delivery } from '../../../lib/core/subscriber/subscriber.ts';

const daily = (hour: number): Delivery => ({ kind: 'daily', hour });
const weekly = (weekday: number, hour: number): Delivery => ({ kind: 'weekly', weekday, hour });
const hourly: Delivery = { kind: 'hourly' };

test.each<[string, Delivery, string, string, string]>([
  ['later today', daily(8), 'Europe/Berlin', '2026-11-25T06:59Z', '2026-11-25T07:00Z'],
  ['at the hour itself: tomorrow', daily(8), 'Europe/Berlin', '2026-11-25T07:00Z', '2026-11-26T07:00Z'],
  ['tomorrow, which is summer time', daily(8), 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T06:00Z'],
  ['tomorrow, which is winter time', daily(8), 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T07:00Z'],
  ['at an hour that spring skips', daily(2), 'America/New_York', '2026-03-08T05:00Z', '2026-03-08T07:00Z'],
  ['once at an hour that comes twice', daily(1), 'America/New_York', '2026-11-01T05:00Z', '2026-11-02T06:00Z'],
  ['in Tehran', daily(8), 'Asia/Tehran', '2026-11-25T04:30Z', '2026-11-26T04:30Z'],
  ['in Chatham, over the change', daily(3), 'Pacific/Chatham', '2026-09-26T13:00Z', '2026-09-26T14:00Z'],
  ['at midnight, over the end of a year', daily(0), 'UTC', '2026-12-31T10:00Z', '2027-01-01T00:00Z'],
  ['on Monday, from a Wednesday', weekly(1, 8), 'Europe/Berlin', '2026-11-25T06:00Z', '2026-11-30T07:00Z'],
  ['on Sunday, the day of the change', weekly(7, 8), 'Europe/Berlin', '2026-10-25T01:00Z', '2026-10-25T07:00Z'],
  ['in a week, at the hour itself', weekly(3, 8), 'UTC', '2026-11-25T08:00Z', '2026-12-02T08:00Z'],
  ['by the weekday of the reader', weekly(1, 7), 'Pacific/Chatham', '2026-11-22T16:00Z', '2026-11-22T17:15Z'],
  ['at the next full hour', hourly, 'Europe/Berlin', '2026-11-25T06:20:30Z', '2026-11-25T07:00Z'],
  ['not at once at a full hour', hourly, 'UTC', '2026-11-25T06:00Z', '2026-11-25T07:00Z'],
  ['at the full hour of a zone that is off', hourly, 'Asia/Tehran', '2026-11-25T06:20Z', '2026-11-25T06:30Z'],
  ['in the hour that comes twice', hourly, 'Europe/Berlin', '2026-10-25T00:20Z', '2026-10-25T01:00Z'],
  ['Lord Howe, back by a half', hourly, 'Australia/Lord_Howe', '2026-04-04T14:45Z', '2026-04-04T15:30Z'],
  ['Lord Howe, forward by a half', hourly, 'Australia/Lord_Howe', '2026-10-03T15:15Z', '2026-10-03T16:00Z'],
])('a digest comes %s', (_, delivery, zone, now, at) => {
  expect(nextDigest(delivery, zone, new Date(now))).toEqual(new Date(at));
});

test('who wants alerts at once has no digest', () => {
  expect(nextDigest({ kind: 'at-once' }, 'UTC', new Date(0))).toBeNull();
});
