import { afterAll, beforeAll } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { storeSuite } from './store-suite.ts';

let tables: LocalTables;

beforeAll(async () => {
  tables = await startLocalTables();
});

afterAll(() => tables.stop());

// A table of its own for each part of the suite.
storeSuite('DynamoDB', async () =>
  dynamoStore(tables.client, { name: await tables.create(), retentionDays: 30, unmatchedDays: 30 }),
);
storeSuite('memory', async () => memoryStore());
