import { describe, expect, test } from 'vitest';
import { pipelineLines, scaled, total } from '../../../lib/core/cost/month.ts';
import { prices } from '../../../lib/core/cost/prices.ts';
import { addUsage, noUsage, type Usage, usageSince } from '../../../lib/core/cost/usage.ts';

const beside = { queueMessages: 0, schedulerCalls: 0 };
const onAws = { wholeCore: false, transactionsDoubled: true };
const priced = (used: Partial<Usage>, measured = onAws, more = beside) =>
  total(pipelineLines([{ name: 'poll', used: { ...noUsage, ...used } }], more, measured));

describe('a month', () => {
  test.each<[string, Partial<Usage>, number]>([
    ['nothing', {}, 0],
    ['a million invocations', { invocations: 1e6 }, 0.2],
    ['a thousand seconds at one gigabyte', { ms: 1e6, mbMs: 1e6 * 1_024 }, 0.0133334],
    ['the same at half of it', { ms: 1e6, mbMs: 1e6 * 512 }, 0.0066667],
    ['a million write units', { writeUnits: 1e6 }, 0.625],
    ['a million read units', { readUnits: 1e6 }, 0.125],
    ['a million transacted units, doubled by AWS already', { transactedUnits: 1e6 }, 0.625],
    ['a million messages sent', { sqsRequests: 1e6 }, 0.4],
  ])('prices %s', (_, used, usd) => {
    expect(priced(used)).toBeCloseTo(usd, 7);
  });

  test('doubles the units of transactions where the table did not', () => {
    expect(priced({ transactedUnits: 1e6 }, { wholeCore: false, transactionsDoubled: false })).toBeCloseTo(1.25, 7);
  });

  test('reckons that computing takes longer on a share of a core, and waiting does not', () => {
    const half = { ms: 1_000, mbMs: 1_000 * 512 };
    const local = { wholeCore: true, transactionsDoubled: true };
    expect(priced({ ...half, busyMs: 0 }, local)).toBeCloseTo(priced(half), 12);
    expect(priced({ ...half, busyMs: 1_000 }, local)).toBeCloseTo((priced(half) * 1_769) / 512, 12);
  });

  test('counts what Lambda asks of the queue in its function’s name', () => {
    expect(priced({}, onAws, { queueMessages: 1e6, schedulerCalls: 1e6 })).toBeCloseTo(0.8 + 1, 7);
  });

  test('is a stretch of it, times as many', () => {
    const lines = pipelineLines([{ name: 'poll', used: { ...noUsage, writeUnits: 1e6 } }], beside, onAws);
    expect(total(scaled(lines, 30))).toBeCloseTo(18.75, 6);
  });
});

test('usage adds up and is told apart again', () => {
  const one = { ...noUsage, ms: 5, readUnits: 2 };
  expect(usageSince(one, addUsage(one, { ms: 7 }))).toEqual({ ...noUsage, ms: 7 });
});

test('each price names its unit and the page it was read on', () => {
  for (const [name, { usd, per, source }] of Object.entries(prices)) {
    expect(usd, name).toBeGreaterThan(0);
    expect(per, name).not.toBe('');
    expect(source, name).toMatch(/^https:\/\/aws\.amazon\.com\//);
  }
});
