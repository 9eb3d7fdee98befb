import { describe, expect, test } from 'vitest';
import { type AfterPollInput, afterPoll, neverAgain, newPollState } from '../../../lib/core/feed/after-poll.ts';
import type { FeedHead, ReadFeed } from '../../../lib/core/feed/feed-entry.ts';
import type { Fetched } from '../../../lib/core/feed/fetched.ts';
import type { PollState } from '../../../lib/core/feed/poll-state.ts';

const now = new Date('2026-11-24T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const minutesUntil = (iso: string) => (Date.parse(iso) - now.getTime()) / 60_000;

const head: FeedHead = {
  format: 'rss',
  title: 'A feed',
  link: null,
  description: '',
  language: null,
  ttlMinutes: null,
  updatePeriodMinutes: null,
  skipHours: [],
  skipDays: [],
};
const silentHeaders = {
  etag: null,
  lastModified: null,
  freshForSeconds: null,
  retryAfterSeconds: null,
  permanentUrl: null,
};

function fresh(headers: Partial<Fetched> = {}, body = ''): Fetched {
  const bytes = Buffer.from(body);
  return {
    kind: 'fresh',
    url: 'https://a.example/feed',
    body: bytes,
    contentType: null,
    ...silentHeaders,
    ...headers,
  } as Fetched;
}
function unchanged(headers: Partial<Fetched> = {}): Fetched {
  return { kind: 'unchanged', ...silentHeaders, ...headers } as Fetched;
}
function failed(reason: string, more: object = {}): Fetched {
  return {
    kind: 'failed',
    reason,
    status: null,
    message: `it is ${reason}`,
    retryAfterSeconds: null,
    ...more,
  } as Fetched;
}
function feed(hints: Partial<FeedHead> = {}, entries = 1): ReadFeed {
  const list = Array.from({ length: entries }, () => ({}) as never);
  return { kind: 'feed', feed: { ...head, ...hints }, entries: list, cuts: [], warnings: [] };
}
function state(more: Partial<PollState> = {}): PollState {
  return { ...newPollState(new Date('2026-11-01T00:00:00Z')), health: 'ok', ...more };
}
/** Everything but what the case is about is calm: nothing new, no jitter, a story each ten minutes. */
function poll(input: Partial<AfterPollInput>) {
  return afterPoll({
    state: state({ etag: '"e"', recent: [minutesAgo(5), minutesAgo(15), minutesAgo(25)] }),
    fetched: unchanged(),
    read: null,
    newestPublished: [],
    newStories: 0,
    everySeconds: null,
    now,
    jitter: 0,
    ...input,
  });
}

describe('what is remembered', () => {
  test('a poll that found nothing new gives back the very state it was given', () => {
    const before = state({ etag: '"e"', recent: [minutesAgo(5)] });
    const stored = JSON.parse(JSON.stringify(before)) as PollState;
    for (const fetched of [unchanged(), unchanged({ etag: '"e"' }), fresh({ etag: '"e"' })]) {
      const read = fetched.kind === 'fresh' ? feed() : null;
      const after = poll({ state: stored, fetched, read, newestPublished: [minutesAgo(5)] });
      expect(after.changed).toBe(false);
      expect(after.state).toBe(stored);
    }
  });

  test('the order in which a store gives the fields back is no change', () => {
    const before = state({ etag: '"e"', recent: [minutesAgo(5)] });
    const shuffled = Object.fromEntries(Object.entries(before).reverse()) as PollState;
    const hints = Object.fromEntries(Object.entries(before.hints).reverse()) as PollState['hints'];
    expect(poll({ state: { ...shuffled, hints }, fetched: fresh({ etag: '"e"' }), read: feed() }).changed).toBe(false);
  });

  test('a feed that dates its entries anew in every answer costs no write while nothing is new', () => {
    const before = state({ etag: '"e"', recent: [minutesAgo(60)] });
    const fetched = fresh({ etag: '"e"' });
    expect(poll({ state: before, fetched, read: feed(), newestPublished: [minutesAgo(0.1)] }).changed).toBe(false);
  });

  test.each([
    ['a 200 with both', fresh({ etag: '"2"', lastModified: 'now' }), ['"2"', 'now']],
    ['a 200 with one clears the other', fresh({ etag: '"2"' }), ['"2"', null]],
    ['a 200 with none clears both', fresh(), [null, null]],
    ['a 304 with none keeps both', unchanged(), ['"1"', 'then']],
    ['a 304 with a new etag', unchanged({ etag: '"2"' }), ['"2"', 'then']],
    ['a failure keeps both', failed('unreachable'), ['"1"', 'then']],
    ['410 keeps both', failed('gone'), ['"1"', 'then']],
  ])('validators after %s', (_, fetched, [etag, lastModified]) => {
    const read = fetched.kind === 'fresh' ? feed() : null;
    const after = poll({ state: state({ etag: '"1"', lastModified: 'then' }), fetched, read });
    expect(after.state).toMatchObject({ etag, lastModified });
  });

  test('an answer that is no feed keeps both validators', () => {
    const read: ReadFeed = { kind: 'unreadable', error: { kind: 'not-a-feed', message: 'a page' } };
    const after = poll({
      state: state({ etag: '"1"', lastModified: 'then' }),
      fetched: fresh({ etag: '"page"' }),
      read,
    });
    expect(after.state).toMatchObject({ etag: '"1"', lastModified: 'then', failures: 1 });
  });

  test('the twenty newest publishing times are kept, newest first, none of them ahead', () => {
    const times = Array.from({ length: 30 }, (_, i) => minutesAgo(i * 3 - 3));
    const after = poll({
      state: newPollState(now),
      fetched: fresh(),
      read: feed(),
      newestPublished: times.reverse(),
      newStories: 30,
    });
    expect(after.state.recent).toEqual(Array.from({ length: 20 }, (_, i) => minutesAgo(i * 3 + 3)));
  });

  test('a feed without dates teaches its rhythm by when its stories turned up', () => {
    const after = poll({
      state: state({ etag: '"1"', recent: [minutesAgo(30)] }),
      fetched: fresh(),
      read: feed(),
      newStories: 2,
    });
    expect(after.state.recent).toEqual([now.toISOString(), minutesAgo(30)]);
  });

  test('what the feed asks for is kept for the polls that bring no body', () => {
    const first = poll({ fetched: fresh({ etag: '"1"' }), read: feed({ ttlMinutes: 45, skipHours: [3] }) });
    expect(first.state.hints).toMatchObject({ ttlMinutes: 45, skipHours: [3] });
    expect(minutesUntil(poll({ state: first.state, fetched: unchanged() }).nextPollAt)).toBe(45);
  });
});

describe('when the next poll is due', () => {
  const calm = fresh({ etag: '"e"' });
  test.each<[string, Partial<AfterPollInput>, number]>([
    ['half the usual gap', {}, 5],
    ['max-age', { fetched: fresh({ freshForSeconds: 1_200 }), read: feed() }, 20],
    ['max-age below the cadence', { fetched: fresh({ freshForSeconds: 30 }), read: feed() }, 5],
    ['ttl', { fetched: calm, read: feed({ ttlMinutes: 30 }) }, 30],
    ['sy:updatePeriod', { fetched: calm, read: feed({ updatePeriodMinutes: 60 }) }, 60],
    ['Retry-After of a good answer', { fetched: fresh({ retryAfterSeconds: 7_200 }), read: feed() }, 120],
    ['every', { everySeconds: 900 }, 15],
    ['every below the cadence', { everySeconds: 60 }, 5],
    [
      'the longest of all',
      { fetched: fresh({ freshForSeconds: 600 }), read: feed({ ttlMinutes: 20 }), everySeconds: 1_800 },
      30,
    ],
    ['never more than a day', { fetched: fresh({ freshForSeconds: 31_536_000 }), read: feed() }, 24 * 60],
    ['Retry-After up to a week', { fetched: failed('busy', { retryAfterSeconds: 3 * 86_400 }) }, 3 * 24 * 60],
    ['Retry-After no further', { fetched: failed('busy', { retryAfterSeconds: 400 * 86_400 }) }, 7 * 24 * 60],
    ['a tenth by chance', { everySeconds: 3_600, jitter: 1 }, 66],
  ])('%s', (_, input, minutes) => {
    expect(minutesUntil(poll(input).nextPollAt)).toBeCloseTo(minutes, 5);
  });

  test('the reason is said', () => {
    expect(poll({}).why).toBe('stories come about every 10 min: 5 min');
    expect(poll({ everySeconds: 900 }).why).toBe('feeds.yaml says so (every): 15 min');
    expect(poll({ fetched: failed('unreachable') }).why).toContain('failed once (unreachable)');
  });

  test('skipHours and skipDays are waited out', () => {
    const noon = poll({ fetched: calm, read: feed({ skipHours: [12, 13, 14] }) });
    expect(noon.nextPollAt).toBe('2026-11-24T15:00:00.000Z');
    // 24 November 2026 is a Tuesday.
    const tuesday = poll({ fetched: calm, read: feed({ skipDays: [2, 3] }) });
    expect(tuesday.nextPollAt).toBe('2026-11-26T00:00:00.000Z');
    expect(tuesday.why).toContain('skipDays');
    const always = poll({ fetched: calm, read: feed({ skipDays: [0, 1, 2, 3, 4, 5, 6] }) });
    expect(minutesUntil(always.nextPollAt)).toBe(5);
  });
});

describe('failures', () => {
  test('the wait doubles up to a day, and the feed is never given up', () => {
    const waits: number[] = [];
    let current = state({ etag: '"e"', recent: [minutesAgo(1), minutesAgo(2)] });
    for (let i = 0; i < 16; i++) {
      const after = poll({ state: current, fetched: failed('unreachable') });
      waits.push(minutesUntil(after.nextPollAt));
      current = after.state;
    }
    expect(waits.slice(0, 10)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(waits.slice(10)).toEqual(Array(6).fill(24 * 60));
    expect(current.failures).toBe(12);
    expect(poll({ state: current, fetched: failed('unreachable') }).changed).toBe(false);
  });

  test('each wait is longer than the one before, whatever the rhythm of the feed', () => {
    for (const recent of [[], [minutesAgo(1), minutesAgo(3)], [minutesAgo(30), minutesAgo(90), minutesAgo(150)]]) {
      for (const reason of ['unreachable', 'broken', 'blocked', 'missing', 'too-large']) {
        let current = state({ recent });
        let last = 0;
        for (let i = 0; i < 5; i++) {
          const after = poll({ state: current, fetched: failed(reason) });
          expect(minutesUntil(after.nextPollAt), `${reason} ${i}`).toBeGreaterThanOrEqual(Math.min(24 * 60, last * 2));
          last = minutesUntil(after.nextPollAt);
          current = after.state;
        }
      }
    }
  });

  test('one good answer ends them', () => {
    const broken = state({ health: 'unreachable', failures: 9, problem: 'no', etag: '"e"', recent: [minutesAgo(5)] });
    expect(poll({ state: broken }).state).toMatchObject({
      health: 'ok',
      failures: 0,
      problem: '',
      since: now.toISOString(),
    });
  });

  test.each([
    ['blocked', 'blocked'],
    ['missing', 'broken'],
    ['busy', 'busy'],
    ['unreachable', 'unreachable'],
    ['too-large', 'too-large'],
    ['forbidden', 'broken'],
    ['broken', 'broken'],
    ['gone', 'gone'],
  ])('a fetch that is %s makes the feed %s', (reason, health) => {
    expect(poll({ fetched: failed(reason) }).state).toMatchObject({ health, problem: `it is ${reason}`, failures: 1 });
  });

  test('only 410 is never asked again', () => {
    expect(poll({ fetched: failed('gone') })).toMatchObject({ nextPollAt: neverAgain, holdHostUntil: null });
    expect(poll({ fetched: failed('missing') }).nextPollAt < neverAgain).toBe(true);
  });

  test('429 and 503 hold the whole host, for as long as it asks or we back off', () => {
    expect(minutesUntil(poll({ fetched: failed('busy', { retryAfterSeconds: 3_600 }) }).holdHostUntil!)).toBe(60);
    expect(minutesUntil(poll({ fetched: failed('busy') }).holdHostUntil!)).toBe(5);
    // Not for the rhythm of the one feed that complained.
    const slow = state({ etag: '"e"', recent: [minutesAgo(60 * 24 * 10)] });
    expect(minutesUntil(poll({ state: slow, fetched: failed('busy') }).holdHostUntil!)).toBe(5);
    for (const reason of ['blocked', 'missing', 'unreachable', 'broken']) {
      expect(poll({ fetched: failed(reason) }).holdHostUntil).toBe(null);
    }
  });

  test('a 304 to a feed of which nothing was known is an error', () => {
    expect(poll({ state: newPollState(now) }).state).toMatchObject({ health: 'broken', failures: 1 });
  });

  test.each([
    ['not-a-feed', 'not-a-feed'],
    ['empty', 'empty'],
    ['too-large', 'too-large'],
    ['broken', 'broken'],
  ] as const)('an answer that reads as %s makes the feed %s', (kind, health) => {
    const read: ReadFeed = { kind: 'unreadable', error: { kind, message: 'why' } };
    expect(poll({ fetched: fresh(), read }).state).toMatchObject({ health, problem: 'why', failures: 1 });
  });

  test('a feed that lists nothing is empty, and that is no failure', () => {
    expect(poll({ fetched: fresh(), read: feed({}, 0) }).state).toMatchObject({ health: 'empty', failures: 0 });
  });

  test('a page where a feed was is blocked; where none was it is no feed; a captcha is blocked at once', () => {
    const read: ReadFeed = { kind: 'unreadable', error: { kind: 'not-a-feed', message: 'a web page' } };
    const page = '<!DOCTYPE html><html><body>Welcome</body></html>';
    const captcha = '<html><head><title>Just a moment...</title></head></html>';
    const firstTime = newPollState(now);
    expect(poll({ fetched: fresh({}, page), read }).state.health).toBe('blocked');
    expect(poll({ state: firstTime, fetched: fresh({}, page), read }).state.health).toBe('not-a-feed');
    expect(poll({ state: firstTime, fetched: fresh({}, captcha), read }).state.health).toBe('blocked');
    expect(poll({ fetched: fresh({}, 'plain words'), read }).state.health).toBe('not-a-feed');
    // A site's own page that has a captcha in its comment form, where no feed ever was.
    const site = `<html><body>${'<p>news</p>'.repeat(2_000)}<script src="recaptcha.js"></script></body></html>`;
    expect(poll({ state: firstTime, fetched: fresh({}, site), read }).state.health).toBe('not-a-feed');
  });
});

describe('permanent moves', () => {
  const moved = (url: string | null) => unchanged({ permanentUrl: url } as Partial<Fetched>);
  const stateAfter = (start: PollState, answers: readonly Fetched[]) =>
    answers.reduce((current, fetched) => poll({ state: current, fetched }).state, start);
  const before = state({ etag: '"e"', recent: [minutesAgo(5)] });
  const there = 'https://new.example/feed';

  test('an address is adopted once three polls in a row were sent there', () => {
    expect(stateAfter(before, [moved(there)])).toMatchObject({
      url: null,
      moved: { url: there, polls: 1 },
      health: 'moved',
    });
    expect(stateAfter(before, [moved(there), moved(there)])).toMatchObject({ url: null, moved: { polls: 2 } });
    expect(stateAfter(before, [moved(there), moved(there), moved(there)])).toMatchObject({
      url: there,
      moved: null,
      health: 'moved',
      problem: expect.stringContaining(there),
    });
  });

  test('a move that is taken back, changes or meets a failure begins again', () => {
    expect(stateAfter(before, [moved(there), moved(there), moved(null)])).toMatchObject({ moved: null, health: 'ok' });
    expect(stateAfter(before, [moved(there), moved(there), moved('https://x.example/')])).toMatchObject({
      moved: { polls: 1 },
    });
    expect(stateAfter(before, [moved(there), moved(there), failed('unreachable')])).toMatchObject({
      url: null,
      moved: null,
    });
  });

  test('a page at the new address does not count as a move', () => {
    const read: ReadFeed = { kind: 'unreadable', error: { kind: 'not-a-feed', message: 'a web page' } };
    const polled = poll({ state: before, fetched: fresh({ permanentUrl: there } as Partial<Fetched>), read });
    expect(polled.state.moved).toBe(null);
  });

  test('an adopted address costs no further writes, and is given up after five failures', () => {
    const adopted = stateAfter(before, [moved(there), moved(there), moved(there)]);
    expect(poll({ state: adopted }).changed).toBe(false);
    const failing = stateAfter(adopted, Array(4).fill(failed('missing')));
    expect(failing).toMatchObject({ url: there, etag: '"e"' });
    expect(stateAfter(failing, [failed('missing')])).toMatchObject({ url: null, etag: null, lastModified: null });
  });
});
