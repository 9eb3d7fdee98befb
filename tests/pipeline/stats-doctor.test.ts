import { beforeEach, describe, expect, test } from 'vitest';
import { clockFindings } from '../../bin/commands/doctor.ts';
import { noUsage } from '../../lib/core/cost/usage.ts';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { noPollCounts } from '../../lib/core/feed/poll-counts.ts';
import type { FeedHealth } from '../../lib/core/feed/poll-state.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import { doctor } from '../../lib/pipeline/doctor.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { runFindings } from '../../lib/pipeline/run-findings.ts';
import { percentiles, stats } from '../../lib/pipeline/stats.ts';
import { subscribe } from '../../lib/pipeline/subscribe.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { fakeTopics } from './fake-topics.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, matcher, minutes } from './world.ts';

test.each([
  ['nothing', [], null],
  ['one', [7], { p50: 7, p95: 7, count: 1 }],
  ['two', [1, 9], { p50: 1, p95: 9, count: 2 }],
  ['unsorted', [5, 1, 4, 2, 3], { p50: 3, p95: 5, count: 5 }],
  ['a hundred', Array.from({ length: 100 }, (_, index) => 100 - index), { p50: 50, p95: 95, count: 100 }],
  ['numbers that sort otherwise as text', [10, 9, 100], { p50: 10, p95: 100, count: 3 }],
])('percentiles of %s, by nearest rank', (_, values, expected) => {
  expect(percentiles(values)).toEqual(expected);
});

let store: Store;
beforeEach(() => {
  store = memoryStore();
});

test('a day is counted: polls of today, stories, matches, alerts and how long they took', async () => {
  const free = { due: iso(0), claim: iso(0), paused: false };
  const found = { polls: 5, unchanged: 3, failed: 1, dropped: 2, stories: 4, matches: 1, known: 90 };
  const today = { ...noPollCounts, day: '2026-11-24', ...found };
  for (const [id, counts] of [
    ['000', today],
    ['001', today],
    ['002', { ...today, day: '2026-11-23' }],
  ] as const) {
    await store.feeds.putShard(id, { [`f${id}`]: free });
    await store.feeds.finish(id, iso(0), { [`f${id}`]: iso(9) }, counts);
  }
  await store.subscribers.put(aSubscriber('r'));
  for (const [index, publishedBefore] of [10, 60].entries()) {
    const id = `s${index}`;
    const story = aStory(id, {
      title: index === 0 ? 'Iran speaks' : 'Oil falls',
      published: iso(-publishedBefore),
      seen: iso(0),
      match: aMatch,
      undecidedSince: iso(0),
    });
    await store.stories.putNew(story);
    await decide(story, alertDeps(store, { now: () => minutes(1) }));
  }
  await store.control.putWatchlist({ version: 'v', key: 'k', applied: iso(0), by: 'deploy', entities: 1, events: 1 });
  const counted = await stats(store, minutes(30));
  expect(counted).toMatchObject({
    day: '2026-11-24',
    watchlist: { version: 'v', applied: iso(0) },
    polls: { all: 10, unchanged: 6, failed: 2, dropped: 4 },
    stories: 8,
    matches: 2,
    known: 180,
    alerts: { waiting: 0 },
    timeToAlert: { fromSeen: { p50: 60, p95: 60 }, fromPublished: { p50: 660, p95: 3_660 } },
  });
  expect(counted.timeToAlert.slowest[0]?.seconds).toBe(60);
});

test("time-to-alert is told by feed tier, of readers' alerts alone, and the slowest are named", async () => {
  const send = async (subscriber: string, story: string, tier: number, seconds: number) => {
    const claim = {
      ...{ storyline: `line-${story}`, state: 'new' as const, subscriber, story, tier, held: null, waited: null },
      ...{ published: iso(-1), seen: iso(0), decided: iso(0), claimed: iso(0) },
    };
    await store.ledger.claim(claim);
    await store.ledger.markSent(claim, new Date(minutes(0).getTime() + seconds * 1_000).toISOString());
  };
  for (let index = 0; index < 12; index += 1) await send('reader', `fast-${index}`, 1, 2);
  await send('reader', 'slow', 3, 40);
  await send('integration', 'slow', 3, 600);
  await send('integration', 'fast-0', 1, 600);
  const { alerts, timeToAlert } = await stats(store, minutes(30));
  const byChannel = { email: 0, sms: 0, https: 0, left: 13 };
  expect(alerts).toEqual({ sent: 13, byChannel, waiting: 0, integration: 2 });
  expect(timeToAlert).toMatchObject({ fromSeen: { p50: 2, p95: 40, count: 13 }, fromPublished: { p50: 62 } });
  expect(timeToAlert.byTier).toMatchObject([
    { tier: 1, fromSeen: { p50: 2, p95: 2, count: 12 }, fromPublished: { p50: 62 } },
    { tier: 3, fromSeen: { p50: 40, count: 1 } },
  ]);
  expect(timeToAlert.slowest).toHaveLength(10);
  expect(timeToAlert.slowest[0]).toEqual({
    ...{ story: 'slow', storyline: 'line-slow', subscriber: 'reader', tier: 3, seconds: 40 },
  });
});

test('alerts are counted by channel; whose reader has left, apart, and those for programs, too', async () => {
  const channels = { mail: 'email', phone: 'sms', hook: 'https', desk: 'email', gone: 'email' } as const;
  for (const [id, channel] of Object.entries(channels)) await store.subscribers.put(aSubscriber(id, { channel }));
  const story = aStory('s0', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
  await store.stories.putNew(story);
  const deps = alertDeps(store);
  await decide(story, deps);
  await store.subscribers.remove('gone');
  const { alerts } = await stats(store, minutes(1));
  expect(alerts).toMatchObject({
    sent: 5,
    byChannel: { email: 2, sms: 1, https: 1, left: 1 },
    integration: 1,
  });
  // The messages of them, as the month's usage counts them.
  expect(deps.counted.toSorted()).toEqual(['email', 'email', 'email', 'https', 'programs', 'sms']);
});

test('what SNS did not accept counts for no channel', async () => {
  await store.subscribers.put(aSubscriber('mail'));
  const story = aStory('s0', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
  await store.stories.putNew(story);
  const deps = alertDeps(store, { publish: () => Promise.reject(new Error('refused')) });
  await decide(story, deps);
  expect((await stats(store, minutes(1))).alerts).toMatchObject({ sent: 0, byChannel: { email: 0 } });
  expect(deps.counted).toEqual([]);
});

test('a day of many stories is counted without reading them', async () => {
  const stories = new Proxy(store.stories, {
    get: (_, name) => {
      throw new Error(`read by ${String(name)}`);
    },
  });
  expect(await stats({ ...store, stories }, minutes(0))).toMatchObject({ stories: 0, matches: 0 });
});

test('an empty day has no percentiles', async () => {
  expect(await stats(store, minutes(0))).toMatchObject({
    watchlist: null,
    feedsFailing: null,
    stories: 0,
    alerts: { sent: 0, waiting: 0 },
    timeToAlert: { fromPublished: null, fromSeen: null, slowest: [] },
  });
});

describe('doctor', () => {
  const { made: topics, topics: atSns } = fakeTopics();
  const findings = (minute = 0) =>
    doctor({
      store,
      subscribers: store.subscribers,
      topics,
      matcher,
      retentionDays: 30,
      unmatchedDays: 30,
      now: () => minutes(minute),
    });

  async function healthy(health: FeedHealth = 'ok') {
    await store.control.putWatchlist({ version: 'v', key: 'k', applied: iso(0), by: 'deploy', entities: 1, events: 1 });
    await store.feeds.putConfig(aFeed('bbc'), 'file');
    const state = { ...newPollState(minutes(-60)), health, problem: 'the words of the problem' };
    await store.feeds.putPoll('bbc', { state, known: new Uint8Array(), readRevision: 0 });
    await store.feeds.putShard('000', { bbc: { due: iso(5), claim: null, paused: false } });
    await store.control.putBeat('digest', iso(-10), {});
  }

  test('finds nothing in a healthy system', async () => {
    await healthy();
    expect(await findings()).toEqual([]);
  });

  test('names what an empty system lacks', async () => {
    const found = await findings();
    expect(found.map(({ level }) => level)).toEqual(['fault', 'fault']);
    expect(found.map(({ what }) => what).join()).toMatch(/no watchlist is live.*there are no feeds/);
    for (const { remedy } of found) expect(remedy).toContain('wirewatch apply');
  });

  test.each<[FeedHealth, 'fault' | 'warning' | null]>([
    ['ok', null],
    ['new', null],
    ['moved', null],
    ['gone', 'fault'],
    ['blocked', 'fault'],
    ['unreachable', 'warning'],
    ['not-a-feed', 'warning'],
    ['empty', 'warning'],
    ['too-large', 'warning'],
    ['busy', 'warning'],
    ['broken', 'warning'],
  ])('a feed that is %s is %s', async (health, level) => {
    await healthy(health);
    const found = await findings();
    expect(found.map((finding) => finding.level)).toEqual(level === null ? [] : [level]);
    if (level !== null)
      expect(found[0]?.what).toBe(`feed bbc is ${health} since ${iso(-60)}: the words of the problem`);
  });

  test('tells a subscriber who has not confirmed from one whom SNS has lost', async () => {
    await healthy();
    const request = { preferences: { follow: ['*'] }, consent: null };
    const sms = { ...request, channel: 'sms' as const, consent: 'form of 2026-11-20' };
    const deps = { subscribers: store.subscribers, topics, matcher, now: () => minutes(0) };
    await subscribe({ ...sms, address: '+4915112345678' }, deps);
    const pending = await subscribe({ ...request, channel: 'email', address: 'a@example.org' }, deps);
    const lost = await subscribe({ ...sms, address: '+4915112345679' }, deps);
    atSns.delete(lost.topicArn);
    const found = await findings();
    expect(found.map(({ level, what }) => `${level} ${what.split(' ')[1]}`).sort()).toEqual([
      `fault ${lost.id}`,
      `warning ${pending.id}`,
    ]);
  });

  test('finds work left lying, and a digest that has stopped', async () => {
    await healthy();
    await store.stories.putNew(aStory('s1', { match: aMatch, undecidedSince: iso(0) }));
    const refused = aStory('s2', { match: aMatch, undecidedSince: iso(0) });
    await store.stories.putNew(refused);
    await decide(refused, alertDeps(store, { publish: () => Promise.reject(new Error('refused')) }));
    expect((await findings(19)).map(({ what }) => what)).toEqual([]);
    expect((await findings(31)).map(({ what }) => what.replace(/20\S+/g, 'T'))).toEqual([
      '1 matches wait undecided, the oldest since T',
      '1 alerts were claimed and not sent, the oldest at T',
      'digest last ran at T',
    ]);
    const remedies = (await findings(31)).map(({ remedy }) => remedy);
    for (const remedy of remedies.slice(0, 2)) expect(remedy).toMatch(/log of the alert function.*wirewatch redrive/);
    expect(remedies[2]).toMatch(/schedule is enabled/);
  });

  test('finds a digest that has never run since there is a watchlist', async () => {
    await healthy();
    const never = memoryStore();
    const live = await store.control.liveWatchlist();
    if (live !== null) await never.control.putWatchlist(live);
    store = { ...store, control: never.control };
    await store.control.addUsage('schedule', iso(30), noUsage, null);
    expect(await findings(40)).toEqual([]);
    expect(await findings(41)).toMatchObject([
      { level: 'fault', what: `digest has not run since the watchlist of ${iso(0)}` },
    ]);
  });

  test.each<[FeedHealth, RegExp]>([
    ['gone', /take it out of feeds.yaml or give its new address/],
    ['blocked', /give an alternate address, or ask the publisher/],
    ['empty', /look at its address in a browser/],
    ['not-a-feed', /mend it in feeds.yaml/],
    ['unreachable', /wirewatch feed URL/],
    ['too-large', /wirewatch feed URL/],
    ['busy', /wirewatch feed URL/],
    ['broken', /wirewatch feed URL/],
  ])('the remedy for a feed that is %s', async (health, remedy) => {
    await healthy(health);
    expect((await findings())[0]?.remedy).toMatch(remedy);
  });

  describe('of the functions', () => {
    const used = { ...noUsage, invocations: 600 };
    const queues = { polls: 3, deadLetters: 0, undelivered: 0 };
    const run = async (minute: number, waiting = queues) =>
      (await runFindings({ store, queues: async () => waiting, now: () => minutes(minute) })).map(
        ({ level, what }) => `${level} ${what.replace(/20\S+?Z/g, 'T')}`,
      );

    test('says nothing while schedule is heard of, a queue is merely full, and each matches by what is live', async () => {
      await healthy();
      await store.control.addUsage('schedule', iso(30), used, null);
      await store.control.addUsage('poll', iso(31), used, 'v');
      expect(await run(60)).toEqual([]);
    });

    test('misses schedule when it has been silent for forty minutes, or never spoke since the deploy', async () => {
      await healthy();
      expect(await run(40)).toEqual([]);
      expect(await run(41)).toEqual(['fault schedule has not been heard of since T, so no feed is read']);
      await store.control.addUsage('schedule', iso(50), used, null);
      expect(await run(90)).toEqual([]);
      expect(await run(91)).toHaveLength(1);
    });

    test('names a function that matches by a watchlist which is not the live one', async () => {
      await healthy();
      await store.control.addUsage('schedule', iso(14), used, null);
      await store.control.addUsage('poll', iso(1), used, 'old');
      expect(await run(15)).toEqual([]);
      await store.control.addUsage('poll', iso(14), used, 'old');
      expect(await run(15)).toEqual(['fault poll still matched by watchlist old at T, though v is live since T']);
    });

    test('tells throttles from chance', async () => {
      await healthy();
      await store.control.addUsage('schedule', iso(14), { ...used, retried: 6 }, null);
      expect(await run(15)).toEqual([]);
      await store.control.addUsage('schedule', iso(14), { ...noUsage, retried: 10 }, null);
      expect(await run(15)).toEqual(['warning schedule had to repeat 16 requests to AWS in 600 runs since T']);
    });

    test('says that alarms reach nobody, where somebody is meant to hear them', async () => {
      await healthy();
      const heard = async (alarmsHeard?: () => Promise<boolean>) =>
        runFindings({ store, now: () => minutes(15), ...(alarmsHeard === undefined ? {} : { alarmsHeard }) });
      expect(await heard()).toEqual([]);
      expect(await heard(async () => true)).toEqual([]);
      expect(await heard(async () => false)).toMatchObject([
        {
          level: 'fault',
          what: expect.stringMatching(/^alarms reach nobody/),
          remedy: expect.stringContaining('open the link'),
        },
      ]);
    });

    test.each<[string, RegExp, () => Promise<void>]>([
      ['a schedule that is silent', /schedule is enabled/, async () => {}],
      [
        'a watchlist that is not taken up',
        /wirewatch apply --rollback/,
        () => store.control.addUsage('poll', iso(41), used, 'old'),
      ],
      ['throttles', /docs\/scale.md/, () => store.control.addUsage('alert', iso(41), { ...used, retried: 99 }, null)],
    ])('has a remedy for %s', async (_, remedy, happens) => {
      await healthy();
      await happens();
      const found = await runFindings({ store, now: () => minutes(41) });
      expect(found.map((finding) => finding.remedy).join()).toMatch(remedy);
    });

    test('counts what was given up and what never arrived', async () => {
      await healthy();
      expect(await run(15, { polls: 0, deadLetters: 2, undelivered: 1 })).toEqual([
        'fault 2 messages of feeds were given up after three tries (PollDeadLetters)',
        'fault 1 ticks or stretches of the stream never reached their function (Undelivered)',
      ]);
    });
  });
});

test.each([
  [0, []],
  [1, []],
  [6, ["this machine's clock is 6 minutes ahead of the system's"]],
  [-9, ["this machine's clock is 9 minutes behind the system's"]],
])('a clock that differs by %d minutes', (difference, expected) => {
  expect(clockFindings(0, difference * 60_000).map(({ what }) => what)).toEqual(expected);
});
