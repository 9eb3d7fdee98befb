import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { type AttributeValue, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { noUsage } from '../../lib/core/cost/usage.ts';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { defaultPreferences } from '../../lib/core/subscriber/subscriber.ts';
import type { RunningState } from '../../lib/core/watchlist/running.ts';
import { digest } from '../../lib/pipeline/digest.ts';
import { noticeConfirmed } from '../../lib/pipeline/notice-confirmed.ts';
import { poll } from '../../lib/pipeline/poll.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { alertDeps, claimFeeds, fakeFetch, fresh, iso, minutes, pollDeps } from '../pipeline/world.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { aFeed } from './store-suite.ts';

// Rows as the first version wrote them (tests/fixtures/upgrade/first-layout.json: that version's own code, over a table): a
// feed polled twice, one story told, one refused by SNS, one waiting to be decided. A deploy of this version finds them so.
const url = new URL('../fixtures/upgrade/first-layout.json', import.meta.url);
const rows = JSON.parse(readFileSync(url, 'utf8'), (_, value: unknown) =>
  isBase64(value) ? Buffer.from(value.base64, 'base64') : value,
) as Record<string, AttributeValue>[];

let tables: LocalTables;
let client: DynamoDBClient;
let name: string;
let store: Store;

beforeAll(async () => {
  tables = await startLocalTables();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: tables.endpoint, region: 'eu-west-1', credentials });
});
afterAll(() => tables.stop());
beforeEach(async () => {
  name = await tables.create();
  for (const Item of rows) await client.send(new PutItemCommand({ TableName: name, Item }));
  store = dynamoStore(client, { name, retentionDays: 30, unmatchedDays: 30 });
});

const everything = {
  axis: { name: 'all' as const },
  since: '2026-11-01T00:00:00.000Z',
  until: '2026-12-01T00:00:00.000Z',
  cursor: null,
  limit: 10,
  readAtMost: 100,
  keep: () => true,
};

test('every row of the first version says that it is of layout 1', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) expect(row.v?.N, row.pk?.S).toBe('1');
});

describe('rows of the first version are read', () => {
  test('a feed, with all that polling had learnt', async () => {
    const [feed] = await store.feeds.list();
    expect(feed).toMatchObject({ config: aFeed('bbc'), origin: 'file', revision: 2 });
    expect(feed?.state).toMatchObject({ health: 'ok', failures: 0 });
    expect(feed?.state?.recent.length).toBeGreaterThan(0);
    expect(feed?.known.length).toBe(3 * 12);
  });

  test('its shard, as if nothing had been counted of what was not counted then', async () => {
    const [shard] = await store.feeds.shards();
    expect(shard?.feeds.bbc).toMatchObject({ paused: false });
    expect(shard?.counts).toMatchObject({ polls: expect.any(Number), stories: 0, matches: 0, known: 0 });
  });

  test('a feed of the second layout, too, and packed anew by the poll that changes it', async () => {
    const [before] = await store.feeds.get(['bbc']);
    const packed = deflateRawSync(JSON.stringify({ ...before?.state, problem: 'as layout 2 had it' }));
    const key = { pk: { S: 'FEED#bbc' }, sk: { S: 'FEED' } };
    const { Item: row } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    const { pollState: _, ...others } = row ?? {};
    await client.send(
      new PutItemCommand({ TableName: name, Item: { ...others, ...key, v: { N: '2' }, packed: { B: packed } } }),
    );
    await store.feeds.putConfig(aFeed('bbc', { name: 'Renamed' }), 'file');
    const [feed] = await store.feeds.get(['bbc']);
    expect(feed?.state).toEqual({ ...before?.state, problem: 'as layout 2 had it' });
    const state = { ...(feed?.state ?? newPollState(minutes(0))), problem: 'as layout 3 has it' };
    expect(await store.feeds.putPoll('bbc', { state, known: new Uint8Array(12), readRevision: 2 })).toBe(true);
    expect((await store.feeds.get(['bbc']))[0]?.state).toEqual(state);
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    expect(Item?.packed).toBeUndefined();
  });

  test('a feed of the third layout, by the words it was packed with', async () => {
    const learnt = Buffer.from(
      'q0aEGsTZaAFnaKhrZBJiYIEr4GCacIVeoiGWEIS4CzOYlDJKSgqKrfT1k/RSKxJzC3JS9YuKi5UwQg7qKHNigsfQlOjAMcYIHQA=',
      'base64',
    );
    const key = { pk: { S: 'FEED#bbc' }, sk: { S: 'FEED' } };
    const { Item: row } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    const { pollState: _, ...others } = row ?? {};
    await client.send(
      new PutItemCommand({ TableName: name, Item: { ...others, ...key, v: { N: '3' }, learnt: { B: learnt } } }),
    );
    expect((await store.feeds.get(['bbc']))[0]?.state).toEqual({
      health: 'moved',
      since: '2026-11-24T08:00:00.000Z',
      problem: 'moved',
      failures: 0,
      etag: 'W/"a1"',
      lastModified: null,
      moved: null,
      url: 'https://b.example/rss',
      recent: ['2026-11-24T07:00:00.000Z'],
      hints: { ttlMinutes: 15, updatePeriodMinutes: null, skipHours: [3], skipDays: [] },
    });
  });

  test('subscribers, as if they had asked for nothing but what they could ask for then', async () => {
    const { follow: _, ...preferences } = { follow: [], ...defaultPreferences };
    expect(await store.subscribers.get('reader')).toMatchObject({
      ...preferences,
      ...{ follow: ['iran'], consent: null, confirmed: null },
    });
    expect(await store.subscribers.get('confirmed')).toMatchObject({ channel: 'sms', timeZone: 'Asia/Tehran' });
    expect(await store.subscribers.tally('reader')).toMatchObject({ revision: 0 });
  });

  test('matches, as no copy of another', async () => {
    const { rows: matches } = await store.stories.page(everything);
    expect(matches.map(({ title, duplicateOf }) => [title, duplicateOf])).toEqual([
      ['Iran again', null],
      ['Iran speaks', null],
    ]);
  });

  test('stories, the one that waits among them', async () => {
    expect((await store.stories.undecided('9999', 10)).map(({ id }) => id)).toEqual(['waits']);
    const ids = (await store.stories.arrivals('2026-11-24')).flatMap((row) => row.ids);
    for (const id of ids) expect(await store.stories.get(id)).toMatchObject({ feed: 'bbc' });
  });

  test('which stories are running, and from then on packed', async () => {
    // Nothing ran over the fixture's feed; this is what the first layout held where something did.
    const state: RunningState = { v: 1, events: { truce: { stories: [[82_218, 3]], outlets: [['bbc', 493_310]] } } };
    const key = { pk: { S: 'WATCHLIST' }, sk: { S: 'RUNNING' } };
    const row = marshall({ kind: 'running', v: 1, state, revision: 7 });
    await client.send(new PutItemCommand({ TableName: name, Item: { ...key, ...row } }));
    expect(await store.control.running()).toEqual({ state, revision: 7 });
    expect(await store.control.putRunning(state, 7)).toBe(true);
    expect(await store.control.running()).toEqual({ state, revision: 8 });
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    expect(Item?.state).toBeUndefined();
  });

  test('the ledger: who was told, who was not, and that nothing was held', async () => {
    expect(await store.ledger.sentOn('2026-11-24', 10)).toHaveLength(3);
    const unsent = await store.ledger.unsent('9999', 10);
    expect(unsent.map(({ subscriber }) => subscriber).sort()).toEqual(['confirmed', 'integration', 'reader']);
    expect(unsent[0]).toMatchObject({ storyline: 'refused', held: null, waited: null });
  });

  test('the live watchlist and its versions', async () => {
    expect(await store.control.liveWatchlist()).toMatchObject({ version: 'abc123', by: 'command' });
    expect(await store.control.watchlistVersions(5)).toHaveLength(1);
    expect(await store.control.usage('2026-11')).toEqual([]);
    await store.control.addUsage('poll', iso(0), noUsage, null);
    expect(await store.control.usage('2026-11')).toHaveLength(1);
  });
});

describe('work goes on over rows of the first version', () => {
  test('a revision packs a story under layout 2, and it keeps what it had', async () => {
    const before = await store.stories.get('waits');
    expect(before).toMatchObject({ title: expect.stringContaining('Iran'), match: { entities: ['iran'] } });
    const revision = {
      at: iso(35),
      title: 'Iran waits no more',
      summary: 'S',
      match: null,
      tell: false,
      undecided: false,
    };
    await store.stories.revise('waits', revision);
    const revisions = [{ at: iso(35), title: before?.title }];
    expect(await store.stories.get('waits')).toEqual({
      ...before,
      title: 'Iran waits no more',
      summary: 'S',
      tell: false,
      revisions,
    });
    const key = { pk: { S: 'STORY#waits' }, sk: { S: 'STORY' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    expect(Item).toMatchObject({ v: { N: '2' }, packed: { B: expect.any(Uint8Array) } });
    expect(Item?.title).toBeUndefined();
    expect((await store.stories.undecided('9999', 10)).map(({ id }) => id)).toEqual(['waits']);
  });

  test('a sweep tells what was refused and decides what waited, each reader once', async () => {
    // This reader had followed the plain link, which the first version noted nowhere: SNS knows.
    const status = async (arn: string) => {
      return { state: 'confirmed' as const, address: null, subscriptionArn: `${arn}:1` };
    };
    const deps = alertDeps(store, { now: () => minutes(30) });
    expect(await noticeConfirmed({ ...deps, topics: { status } })).toBe(1);
    expect(await digest(deps)).toMatchObject({ decided: 1, failed: 0 });
    const told = deps.published.map(
      ({ topicArn, body }) => `${topicArn.split(':').at(-1)} ${/Iran \w+/.exec(body)?.[0]}`,
    );
    expect(told.toSorted()).toEqual([
      'integration Iran again',
      'integration Iran waits',
      'ww-confirmed Iran again',
      'ww-confirmed Iran waits',
      'ww-reader Iran again',
      'ww-reader Iran waits',
    ]);
    const again = alertDeps(store, { now: () => minutes(60) });
    expect(await digest(again)).toMatchObject({ decided: 0, redeemed: 0, failed: 0 });
    expect(again.published).toEqual([]);
  });

  test('a poll knows what the feed listed, stores what is new, and packs the state under layout 3', async () => {
    const listing = fresh([
      { title: 'Iran at last' },
      { title: 'Iran speaks' },
      { title: 'A cake' },
      { title: 'A seed' },
    ]);
    const { fetchFeed } = fakeFetch({ [aFeed('bbc').url]: listing });
    const message = await claimFeeds(store, [aFeed('bbc')], iso(40));
    const summary = await poll(message, pollDeps(store, fetchFeed, { now: () => minutes(40) }));
    expect(summary).toMatchObject({ polled: 1, stories: 1, seeded: 0, matches: 1 });
    const key = { pk: { S: 'FEED#bbc' }, sk: { S: 'FEED' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }));
    expect(Item).toMatchObject({ v: { N: '3' }, learnt: { B: expect.any(Uint8Array) } });
    expect(Item?.pollState).toBeUndefined();
    expect((await store.feeds.get(['bbc']))[0]).toMatchObject({ revision: 3, state: { health: 'ok' } });
  });
});

function isBase64(value: unknown): value is { readonly base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value;
}
