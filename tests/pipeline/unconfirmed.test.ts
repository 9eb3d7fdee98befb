import { beforeEach, describe, expect, test } from 'vitest';
import { decide } from '../../lib/pipeline/alert.ts';
import { digest } from '../../lib/pipeline/digest.ts';
import { noticeConfirmed } from '../../lib/pipeline/notice-confirmed.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { stats } from '../../lib/pipeline/stats.ts';
import { confirm, type SubscribeDeps, subscribe } from '../../lib/pipeline/subscribe.ts';
import { aFeed, aMatch, aStory } from '../adapters/store-suite.ts';
import { fakeTopics } from './fake-topics.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, logLines, matcher, minutes } from './world.ts';

// SNS accepts what is published to a topic whose subscription nobody has confirmed, and throws it away.
const hour = 60;
const titles = ['Envoys sign an accord in Vienna', 'Rial falls to a record low', 'Quake shakes Kerman province'];

let store: Store;
let sns: ReturnType<typeof fakeTopics>;
beforeEach(async () => {
  store = memoryStore();
  sns = fakeTopics();
  await store.feeds.putConfig(aFeed('bbc'), 'file');
});

const at = (minute: number): SubscribeDeps => ({
  ...{ subscribers: store.subscribers, topics: sns.made, matcher, now: () => minutes(minute) },
});
const join = (preferences: Readonly<Record<string, unknown>> = {}) =>
  subscribe(
    { channel: 'email', address: 'a@example.org', consent: null, preferences: { follow: ['*'], ...preferences } },
    at(0),
  );
const paste = (topicArn: string, minute: number) =>
  confirm(`https://sns.example/?TopicArn=${encodeURIComponent(topicArn)}&Token=good`, at(minute));

/** A story of its own development is decided in that minute; gives what was published to readers. */
async function happens(index: number, minute: number): Promise<readonly string[]> {
  const story = aStory(`s${index}`, {
    title: titles[index],
    match: aMatch,
    undecidedSince: iso(minute),
    seen: iso(minute),
  });
  await store.stories.putNew(story);
  const deps = alertDeps(store, { now: () => minutes(minute) });
  await decide(story, deps);
  return toReaders(deps.published);
}

async function sweeps(minute: number) {
  const noticed = await noticeConfirmed({ ...at(minute), log: logLines().log });
  const deps = alertDeps(store, { now: () => minutes(minute) });
  const summary = await digest(deps);
  return { noticed, summary, told: toReaders(deps.published) };
}

function toReaders(published: readonly { readonly topicArn: string; readonly body: string }[]): readonly string[] {
  return published.filter(({ topicArn }) => topicArn !== 'arn:integration').map(({ body }) => body);
}

describe('an alert to a reader who has not confirmed', () => {
  test('is not published, and counts neither as sent nor as waiting', async () => {
    await join();
    expect(await happens(0, 5)).toEqual([]);
    expect((await stats(store, minutes(6))).alerts).toMatchObject({ sent: 0, waiting: 0 });
    expect((await sweeps(15)).told).toEqual([]);
  });

  test('is told with what else waited, as one message, at the first sweep after the link was pasted', async () => {
    const { topicArn } = await join();
    await happens(0, 5);
    await happens(1, 10);
    await paste(topicArn, 12);
    const { summary, told } = await sweeps(15);
    expect(summary).toMatchObject({ told: 2, failed: 0 });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/until your subscription was confirmed:\s2\sstorylines/);
    for (const title of titles.slice(0, 2)) expect(told[0]).toContain(title);
    expect((await sweeps(30)).told).toEqual([]);
  });

  test('is told at the first sweep after the plain link was followed, of which SNS alone knows', async () => {
    const { topicArn, id } = await join();
    await happens(0, 5);
    await sns.made.confirm(topicArn, 'good');
    expect(await sweeps(15)).toMatchObject({ noticed: 1, told: [expect.stringContaining(titles[0] as string)] });
    expect(await store.subscribers.get(id)).toMatchObject({ confirmed: iso(15) });
    expect((await happens(1, 20)).join()).toContain(titles[1]);
  });

  test('is told where it was entered a moment after the confirmation, by who had read the list before', async () => {
    const { topicArn } = await join();
    const stale = await store.subscribers.list();
    await paste(topicArn, 14);
    expect((await sweeps(15)).told).toEqual([]);
    const story = aStory('late', { title: titles[0], match: aMatch, undecidedSince: iso(14), seen: iso(14) });
    await store.stories.putNew(story);
    await decide(
      story,
      alertDeps(store, { now: () => minutes(15), subscribers: { ...store.subscribers, list: async () => stale } }),
    );
    expect((await sweeps(30)).told).toHaveLength(1);
  });

  test.each([
    ['a day later', 24 * hour, true],
    ['on the second day', 47 * hour, true],
    ['on the third day', 49 * hour, false],
  ])('and who confirms %s', async (_, minute, isTold) => {
    const { topicArn } = await join();
    await happens(0, 5);
    for (let sweep = 15; sweep < minute; sweep += 6 * hour) expect((await sweeps(sweep)).told).toEqual([]);
    await sweeps(minute - 1);
    await paste(topicArn, minute);
    expect((await sweeps(minute + 15)).told).toHaveLength(isTold ? 1 : 0);
  });

  test('waits for nobody who has paused, and for quiet hours after the confirmation', async () => {
    const { topicArn, id } = await join({ quiet: '09:10-10:00' });
    await happens(0, 5);
    await paste(topicArn, 12);
    expect(await sweeps(15)).toMatchObject({ told: [], summary: { told: 0, failed: 0 } });
    const reader = await store.subscribers.get(id);
    if (reader !== null) await store.subscribers.put({ ...reader, paused: true });
    expect(await sweeps(75)).toMatchObject({ told: [], summary: { told: 1 } });
  });

  test('costs a sweep no write while it waits', async () => {
    await join();
    await happens(0, 5);
    let writes = 0;
    const counted = (name: 'postpone' | 'take' | 'end') => async () => {
      writes += 1;
      throw new Error(name);
    };
    const ledger = { ...store.ledger, postpone: counted('postpone'), take: counted('take'), end: counted('end') };
    await digest(alertDeps(store, { now: () => minutes(15), ledger }));
    expect(writes).toBe(0);
  });
});

test('a reader whom SNS has lost is published nothing more, and nothing counts as told', async () => {
  const { topicArn, id } = await join();
  await paste(topicArn, 1);
  expect(await happens(0, 5)).toHaveLength(1);
  const reader = await store.subscribers.get(id);
  if (reader !== null) await store.subscribers.put({ ...reader, subscriptionArn: null });
  expect(await happens(1, 10)).toEqual([]);
  expect((await stats(store, minutes(11))).alerts.sent).toBe(1);
});

test('SNS is asked of nobody who has confirmed, and one question that fails keeps no other from being asked', async () => {
  const made = [];
  for (const name of ['a', 'b', 'c']) {
    const request = { channel: 'email' as const, address: `${name}@example.org`, consent: null };
    made.push(await subscribe({ ...request, preferences: { follow: ['*'] } }, at(0)));
  }
  const [first, second, third] = made.map(({ topicArn }) => topicArn) as [string, string, string];
  await paste(first, 1);
  await sns.made.confirm(third, 'good');
  const asked: string[] = [];
  const status: typeof sns.made.status = async (arn) => {
    asked.push(arn);
    if (arn === second) throw new Error('throttled');
    return sns.made.status(arn);
  };
  const { log, lines } = logLines();
  expect(await noticeConfirmed({ ...at(15), topics: { status }, log })).toBe(1);
  expect(asked.toSorted()).toEqual([second, third].toSorted());
  expect(lines).toMatchObject([{ event: 'subscription not checked', error: 'Error: throttled' }]);
});
