import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { type UsageMeter, usageMeter } from '../../lib/adapters/usage-meter.ts';
import { noUsage } from '../../lib/core/cost/usage.ts';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { roomInShard } from '../../lib/core/feed/shard-plan.ts';
import { poll } from '../../lib/pipeline/poll.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { claimFeeds, fakeFetch, iso, minutes, pollDeps } from '../pipeline/world.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { aFeed, aMatch, aStory } from './store-suite.ts';

// What the table itself says that calls consumed, as AWS bills it.
let tables: LocalTables;
let meter: UsageMeter;
let store: Store;

beforeAll(async () => {
  tables = await startLocalTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: tables.endpoint, region: 'eu-west-1', credentials });
  meter = usageMeter();
  store = dynamoStore(meter.dynamo(client), { name: await tables.create(), retentionDays: 30, unmatchedDays: 30 });
});

describe('units', () => {
  test('of a read, strongly consistent: one for four kilobytes', async () => {
    await store.control.liveWatchlist();
    expect(meter.take()).toEqual({ ...noUsage, readUnits: 1 });
  });

  test('of a story that waits to be decided: the index is written as well, and again when the wait ends', async () => {
    const story = aStory('s1', { match: aMatch, undecidedSince: iso(0) });
    await store.stories.putNew(story);
    expect(meter.take().writeUnits).toBe(2);
    await store.stories.decided('s1', iso(0));
    expect(meter.take().writeUnits).toBe(2);
  });

  test('of a put whose condition fails: paid all the same', async () => {
    await store.stories.putNew(aStory('s1'));
    meter.take();
    expect(await store.stories.putNew(aStory('s1'))).toBe(false);
    expect(meter.take().writeUnits).toBe(1);
  });

  test('of feeds read for a poll: half of what else they cost, the whole where they were never polled', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) await store.feeds.putConfig(aFeed(id), 'file');
    meter.take();
    await store.feeds.getForPoll(ids);
    expect(meter.take().readUnits).toBe(6);
    const state = newPollState(minutes(0));
    for (const id of ids) await store.feeds.putPoll(id, { state, known: new Uint8Array(12), readRevision: 0 });
    meter.take();
    await store.feeds.getForPoll(ids);
    expect(meter.take().readUnits).toBe(2);
  });

  test('are taken once', async () => {
    await store.control.liveWatchlist();
    meter.take();
    expect(meter.take()).toEqual(noUsage);
  });
});

test('a full shard that finds nothing new makes one write, of one unit, as its claim was', async () => {
  const feeds = Array.from({ length: roomInShard }, (_, index) =>
    aFeed(`newsroom-${index}`, { url: `https://n${index}.example/rss` }),
  );
  const validators = {
    etag: '"1"',
    lastModified: null,
    freshForSeconds: null,
    retryAfterSeconds: null,
    permanentUrl: null,
  };
  const listing = Object.fromEntries(
    feeds.map(({ url }, index) => [
      url,
      {
        kind: 'fresh' as const,
        url,
        contentType: 'application/rss+xml',
        body: new TextEncoder().encode(
          `<rss version="2.0"><channel><title>N</title><item><guid>${index}</guid><title>Cake ${index}</title></item></channel></rss>`,
        ),
        ...validators,
      },
    ]),
  );
  await poll(await claimFeeds(store, feeds), pollDeps(store, fakeFetch(listing).fetchFeed));
  const message = await claimFeeds(store, feeds, iso(30));
  meter.take();
  const unchanged = Object.fromEntries(feeds.map(({ url }) => [url, { kind: 'unchanged' as const, ...validators }]));
  const summary = await poll(message, pollDeps(store, fakeFetch(unchanged).fetchFeed, { now: () => minutes(30) }));
  expect(summary).toMatchObject({ polled: roomInShard, unchanged: roomInShard, stories: 0 });
  const { writeUnits, transactedUnits } = meter.take();
  expect({ writeUnits, transactedUnits }).toEqual({ writeUnits: 1, transactedUnits: 0 });

  const [shard] = await store.feeds.shards();
  if (shard === undefined) throw new Error('the shard is gone');
  meter.take();
  expect(await store.feeds.claim(shard, message.feeds, iso(60))).toBe(true);
  expect(meter.take().writeUnits).toBe(1);
});

describe('usage in the table', () => {
  const used = { ...noUsage, invocations: 3, busyMs: 1.5, emails: 2, sms: 1, posts: 4, programs: 5 };

  test('adds up by function and month, with the watchlist of the last adding', async () => {
    await store.control.addUsage('poll', '2026-11-24T10:00:00.000Z', used, 'a');
    await store.control.addUsage('poll', '2026-11-24T10:15:00.000Z', used, 'b');
    await store.control.addUsage('poll', '2026-12-01T00:00:00.000Z', used, 'b');
    await store.control.addUsage('alert', '2026-11-24T10:15:00.000Z', used, null);
    const [alert, poll] = (await store.control.usage('2026-11')).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(alert).toMatchObject({ name: 'alert', watchlist: null, used });
    expect(poll).toEqual({
      name: 'poll',
      since: '2026-11-24T10:00:00.000Z',
      until: '2026-11-24T10:15:00.000Z',
      watchlist: 'b',
      used: { ...used, invocations: 6, busyMs: 3, emails: 4, sms: 2, posts: 8, programs: 10 },
    });
  });
});
