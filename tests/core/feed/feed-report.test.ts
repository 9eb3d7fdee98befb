import { expect, test } from 'vitest';
import { newPollState } from '../../../lib/core/feed/after-poll.ts';
import { feedReasons } from '../../../lib/core/feed/feed-report.ts';
import type { PollState } from '../../../lib/core/feed/poll-state.ts';

const now = new Date('2026-11-24T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const every = (hours: number, lastHoursAgo: number) =>
  Array.from({ length: 12 }, (_, index) => hoursAgo(lastHoursAgo + index * hours));

test.each<[string, Partial<PollState>, readonly string[]]>([
  ['a feed that is well', { health: 'ok', recent: every(1, 1) }, []],
  ['a failure of five hours', { health: 'unreachable', failures: 4, since: hoursAgo(5) }, []],
  ['a failure of six hours', { health: 'unreachable', failures: 5, since: hoursAgo(6) }, ['failing for 6 hours']],
  [
    'a failure of three days',
    { health: 'blocked', failures: 9, since: hoursAgo(72) },
    ['failing for 6 hours', 'failing for 3 days'],
  ],
  ['an hourly feed silent for a weekend day', { health: 'ok', recent: every(1, 30) }, []],
  ['an hourly feed silent for two days', { health: 'ok', recent: every(1, 48) }, ['silent']],
  ['a weekly feed silent for a week and a half', { health: 'ok', recent: every(168, 250) }, ['silent']],
  ['a weekly feed silent for six days', { health: 'ok', recent: every(168, 140) }, []],
  ['a new feed of three stories', { health: 'ok', recent: every(1, 200).slice(0, 3) }, []],
])('%s', (_, state, reasons) => {
  expect(feedReasons({ ...newPollState(now), ...state }, now)).toEqual(reasons);
});
