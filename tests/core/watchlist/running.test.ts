import { expect, test } from 'vitest';
import {
  isRunning,
  mergeRunning,
  noteMatched,
  nothingRunning,
  type RunningState,
} from '../../../lib/core/watchlist/running.ts';

const rule = { outlets: 2, withinHours: 72 };
const note = (state: RunningState, outlet: string, published: string | null, event = 'war') =>
  noteMatched(state, { events: [event], outlet, published });

test('a story runs once several outlets have it, and no longer than its window', () => {
  let state = note(nothingRunning, 'bbc', '2025-06-13T03:00:00Z');
  expect(isRunning(state, 'war', rule, '2025-06-13T04:00:00Z')).toBeNull();
  state = note(note(state, 'bbc', '2025-06-13T05:00:00Z'), 'irna', '2025-06-13T06:00:00Z');
  expect(isRunning(state, 'war', rule, '2025-06-14T00:00:00Z')).toEqual({ stories: 3, outlets: 2, hours: 72 });
  expect(isRunning(state, 'war', rule, '2025-06-16T05:30:00Z')).toBeNull();
  expect(isRunning(state, 'truce', rule, '2025-06-14T00:00:00Z')).toBeNull();
});

test('a story without a date neither feeds nor profits', () => {
  expect(note(nothingRunning, 'bbc', null)).toBe(nothingRunning);
  expect(
    isRunning(note(nothingRunning, 'bbc', '2025-06-13T03:00:00Z'), 'war', { ...rule, outlets: 1 }, null),
  ).toBeNull();
});

test('the state stays small: old hours, old outlets and old events go', () => {
  let state = nothingRunning;
  for (let i = 0; i < 400; i++) {
    state = note(
      state,
      `outlet-${i}`,
      new Date(Date.UTC(2025, 0, 1) + i * 6_000_000).toISOString(),
      i < 10 ? 'old' : 'war',
    );
  }
  expect(Object.keys(state.events)).toEqual(['old', 'war']);
  expect(state.events.war!.outlets).toHaveLength(50);
  expect(state.events.war!.stories.length).toBeLessThanOrEqual(121);
  expect(JSON.stringify(state).length).toBeLessThan(6_000);
  state = note(state, 'late', '2025-06-01T00:00:00Z');
  expect(Object.keys(state.events)).toEqual(['war']);
  expect(state.events.war!.outlets).toEqual([['late', expect.any(Number)]]);
});

test('states that functions kept apart join', () => {
  const a = note(note(nothingRunning, 'bbc', '2025-06-13T03:00:00Z'), 'irna', '2025-06-13T03:00:00Z', 'truce');
  const b = note(nothingRunning, 'cnn', '2025-06-13T09:00:00Z');
  const joined = mergeRunning(a, b);
  expect(isRunning(joined, 'war', rule, '2025-06-13T10:00:00Z')).toEqual({ stories: 2, outlets: 2, hours: 72 });
  expect(mergeRunning(joined, b)).toEqual(joined);
  expect(Object.keys(joined.events)).toEqual(['war', 'truce']);
});
