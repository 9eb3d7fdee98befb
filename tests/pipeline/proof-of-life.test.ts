import { beforeEach, expect, test } from 'vitest';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { noPollCounts } from '../../lib/core/feed/poll-counts.ts';
import { emptyTally } from '../../lib/core/subscriber/tally.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { proveLife } from '../../lib/pipeline/proof-of-life.ts';
import { aFeed, aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, minutes } from './world.ts';

const days = (count: number) => minutes(count * 24 * 60);

let store: Store;
beforeEach(async () => {
  store = memoryStore();
  await store.feeds.putConfig(aFeed('bbc', { name: 'BBC News' }), 'file');
  await store.feeds.putShard('000', { bbc: { due: days(0).toISOString(), claim: null, paused: false } });
});

async function proved(day: number, fields: Parameters<typeof alertDeps>[1] = {}) {
  const now = () => days(day);
  const deps = alertDeps(store, { now, ...fields });
  const linkKeys = async () => [];
  const told = await proveLife({
    ...deps,
    feeds: store.feeds,
    linkKeys,
    publicUrl: 'https://wirewatch.example',
    afterDays: 7,
  });
  return { told, published: deps.published, lines: deps.lines };
}

const confirmed = { subscriptionArn: 'arn:aws:sns:eu-west-1:0:ww-r:1', created: days(0).toISOString() };

test.each([
  ['confirmed and silent for a week', confirmed, 1],
  ['not confirmed', { ...confirmed, subscriptionArn: null }, 0],
  ['paused', { ...confirmed, paused: true }, 0],
  ['subscribed for less than a week', { ...confirmed, created: days(1).toISOString() }, 0],
  ['in their quiet hours', { ...confirmed, quiet: { start: '08:00', end: '10:00', criticalPasses: false } }, 0],
])('a reader who is %s', async (_, fields, told) => {
  await store.subscribers.put(aSubscriber('r', fields));
  const found = await proved(7);
  expect(found.told).toBe(told);
  expect(found.published).toHaveLength(told);
});

test('who was told something lately is left alone, and hears a week after that', async () => {
  await store.subscribers.put(aSubscriber('r', confirmed));
  await store.subscribers.putTally('r', { ...emptyTally, lastTold: days(4).toISOString() }, 0);
  expect((await proved(8)).told).toBe(0);
  expect((await proved(11)).told).toBe(1);
  expect((await proved(12)).told).toBe(0);
  expect((await proved(18)).told).toBe(1);
});

test('it says what was polled on those days, and what fails', async () => {
  await store.subscribers.put(aSubscriber('r', confirmed));
  const state = { ...newPollState(days(0)), health: 'unreachable' as const, since: days(5).toISOString() };
  await store.feeds.putPoll('bbc', { state, known: new Uint8Array(), readRevision: 0 });
  for (const day of [1, 2]) {
    const counts = { ...noPollCounts, day: days(day).toISOString().slice(0, 10), polls: 96 };
    const claim = days(day).toISOString();
    await store.feeds.putShard('000', { bbc: { due: claim, claim, paused: false } });
    await store.feeds.finish('000', claim, { bbc: days(day + 1).toISOString() }, counts);
    await proved(day + 0.1);
  }
  const [message] = (await proved(7)).published;
  expect(message?.body).toMatch(/192\s+polls/);
  expect(message?.body).toContain('bbc');
});

test('a topic that refuses does not keep the others from hearing, and is tried again', async () => {
  await store.subscribers.put(aSubscriber('a', confirmed));
  await store.subscribers.put(aSubscriber('b', confirmed));
  const refused = await proved(7, {
    publish: async ({ topicArn }) => {
      if (topicArn.endsWith('-a')) throw new Error('throttled');
    },
  });
  expect(refused.told).toBe(1);
  expect(refused.lines).toContainEqual(
    expect.objectContaining({ event: 'proof of life not accepted', subscriber: 'a' }),
  );
  const { published } = await proved(7.1);
  expect(published.map(({ topicArn }) => topicArn)).toEqual([aSubscriber('a').topicArn]);
});
