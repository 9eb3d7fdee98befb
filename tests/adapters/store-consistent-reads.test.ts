import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';

/**
 * What a decision rests on is read as it was last written. DynamoDB Local reads all so, and cannot show the difference:
 * what is asked of the table is looked at instead.
 */
test.each<[string, (store: Store) => Promise<unknown>]>([
  ['whom a storyline was told to', ({ ledger }) => ledger.ofStoryline('s1')],
  ['which storylines are open', ({ storylines }) => storylines.open()],
  ['where a story was placed', ({ storylines }) => storylines.placed('s1')],
  ['what a reader was sent of late', ({ subscribers }) => subscribers.tally('r')],
  ['who reads', ({ subscribers }) => subscribers.list()],
  ['what a message is to say', ({ stories }) => stories.get('s1')],
])('%s is read consistently', async (_, read) => {
  const asked: unknown[] = [];
  const client = new DynamoDBClient({ region: 'eu-west-1' });
  client.middlewareStack.add(
    () => async (call) => {
      asked.push(call.input);
      const revision = { N: '7' };
      return { response: {}, output: { $metadata: {}, Items: [], Item: { pk: { S: 'p' }, revision } } } as never;
    },
    { step: 'initialize', priority: 'low' },
  );
  const store = dynamoStore(client, { name: 'stories', retentionDays: 30, unmatchedDays: 30 });
  await read(store).catch(() => {});
  expect(asked.length).toBeGreaterThan(0);
  for (const input of asked) expect(input).toMatchObject({ ConsistentRead: true });
});
