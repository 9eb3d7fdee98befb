import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery, Subscriber } from '../../../lib/core/subscriber/subscriber.ts';
import { emptyTally, type Tally } from '../../../lib/core/subscriber/tally.ts';
import { waitingAt, waitsUntil } from '../../../lib/core/subscriber/until-confirmed.ts';
import {
  type AlertAtHand,
  afterTelling,
  type HoldReason,
  whenToRelease,
  whenToTell,
  whileUnconfirmed,
} from '../../../lib/core/subscriber/when-to-tell.ts';
import { aSubscriber } from './a-subscriber.ts';

const now = new Date('2026-11-25T12:00:00.000Z');
const alert: AlertAtHand = { storyline: 's1', state: 'new', priority: 'normal', lang: 'en' };
const quiet = { start: '22:00', end: '07:00', criticalPasses: false };
const night = new Date('2026-11-25T23:00:00.000Z');

describe('an alert is told now', () => {
  test.each<[string, Partial<Subscriber>, Partial<AlertAtHand>]>([
    ['to who asked for nothing else', {}, {}],
    ['in a language that is read, whatever its region', { langs: ['zh'] }, { lang: 'zh-Hant-TW' }],
    ['in a language by its older code', { langs: ['he'] }, { lang: 'iw' }],
    ['in Norwegian of either kind', { langs: ['no'] }, { lang: 'nn-NO' }],
    ['where its language is not known', { langs: ['fa'] }, { lang: '' }],
    ['where its language is undetermined', { langs: ['fa'] }, { lang: 'und' }],
    ['at the least priority itself', { leastPriority: 'high' }, { priority: 'high' }],
    ['as a correction, whatever states are wanted', { states: ['new'] }, { state: 'corrected' }],
    ['as a correction, whatever its priority', { leastPriority: 'high' }, { state: 'corrected', priority: 'low' }],
    ['as a correction, in whatever language', { langs: ['fa'] }, { state: 'corrected', lang: 'en' }],
    ['where another storyline is muted', { muted: [{ storyline: 's2', until: '2027-01-01T00:00:00.000Z' }] }, {}],
    ['where the mute is over', { muted: [{ storyline: 's1', until: '2026-11-25T12:00:00.000Z' }] }, {}],
    ['outside quiet hours', { quiet }, {}],
  ])('%s', (_, who, what) => {
    expect(whenToTell(aSubscriber(who), emptyTally, { ...alert, ...what }, now)).toEqual({ kind: 'now' });
  });

  test('in quiet hours where it is critical and may pass', () => {
    const reader = aSubscriber({ quiet: { ...quiet, criticalPasses: true } });
    expect(whenToTell(reader, emptyTally, { ...alert, priority: 'critical' }, night)).toEqual({ kind: 'now' });
  });
});

describe('an alert is never told', () => {
  test.each<[string, Partial<Subscriber>, Partial<AlertAtHand>]>([
    ['paused', { paused: true }, {}],
    ['paused', { paused: true }, { state: 'corrected', priority: 'critical' }],
    ['muted', { muted: [{ storyline: 's1', until: '2026-11-25T12:00:00.001Z' }] }, { state: 'corrected' }],
    ['language', { langs: ['fa', 'ar'] }, { lang: 'en-GB' }],
    ['priority', { leastPriority: 'high' }, { priority: 'normal' }],
    ['state', { states: ['new'] }, { state: 'corroborated' }],
  ])('%s', (why, who, what) => {
    const reader = aSubscriber(who);
    expect(whenToTell(reader, emptyTally, { ...alert, ...what }, now)).toEqual({ kind: 'not', why });
    expect(whenToRelease(reader, emptyTally, { ...alert, ...what }, now)).toEqual({ kind: 'not', why });
  });
});

describe('an alert is held', () => {
  const sms = { channel: 'sms' as const, smsPerDay: 3, smsUsdPerMonth: 1 };
  const smsToday = (count: number): Tally => ({ ...emptyTally, smsDay: { day: '2026-11-25', count } });
  const smsSpent = (usd: number): Tally => ({ ...emptyTally, smsMonth: { month: '2026-11', usd } });
  const bucket = (tokens: number): Tally => ({ ...emptyTally, tokens, tokensAt: now.toISOString() });
  const daily: Delivery = { kind: 'daily', hour: 8 };
  test.each<[string, Partial<Subscriber>, Tally, Partial<AlertAtHand>, Date, HoldReason, string]>([
    [
      'for the digest',
      { delivery: daily, timeZone: 'Asia/Tehran' },
      emptyTally,
      {},
      now,
      'digest',
      '2026-11-26T04:30Z',
    ],
    [
      'for it even when critical',
      { delivery: daily },
      emptyTally,
      { priority: 'critical' },
      now,
      'digest',
      '2026-11-26T08:00Z',
    ],
    ['until the night is over', { quiet }, emptyTally, {}, night, 'quiet hours', '2026-11-26T07:00Z'],
    [
      'then even when critical',
      { quiet },
      emptyTally,
      { priority: 'critical' },
      night,
      'quiet hours',
      '2026-11-26T07:00Z',
    ],
    ['while the bucket is empty', {}, bucket(0), {}, now, 'burst', '2026-11-25T12:10Z'],
    ['until it holds a whole token', {}, bucket(0.4), {}, now, 'burst', '2026-11-25T12:06Z'],
    ['where a critical one left a debt', {}, bucket(-3), {}, now, 'burst', '2026-11-25T12:40Z'],
    [
      'critical too, at the end of the debt',
      {},
      bucket(-3),
      { priority: 'critical' },
      now,
      'burst',
      '2026-11-25T12:10Z',
    ],
    [
      'for who has not confirmed, till the end of the next of their days',
      { subscriptionArn: null, created: '2026-11-23T08:00:00.000Z', delivery: daily },
      emptyTally,
      { priority: 'critical' },
      now,
      'confirmation',
      '2026-11-27T08:00Z',
    ],
    ['once the day has its SMS', sms, smsToday(3), {}, now, 'sms cap', '2026-11-26T00:00Z'],
    [
      'by the day of the reader',
      { ...sms, timeZone: 'Pacific/Chatham' },
      { ...emptyTally, smsDay: { day: '2026-11-26', count: 3 } },
      {},
      now,
      'sms cap',
      '2026-11-26T10:15Z',
    ],
    ['where the next would pass the spend', sms, smsSpent(0.95), {}, now, 'sms cap', '2026-12-01T00:00Z'],
    [
      'by the cap that frees later',
      sms,
      { ...smsToday(3), ...{ smsMonth: { month: '2026-11', usd: 1 } } },
      {},
      now,
      'sms cap',
      '2026-12-01T00:00Z',
    ],
    ['critical too: caps are money', sms, smsToday(3), { priority: 'critical' }, now, 'sms cap', '2026-11-26T00:00Z'],
  ])('%s', (_, who, tally, what, at, why, until) => {
    expect(whenToTell(aSubscriber(who), tally, { ...alert, ...what }, at)).toEqual({
      kind: 'hold',
      why,
      until: new Date(until).toISOString(),
    });
  });

  test.each<[string, Partial<Subscriber>, Tally]>([
    ['the counts of yesterday', sms, { ...emptyTally, smsDay: { day: '2026-11-24', count: 9 } }],
    ['what was spent last month', sms, { ...emptyTally, smsMonth: { month: '2026-10', usd: 9 } }],
    ['a spend that the next just fills', sms, smsSpent(0.9)],
    ['a cap below one message, once a month', { ...sms, smsUsdPerMonth: 0.01 }, emptyTally],
    ['caps for SMS, on e-mail', { smsPerDay: 1 }, smsToday(3)],
  ])('not by %s', (_, who, tally) => {
    expect(whenToTell(aSubscriber(who), tally, alert, now)).toEqual({ kind: 'now' });
  });
});

test.each([
  [
    'waits to the same time while it may',
    '2026-11-27T07:59:59.999Z',
    { kind: 'hold', until: '2026-11-27T08:00:00.000Z' },
  ],
  ['is given up after it', '2026-11-27T08:00:00.000Z', { kind: 'not', why: 'unconfirmed' }],
])('an alert for whom SNS does not reach %s', (_, at, verdict) => {
  const unconfirmed = aSubscriber({ subscriptionArn: null, created: '2026-11-23T08:00:00.000Z' });
  expect(whileUnconfirmed(unconfirmed, now, new Date(at))).toMatchObject(verdict);
});

test('whenever a reader confirms, what was held in the day before ends at one of two times', () => {
  const decidedBefore = fc.integer({ min: 0, max: 24 * 3_600_000 });
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: 90 * 86_400_000 }), decidedBefore, (created, later, before) => {
      const who = { created: created.toISOString() };
      const confirmed = new Date(created.getTime() + later);
      const decided = new Date(Math.max(created.getTime(), confirmed.getTime() - before));
      expect(waitingAt(who, confirmed).map(Number)).toContain(waitsUntil(who, decided).getTime());
      const waits = waitsUntil(who, decided).getTime() - decided.getTime();
      expect(waits).toBeGreaterThan(24 * 3_600_000 - 1);
      expect(waits).toBeLessThanOrEqual(48 * 3_600_000);
    }),
  );
});

test('when its time has come, a held alert waits for quiet hours and caps, not for digest or burst', () => {
  const empty = { ...emptyTally, tokens: 0, tokensAt: now.toISOString() };
  expect(whenToRelease(aSubscriber({ delivery: { kind: 'daily', hour: 8 } }), empty, alert, now)).toEqual({
    kind: 'now',
  });
  expect(whenToRelease(aSubscriber({ quiet }), empty, alert, night)).toMatchObject({ why: 'quiet hours' });
  const spent = { ...emptyTally, smsDay: { day: '2026-11-25', count: 1 } };
  expect(whenToRelease(aSubscriber({ channel: 'sms', smsPerDay: 1 }), spent, alert, now)).toMatchObject({
    why: 'sms cap',
  });
});

describe('after telling', () => {
  test('the bucket has one less, and SMS are counted with their price', () => {
    const once = afterTelling(aSubscriber({ channel: 'sms' }), emptyTally, now, { smsUsd: 0.07 });
    expect(once).toEqual({
      tokens: 5,
      tokensAt: now.toISOString(),
      smsDay: { day: '2026-11-25', count: 1 },
      smsMonth: { month: '2026-11', usd: 0.07 },
      lastTold: now.toISOString(),
    });
    const later = new Date('2026-11-25T12:05:00.000Z');
    expect(afterTelling(aSubscriber({ channel: 'sms' }), once, later, { smsUsd: 0.07 })).toMatchObject({
      tokens: 4.5,
      smsDay: { day: '2026-11-25', count: 2 },
      smsMonth: { month: '2026-11', usd: 0.14 },
    });
  });

  test('an e-mail costs nothing', () => {
    expect(afterTelling(aSubscriber(), emptyTally, now, { smsUsd: 0.07 }).smsMonth.usd).toBe(0);
  });

  test('six alerts leave at once and a seventh is held; nine at most where they are critical', () => {
    const sentAtOnce = (priority: AlertAtHand['priority']) => {
      let tally: Tally = emptyTally;
      let sent = 0;
      while (sent < 50 && whenToTell(aSubscriber(), tally, { ...alert, priority }, now).kind === 'now') {
        tally = afterTelling(aSubscriber(), tally, now, { smsUsd: 0 });
        sent += 1;
      }
      return sent;
    };
    expect([sentAtOnce('normal'), sentAtOnce('critical')]).toEqual([6, 9]);
  });
});

const time = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const hour = fc.integer({ min: 0, max: 23 });
const reader = fc.record({
  channel: fc.constantFrom('email' as const, 'sms' as const),
  timeZone: fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Africa/Casablanca',
  ),
  delivery: fc.oneof(
    fc.constantFrom<Delivery>({ kind: 'at-once' }, { kind: 'hourly' }),
    hour.map((each): Delivery => ({ kind: 'daily', hour: each })),
    fc
      .tuple(fc.integer({ min: 1, max: 7 }), hour)
      .map(([weekday, each]): Delivery => ({ kind: 'weekly', weekday, hour: each })),
  ),
  quiet: fc.option(
    fc
      .tuple(clock, clock, fc.boolean())
      .filter(([start, end]) => start !== end)
      .map(([start, end, criticalPasses]) => ({ start, end, criticalPasses })),
  ),
  smsPerDay: fc.option(fc.integer({ min: 1, max: 5 })),
  smsUsdPerMonth: fc.option(fc.integer({ min: 1, max: 300 }).map((cents) => cents / 100)),
});

test('nothing is held into the past, and nothing for ever', () => {
  fc.assert(
    fc.property(reader, time, fc.integer({ min: 0, max: 40 }), fc.boolean(), (who, start, before, isCritical) => {
      const subscriber = aSubscriber(who);
      const given: AlertAtHand = { ...alert, priority: isCritical ? 'critical' : 'normal' };
      let tally: Tally = emptyTally;
      for (let each = 0; each < before; each++) tally = afterTelling(subscriber, tally, start, { smsUsd: 0.1 });
      let at = start;
      let verdict = whenToTell(subscriber, tally, given, at);
      for (let holds = 0; verdict.kind === 'hold'; holds++) {
        expect(holds).toBeLessThan(6);
        const until = new Date(verdict.until);
        expect(until.getTime()).toBeGreaterThan(at.getTime());
        at = until;
        verdict = whenToRelease(subscriber, tally, given, at);
      }
      expect(verdict).toEqual({ kind: 'now' });
      // A month for the spend, a week and a night for a digest.
      expect(at.getTime() - start.getTime()).toBeLessThan(41 * 86_400_000);
    }),
    { numRuns: 400 },
  );
});

test('who is sent a message each time one may leave gets six at once and then one each ten minutes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 200 }), (waits) => {
      let tally: Tally = emptyTally;
      let at = now.getTime();
      const sent: number[] = [];
      for (const seconds of waits) {
        at += seconds * 1_000;
        if (whenToTell(aSubscriber(), tally, alert, new Date(at)).kind !== 'now') continue;
        tally = afterTelling(aSubscriber(), tally, new Date(at), { smsUsd: 0 });
        sent.push(at);
      }
      for (const [index, from] of sent.entries()) {
        const within = sent.slice(index).filter((each) => each - from < 3_600_000);
        expect(within.length).toBeLessThanOrEqual(6 + 6);
      }
    }),
  );
});
