import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';

export type LocalTables = {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Makes an empty table with the keys of docs/decisions/0001-one-table.md and gives its name. */
  create(): Promise<string>;
  stop(): Promise<void>;
};

/** DynamoDB Local in a folder of its own, in memory where there is one: on a disk it waits for each write. */
export async function startLocalTables(): Promise<LocalTables> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'wirewatch-store-'));
  const local = await startDynamoDbLocal({ databaseDir: folder, pidFile: join(folder, 'java.pid') });
  const client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let tables = 0;
  return {
    client,
    endpoint: local.endpoint,
    async create() {
      tables += 1;
      const name = `stories-${tables}`;
      await client.send(new CreateTableCommand(tableOf(name)));
      return name;
    },
    async stop() {
      client.destroy();
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tableOf(name: string) {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    KeySchema: key('pk', 'sk'),
    AttributeDefinitions: ['pk', 'sk', 'workPk', 'workSk'].map((attribute) => ({
      AttributeName: attribute,
      AttributeType: 'S' as const,
    })),
    GlobalSecondaryIndexes: [
      { IndexName: 'byWork', KeySchema: key('workPk', 'workSk'), Projection: { ProjectionType: 'ALL' as const } },
    ],
  };
}
