import { expect, test } from 'vitest';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { reportFeeds } from '../../lib/pipeline/report-feeds.ts';
import { stats } from '../../lib/pipeline/stats.ts';
import { aFeed } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, minutes, type Published } from './world.ts';

async function withFeeds(ids: readonly string[]) {
  const store = memoryStore();
  const state = {
    ...newPollState(minutes(-3 * 24 * 60)),
    health: 'gone' as const,
    problem: 'gone (410)',
    failures: 12,
  };
  for (const id of ids) {
    await store.feeds.putConfig(aFeed(id, { paused: id === 'paused' }), 'file');
    await store.feeds.putPoll(id, { state, known: new Uint8Array([1]), readRevision: 0 });
  }
  const entry = { due: iso(0), claim: null, paused: false };
  await store.feeds.putShard('000', Object.fromEntries(ids.map((id) => [id, entry])));
  const published: Published[] = [];
  const report = (minute: number, publish = async (message: Published) => void published.push(message)) =>
    reportFeeds({
      feeds: store.feeds,
      control: store.control,
      publish,
      operationsTopic: 'arn:operations',
      now: () => minutes(minute),
      log: logLines().log,
    });
  return { published, report };
}

test('an ill feed is reported once, all of an hour in one message, and no paused one', async () => {
  const { published, report } = await withFeeds(['a', 'b', 'paused']);
  expect(await report(0)).toEqual({ reported: 2, failingPercent: 100 });
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({ topicArn: 'arn:operations', subject: 'Wirewatch: 2 feeds need a look' });
  expect(published[0]?.body).toMatch(/^a: .*gone/m);
  expect(published[0]?.body).not.toContain('paused');
  for (const minute of [15, 60, 120]) expect((await report(minute)).reported).toBe(0);
  expect(published).toHaveLength(1);
});

test('a report that SNS does not take is tried again', async () => {
  const { published, report } = await withFeeds(['a']);
  await expect(report(0, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect((await report(15)).reported).toBe(1);
  expect(published).toHaveLength(1);
});

test('what a message has no room for, of two reasons a feed, is counted in it', async () => {
  const { published, report } = await withFeeds(Array.from({ length: 130 }, (_, index) => `f${index}`));
  expect((await report(0)).reported).toBe(130);
  expect(published[0]?.body).toContain('and 160 more');
});

test('the share that fails is of the feeds that are polled, counted once an hour, and stats tells what the metric did', async () => {
  const store = memoryStore();
  const failing = { ...newPollState(minutes(-60)), health: 'broken' as const, failures: 2 };
  const states = { a: failing, b: { ...failing, failures: 1 }, c: newPollState(minutes(-60)), off: failing };
  for (const [id, state] of Object.entries(states)) {
    await store.feeds.putConfig(aFeed(id, { paused: id === 'off' }), 'file');
    await store.feeds.putPoll(id, { state, known: new Uint8Array([1]), readRevision: 0 });
  }
  const entry = { due: iso(0), claim: null, paused: false };
  await store.feeds.putShard('000', Object.fromEntries(Object.keys(states).map((id) => [id, entry])));
  const report = (minute: number) =>
    reportFeeds({
      feeds: store.feeds,
      control: store.control,
      publish: async () => {},
      operationsTopic: 'arn:operations',
      now: () => minutes(minute),
      log: logLines().log,
    });
  const told = async () => (await stats(store, minutes(20))).feedsFailing;
  expect(await told()).toBeNull();
  expect((await report(0)).failingPercent).toBeCloseTo(33.3, 1);
  expect((await report(15)).failingPercent).toBeNull();
  expect(await told()).toEqual({ count: 1, share: 1 / 3, at: iso(0) });
  await store.feeds.putPoll('a', { state: newPollState(minutes(30)), known: new Uint8Array([1]), readRevision: 1 });
  await report(60);
  expect(await told()).toEqual({ count: 0, share: 0, at: iso(60) });
});
