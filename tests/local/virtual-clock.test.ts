import { afterEach, expect, test } from 'vitest';
import { realMs, runClock, virtualDate, virtualMs } from '../../lib/local/virtual-clock.ts';

const Real = Date;
afterEach(() => {
  globalThis.Date = Real;
});

const day = { startsAt: '2025-06-24T00:00:00Z', speed: 60, until: '2025-06-24T01:00:00Z' };
const clock = runClock(day, 1_000_000);
const at = (virtual: string) => Real.parse(virtual);

test.each([
  ['at the start', 0, '2025-06-24T00:00:00Z'],
  ['a second later, a minute', 1000, '2025-06-24T00:01:00Z'],
  ['at the end of the day', 60_000, '2025-06-24T01:00:00Z'],
  ['after it, at the real pace', 61_000, '2025-06-24T01:00:01Z'],
])('%s', (_, elapsedMs, virtual) => {
  expect(virtualMs(clock, 1_000_000 + elapsedMs)).toBe(at(virtual));
  expect(realMs(clock, at(virtual))).toBe(1_000_000 + elapsedMs);
});

test('without a virtual day the clock is the real one', () => {
  const real = runClock(null, 5);
  expect(virtualMs(real, 12_345)).toBe(12_345);
  expect(realMs(real, 12_345)).toBe(12_345);
});

test('Date takes its now from the clock, and is Date in everything else', () => {
  const elapsed = 30_000;
  globalThis.Date = virtualDate(runClock(day, Real.now() - elapsed));
  const halfPast = at('2025-06-24T00:30:00Z');
  for (const now of [Date.now(), Real.parse(new Date().toISOString()), Real.parse(Date())]) {
    expect(now).toBeGreaterThanOrEqual(halfPast);
    expect(now).toBeLessThan(halfPast + 60_000);
  }
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(new Date('2020-01-02')).toBeInstanceOf(Date);
  expect(new Real() instanceof Date).toBe(true);
  expect(Date.UTC(2020, 0)).toBe(Real.UTC(2020, 0));
  class Day extends Date {
    year(): number {
      return this.getUTCFullYear();
    }
  }
  expect(new Day().year()).toBe(2025);
});

test.each([
  ['startsAt', { startsAt: 'noon', speed: 1 }],
  ['speed', { startsAt: '2025-06-24', speed: 0 }],
  ['until', { startsAt: '2025-06-24', speed: 1, until: 'dusk' }],
])('a clock with a wrong %s is refused', (name, wrong) => {
  expect(() => runClock(wrong, 0)).toThrow(name);
});
