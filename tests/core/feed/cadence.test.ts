import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cadence, inWords } from '../../../lib/core/feed/cadence.ts';
import { nextPoll } from '../../../lib/core/feed/next-poll.ts';

const now = new Date('2026-11-24T12:00:00Z');
const ago = (...minutes: number[]) => minutes.map((m) => new Date(now.getTime() - m * 60_000).toISOString());

test.each([
  ['a wire with a story every four minutes', ago(1, 5, 9, 13, 17), 2],
  ['a firehose', ago(0.2, 1.2, 2.2, 3.2), 0.5],
  ['a paper with a story each hour', ago(10, 70, 130, 190), 30],
  ['a weekly that has just published', ago(5, 10_085, 20_165), 60],
  ['one quiet night among busy hours', ago(2, 12, 22, 600, 610, 620), 5],
  ['a batch of stories at once, each half hour', ago(3, 3, 3.1, 33, 33, 33.2, 63), 15],
  ['silence since two hours', ago(120, 124, 128), 10],
  ['silence since five days', ago(7_200, 7_260, 7_320), 600],
  ['one story', ago(30), 15],
  ['no story', [], 15],
  ['times that are none', ['soon', ''], 15],
])('%s', (_, recent, minutes) => {
  expect(cadence(recent, now).seconds / 60).toBeCloseTo(minutes, 3);
});

test('the order of the times does not matter', () => {
  const times = ago(1, 5, 9, 13, 17, 44);
  fc.assert(
    fc.property(fc.shuffledSubarray(times, { minLength: times.length }), (shuffled) => {
      expect(cadence(shuffled, now)).toEqual(cadence(times, now));
    }),
  );
});

test.each([
  [30, '30 s'],
  [90, '90 s'],
  [600, '10 min'],
  [7_200, '2 h'],
  [90_000, '25 h'],
  [259_200, '3 days'],
])('%i seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

test('whatever is wished, the next poll lies between a minute and a day with its tenth, and out of skipped hours', () => {
  const wish = fc.option(fc.integer({ min: -10, max: 10_000_000 }), { nil: null });
  const wishes = fc.record({ backOff: wish, fresh: wish, ttl: wish, updatePeriod: wish, every: wish });
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 23 });
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      wishes,
      hours,
      days,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (asked, skipHours, skipDays, jitter) => {
        const all = { ...asked, retryAfter: null, cadence: { seconds: 300, why: 'x' } };
        const { at } = nextPoll(all, { skipHours, skipDays }, now, jitter);
        expect(skipHours).not.toContain(at.getUTCHours());
        expect(skipDays).not.toContain(at.getUTCDay());
        expect(at.getTime() - now.getTime()).toBeGreaterThanOrEqual(300_000);
        const latest = skipHours.length + skipDays.length === 0 ? 1.1 : 9;
        expect(at.getTime() - now.getTime()).toBeLessThanOrEqual(latest * 86_400_000);
      },
    ),
  );
});
