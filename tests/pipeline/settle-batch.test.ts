import { expect, test } from 'vitest';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import type { PolledFeed } from '../../lib/pipeline/poll-feed.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { settleFeeds } from '../../lib/pipeline/settle-batch.ts';
import { aFeed } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, start } from './world.ts';

const learnt = { state: newPollState(start), known: Uint8Array.of(1, 2), readRevision: 0 };

const aPolled = (feed: string, fields: Partial<PolledFeed> = {}): PolledFeed => ({
  feed,
  host: `${feed}.example`,
  due: iso(60),
  notBefore: iso(30),
  polled: true,
  unchanged: false,
  failed: false,
  stories: 0,
  seeded: 0,
  matches: 0,
  known: 0,
  holdHostUntil: null,
  strict: [],
  arrived: [],
  learnt: null,
  ...fields,
});

async function settled(store: Store, polled: readonly PolledFeed[]) {
  const { log, lines } = logLines();
  for (const { feed } of polled) await store.feeds.putConfig(aFeed(feed), 'file');
  return { feeds: await settleFeeds(polled, { ...store, now: () => start, trace: 't', log }), lines };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);

test.each<[string, readonly PolledFeed[], readonly (readonly [string, number])[]]>([
  ['nothing where no feed brought any', [aPolled('a'), aPolled('b')], []],
  [
    'one row for all feeds of the batch, by the first that brought any',
    [aPolled('a'), aPolled('b', { arrived: ['x'] }), aPolled('c', { arrived: ['y', 'z'] })],
    [['b', 3]],
  ],
  [
    'several rows where one would be too large to store',
    [aPolled('a', { arrived: ids(11_000) })],
    [
      ['a', 5_000],
      ['a.1', 5_000],
      ['a.2', 1_000],
    ],
  ],
])('of what arrived is written: %s', async (_, polled, expected) => {
  const store = memoryStore();
  await settled(store, polled);
  const rows = await store.stories.arrivals(iso(0).slice(0, 10));
  expect(rows.map(({ by, ids: named }) => [by, named.length])).toEqual(expected);
});

test('a feed whose stories cannot be named learns nothing and is due in a minute; one that brought none is saved', async () => {
  const store = memoryStore();
  const failing = { ...store.stories, announce: () => Promise.reject(new Error('throttled')) };
  const polled = [aPolled('a', { arrived: ['x'], learnt }), aPolled('b', { learnt })];
  const { feeds } = await settled({ ...store, stories: failing }, polled);
  expect(feeds).toEqual([{ ...polled[0], failed: true, learnt: null, due: iso(1), notBefore: iso(1) }, polled[1]]);
  expect((await store.feeds.get(['a']))[0]?.state).toBeNull();
  expect((await store.feeds.get(['b']))[0]?.state).toEqual(learnt.state);
});

test('a feed whose state cannot be saved is due in a minute, and the others of its batch are saved', async () => {
  const store = memoryStore();
  const putPoll: Store['feeds']['putPoll'] = (id, poll) =>
    id === 'a' ? Promise.reject(new Error('throttled')) : store.feeds.putPoll(id, poll);
  const polled = [aPolled('a', { learnt }), aPolled('b', { learnt })];
  const { feeds, lines } = await settled({ ...store, feeds: { ...store.feeds, putPoll } }, polled);
  expect(feeds).toEqual([{ ...polled[0], failed: true, due: iso(1), notBefore: iso(1) }, polled[1]]);
  expect(lines).toEqual([expect.objectContaining({ event: 'poll broke', feed: 'a', error: 'Error: throttled' })]);
  expect((await store.feeds.get(['b']))[0]?.state).toEqual(learnt.state);
});
