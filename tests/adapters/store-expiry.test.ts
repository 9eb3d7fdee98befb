import { DeleteItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { poll } from '../../lib/pipeline/poll.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { claimFeeds, fakeFetch, fresh, type Item, iso, minutes, pollDeps } from '../pipeline/world.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { aFeed, aMatch, aStory } from './store-suite.ts';

let tables: LocalTables;
let name: string;
let store: Store;

beforeAll(async () => {
  tables = await startLocalTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  name = await tables.create();
  store = dynamoStore(tables.client, { name, retentionDays: 90, unmatchedDays: 30 });
});

const dayOfMinutes = 24 * 60;
const seen = iso(0);

/** Days from first sight to the row's end. */
async function daysKept(pk: string, sk: string): Promise<number> {
  const { Item } = await tables.client.send(
    new GetItemCommand({ TableName: name, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  return (Number(Item?.expires?.N) - Date.parse(seen) / 1_000) / 86_400;
}

describe('a row is kept', () => {
  test('for 90 days where the story matched, for 30 where it did not', async () => {
    await store.stories.putNew(aStory('matched', { seen, match: aMatch }));
    await store.stories.putNew(aStory('plain', { seen, match: null }));
    await store.stories.announce('bbc', seen, ['matched', 'plain']);
    expect(await daysKept('STORY#matched', 'STORY')).toBe(90);
    expect(await daysKept('STORY#plain', 'STORY')).toBe(30);
    // By these a replay finds stories: as far back as it finds all.
    expect(await daysKept(`ARRIVALS#${seen.slice(0, 10)}`, `${seen}#bbc`)).toBe(30);
  });

  test.each([
    ['longer once a revision brings a match', null, aMatch, 90],
    ['as long as before where a revision brings none', null, null, 30],
    ['as long as before where a revision no longer matches', aMatch, null, 90],
  ])('%s', async (_, match, later, days) => {
    await store.stories.putNew(aStory('revised', { seen, title: 'First words', match }));
    const revision = { at: iso(5), title: 'Second words', summary: '', match: later, tell: false, undecided: false };
    await store.stories.revise('revised', revision);
    expect((await store.stories.get('revised'))?.title).toBe('Second words');
    expect(await daysKept('STORY#revised', 'STORY')).toBe(days);
  });
});

describe('a story whose row has expired', () => {
  const feed = aFeed('bbc');

  async function pollListing(items: readonly Item[], minute: number) {
    const { fetchFeed } = fakeFetch({ [feed.url]: fresh(items) });
    const message = await claimFeeds(store, [feed], iso(minute));
    return poll(message, pollDeps(store, fetchFeed, { now: () => minutes(minute) }));
  }

  async function expireStories(): Promise<void> {
    const days = new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :day',
      ExpressionAttributeValues: { ':day': { S: `ARRIVALS#${iso(1).slice(0, 10)}` } },
    });
    const { Items = [] } = await tables.client.send(days);
    const ids = Items.flatMap(({ ids }) => ids?.L ?? []).map(({ S = '' }) => S);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) {
      const Key = { pk: { S: `STORY#${id}` }, sk: { S: 'STORY' } };
      await tables.client.send(new DeleteItemCommand({ TableName: name, Key }));
    }
  }

  const told = async () => (await store.stories.undecided('9999', 10)).filter(({ tell }) => tell);

  test('is no news while the feed still lists it, whatever it would match now', async () => {
    const item = { title: 'Iran signs a treaty in Vienna today', link: 'https://feed.example/1' };
    await pollListing([{ title: 'A seed' }], 0);
    await pollListing([item, { title: 'A seed' }], 1);
    await expireStories();
    expect(await pollListing([item, { title: 'A seed' }], 31 * dayOfMinutes)).toMatchObject({ stories: 0, matches: 0 });
    expect(await told()).toEqual([]);
  });

  test('is stored again under a new title, and told to nobody, for its date is old', async () => {
    const link = 'https://feed.example/1';
    await pollListing([{ title: 'A seed' }], 0);
    await pollListing([{ title: 'A cake is baked', link }, { title: 'A seed' }], 1);
    await expireStories();
    const renamed = [{ title: 'Iran bakes a cake', link }, { title: 'A seed' }];
    expect(await pollListing(renamed, 31 * dayOfMinutes)).toMatchObject({ stories: 1, matches: 1 });
    expect(await told()).toEqual([]);
  });
});
