import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import type { Store } from '../../lib/pipeline/ports.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { storeSuite } from './store-suite.ts';

let local: DynamoDbLocal;
let client: DynamoDBClient;
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-store-'));

beforeAll(async () => {
  local = await startDynamoDbLocal({ databaseDir: folder, pidFile: join(folder, 'java.pid') });
  client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  client.destroy();
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
});

let tables = 0;

/** A table of its own for each part of the suite, with the keys of docs/decisions/0001-one-table.md. */
async function newTable(): Promise<Store> {
  tables += 1;
  const name = `stories-${tables}`;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'workPk', 'workSk'].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S' as const,
      })),
      GlobalSecondaryIndexes: [
        { IndexName: 'byWork', KeySchema: key('workPk', 'workSk'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  return dynamoStore(client, { name, retentionDays: 30 });
}

storeSuite('DynamoDB', newTable);
storeSuite('memory', async () => memoryStore());
