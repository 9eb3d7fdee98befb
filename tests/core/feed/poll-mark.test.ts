import { expect, test } from 'vitest';
import { atMark, markPhase } from '../../../lib/core/feed/poll-mark.ts';

const now = new Date('2026-11-25T10:00:30Z');
const at = (clock: string) => new Date(`2026-11-25T${clock}Z`).toISOString();

test.each([
  ['a little later, where the mark after it is nearer', '10:07:40', '10:00:30', 0, '10:09:00'],
  ['a little earlier, where the mark before it is nearer', '10:07:20', '10:00:30', 0, '10:06:00'],
  ['not earlier than others asked for', '10:07:20', '10:07:00', 0, '10:09:00'],
  ['at the marks of its own phase', '10:05:40', '10:00:30', 1, '10:07:00'],
  ['at every fifth mark, where it is slow', '10:50:30', '10:00:30', 0, '10:45:00'],
  ['at any mark, where it wants to be asked within a quarter of an hour', '10:13:00', '10:00:30', 0, '10:12:00'],
  [
    'to the second, where it wants to be asked before half the time between marks',
    '10:01:50',
    '10:00:30',
    0,
    '10:01:50',
  ],
  ['at a mark, where it wants to be asked after half of it', '10:02:00', '10:00:30', 0, '10:03:00'],
])('a feed is asked %s', (_, due, notBefore, phase, expected) => {
  expect(atMark({ due: at(due), notBefore: at(notBefore) }, now, phase)).toBe(at(expected));
});

test('a wait of days is kept to the letter', () => {
  const never = '9999-12-31T00:00:00.000Z';
  expect(atMark({ due: never, notBefore: never }, now, 0)).toBe(never);
});

test('four neighbouring shards share a minute, and the next four have the next', () => {
  const names = Array.from({ length: 17 }, (_, index) => String(index).padStart(3, '0'));
  expect(names.map(markPhase)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 1]);
});
