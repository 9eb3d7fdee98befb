import { expect, test } from 'vitest';
import { decide } from '../../lib/pipeline/alert.ts';
import { digest } from '../../lib/pipeline/digest.ts';
import { poll } from '../../lib/pipeline/poll.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import { schedule } from '../../lib/pipeline/schedule.ts';
import { storedStories as storiesForReplay } from '../../lib/pipeline/stored-stories.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { crashingWorld } from './crashing-store.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, claimFeeds, fakeFetch, fresh, iso, logLines, minutes, type Published, pollDeps } from './world.ts';

const readers = ['a', 'b', 'c'];
const window = { since: '2026-11-01T00:00:00.000Z', until: iso(600), cursor: null, limit: 50, readAtMost: 50 };
const listed = async (store: Store) =>
  (await store.stories.page({ ...window, axis: { name: 'all' }, keep: () => true })).rows.map(({ id }) => id);

async function withReaders(): Promise<Store> {
  const store = memoryStore();
  for (const id of readers) await store.subscribers.put(aSubscriber(id));
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  return store;
}

/** In the end every reader, and the integration topic, has one claim for the story, and it is sent. */
async function expectAllTold(store: Store, id: string, published: readonly Published[], context: string) {
  const ledger = await store.ledger.ofStoryline(id);
  expect(ledger.map(({ subscriber }) => subscriber).sort(), context).toEqual([...readers, 'integration'].sort());
  expect(
    ledger.every(({ sent }) => sent !== null),
    context,
  ).toBe(true);
  expect(await listed(store), context).toContain(id);
  expect((await store.stories.get(id))?.undecidedSince, context).toBeNull();
  const told = new Map<string, number>();
  for (const { topicArn } of published) told.set(topicArn, (told.get(topicArn) ?? 0) + 1);
  expect([...told.keys()], context).toHaveLength(readers.length + 1);
  return [...told.values()];
}

const ways = ['before', 'after'] as const;

test.each(ways)(
  'a decision that ends %s any of its calls took effect is made good by the sweep alone',
  async (when) => {
    let calls = 0;
    for (let n = 1; ; n += 1) {
      const store = await withReaders();
      const story = aStory('s1', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
      await store.stories.putNew(story);
      const { published, publish } = alertDeps(store);
      const world = crashingWorld(store, publish, n, when);
      await decide(story, alertDeps(world.store, { publish: world.publish })).catch(() => {});
      const context = `call ${n}: ${world.failedAt()}`;

      for (const minute of [15, 30]) {
        const deps = alertDeps(store, { publish, now: () => minutes(minute) });
        await digest(deps);
      }
      const times = await expectAllTold(store, 's1', published, context);
      // A second message only where SNS had one and we could not note it: that reader, and those published beside it.
      const mayRepeat = ['publish', 'ledger.markSent'].includes(world.failedAt() ?? '');
      expect(Math.max(...times), context).toBeLessThanOrEqual(mayRepeat ? 2 : 1);
      calls = n;
      if (world.failedAt() === null) break;
    }
    expect(calls).toBeGreaterThan(10);
  },
);

test.each(ways)('a decision that ends %s a call and is delivered again at once tells nobody twice', async (when) => {
  for (let n = 1; ; n += 1) {
    const store = await withReaders();
    const story = aStory('s1', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
    await store.stories.putNew(story);
    const { published, publish } = alertDeps(store);
    const world = crashingWorld(store, publish, n, when);
    await decide(story, alertDeps(world.store, { publish: world.publish })).catch(() => {});
    const context = `call ${n}: ${world.failedAt()}`;
    await decide(story, alertDeps(store, { publish }));
    expect(new Set(published.map(({ topicArn }) => topicArn)).size, context).toBe(published.length);
    await digest(alertDeps(store, { publish, now: () => minutes(15) }));
    await expectAllTold(store, 's1', published, context);
    if (world.failedAt() === null) break;
  }
});

const items = [
  { title: 'Iran speaks', link: 'https://feed.example/a', at: 1 },
  { title: 'Israel answers', link: 'https://feed.example/b', at: 2 },
  { title: 'Weather', link: 'https://feed.example/c', at: 3 },
];
const seed = { title: 'A seed of no account', link: 'https://feed.example/seed', at: -60 };

test.each(ways)('a poll that ends %s any of its calls took effect loses no story and tells each once', async (when) => {
  let calls = 0;
  for (let n = 1; ; n += 1) {
    const store = await withReaders();
    const url = aFeed('bbc').url;
    const first = await claimFeeds(store, [aFeed('bbc')], iso(0));
    await poll(first, pollDeps(store, fakeFetch({ [url]: fresh([seed]) }).fetchFeed));

    const message = await claimFeeds(store, [aFeed('bbc')], iso(5));
    const listing = fakeFetch({ [url]: fresh([...items, seed]) });
    const world = crashingWorld(store, async () => {}, n, when);
    const at = (minute: number, into: Store) => pollDeps(into, listing.fetchFeed, { now: () => minutes(minute) });
    await poll(message, at(5, world.store)).catch(() => {});
    const context = `call ${n}: ${world.failedAt()}`;
    // The queue delivers it again; and what the claim no longer holds, the next due time brings.
    await poll(message, at(12, store));
    const { log } = logLines();
    await schedule(
      {
        feeds: store.feeds,
        log,
        send: async (batches) => {
          for (const next of batches) await poll(next, at(40, store));
        },
      },
      minutes(40),
    );

    const replayed = (await storiesForReplay({}, queryDeps(store))).stories.map(({ id }) => id);
    expect(new Set(replayed).size, context).toBe(items.length + 1);
    // Named, and not yet known to be: those may come twice, and no story ever not at all.
    const mayComeTwice = ['stories.announce', 'feeds.putPoll'].includes(world.failedAt() ?? '');
    if (!mayComeTwice) expect(replayed, context).toHaveLength(items.length + 1);

    const stories = await storedStories(store);
    expect(stories.map(({ title }) => title).sort(), context).toEqual(
      [...items, seed].map(({ title }) => title).sort(),
    );
    for (const { title } of items) {
      const story = stories.find((found) => found.title === title);
      expect(story?.tell, `${context}, ${title}`).toBe(true);
      expect(story?.revisions, context).toEqual([]);
    }
    const { published, publish } = alertDeps(store);
    const deps = alertDeps(store, { publish, now: () => minutes(60) });
    await digest(deps);
    await digest(deps);
    // Two matched stories, to three readers and the integration topic.
    expect(published, context).toHaveLength(8);
    expect((await store.feeds.shard('000'))?.feeds.bbc?.claim, context).toBeNull();
    calls = n;
    if (world.failedAt() === null) break;
  }
  expect(calls).toBeGreaterThan(7);
});

test.each(ways)('a seed that ends %s any of its calls took effect tells nobody', async (when) => {
  for (let n = 1; ; n += 1) {
    const store = await withReaders();
    const message = await claimFeeds(store, [aFeed('bbc')], iso(0));
    const listing = fakeFetch({
      [aFeed('bbc').url]: fresh([seed, { title: 'Iran undated', link: 'https://feed.example/u', at: null }]),
    });
    const world = crashingWorld(store, async () => {}, n, when);
    await poll(message, pollDeps(world.store, listing.fetchFeed)).catch(() => {});
    await poll(message, pollDeps(store, listing.fetchFeed, { now: () => minutes(7) }));
    const context = `call ${n}: ${world.failedAt()}`;
    expect(
      (await storedStories(store)).map(({ tell }) => tell),
      context,
    ).toEqual([false, false]);
    if (world.failedAt() === null) break;
  }
});

test('a retitled story whose revision ends midway is decided in its new words, and once', async () => {
  for (const when of ways) {
    for (let n = 1; ; n += 1) {
      const store = await withReaders();
      const url = aFeed('bbc').url;
      const live = { title: 'Live from Vienna this morning', link: 'https://feed.example/live', at: -60 };
      const polled = async (minute: number, title: string, into: Store) => {
        const message = await claimFeeds(store, [aFeed('bbc')], iso(minute));
        const { fetchFeed } = fakeFetch({ [url]: fresh([{ ...live, title }, seed]) });
        await poll(message, pollDeps(into, fetchFeed, { now: () => minutes(minute) })).catch(() => {});
      };
      await polled(0, live.title, store);
      const world = crashingWorld(store, async () => {}, n, when);
      await polled(5, 'Iran signs in Vienna', world.store);
      const context = `call ${n} ${when}: ${world.failedAt()}`;
      await polled(12, 'Iran signs in Vienna', store);
      await polled(18, 'Iran signs in Vienna', store);
      const found = (await storedStories(store)).find(({ title }) => title === 'Iran signs in Vienna');
      expect(found?.revisions, context).toHaveLength(1);
      const { published, publish } = alertDeps(store);
      await digest(alertDeps(store, { publish, now: () => minutes(60) }));
      expect(published, context).toHaveLength(readers.length + 1);
      if (world.failedAt() === null) break;
    }
  }
});

const queryDeps = (store: Store) => ({
  store,
  matcher: null,
  ...{ retentionDays: 90, unmatchedDays: 30 },
  now: () => minutes(60),
});

async function storedStories(store: Store): Promise<StoredStory[]> {
  const ids = new Set((await store.stories.arrivals('2026-11-24')).flatMap((row) => row.ids));
  const stories = await Promise.all([...ids].map((id) => store.stories.get(id)));
  return stories.filter((story) => story !== null);
}
