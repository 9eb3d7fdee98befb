import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  type ConsumedCapacity,
  CreateTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { matchLayout, packMatchRow } from '../../lib/adapters/store/pack-match.ts';
import { startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { MatchRow } from '../../lib/pipeline/ports/story-store.ts';
import { randomFrom } from './random-from.ts';

export type Measured = {
  readonly store: Store;
  /** Files matches by batches, many times as fast as one by one, laid out as the store lays them out. */
  file(rows: readonly MatchRow[]): Promise<void>;
  /** What a piece of work consumed, as DynamoDB itself counts: read and write request units, and calls. */
  cost<Result>(work: () => Promise<Result>): Promise<{ result: Result; units: number; calls: number }>;
  stop(): Promise<void>;
};

/** A store on DynamoDB Local, in memory where the machine has such a folder, that says what each question consumed. */
export async function measuredTable(): Promise<Measured> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'wirewatch-measured-'));
  const local = await startDynamoDbLocal({ databaseDir: folder, pidFile: join(folder, 'java.pid') });
  const client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createTable(client);
  const spent = { units: 0, calls: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      (args.input as { ReturnConsumedCapacity?: string }).ReturnConsumedCapacity = 'TOTAL';
      const answer = await next(args);
      const consumed = (answer.output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] }).ConsumedCapacity;
      for (const each of [consumed ?? []].flat()) spent.units += each.CapacityUnits ?? 0;
      spent.calls += 1;
      return answer;
    },
    { step: 'initialize', name: 'measured' },
  );
  return {
    store: dynamoStore(client, { name: 'stories', retentionDays: 30, unmatchedDays: 30 }),
    file: (rows) => fileAll(client, rows),
    async cost(work) {
      const before = { ...spent };
      const result = await work();
      return { result, units: spent.units - before.units, calls: spent.calls - before.calls };
    },
    async stop() {
      client.destroy();
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createTable(client: DynamoDBClient): Promise<void> {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: 'stories',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'workPk', 'workSk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      GlobalSecondaryIndexes: [
        { IndexName: 'byWork', KeySchema: key('workPk', 'workSk'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
}

async function fileAll(client: DynamoDBClient, rows: readonly MatchRow[]): Promise<void> {
  const puts = rows.flatMap((row) =>
    ['all#', ...row.entities.map((id) => `entity#${id}`), ...row.events.map((id) => `event#${id}`)].map((axis) => ({
      PutRequest: {
        Item: marshall({
          ...{ pk: `AXIS#${axis}#${row.published.slice(0, 7)}`, sk: `${row.published}#${row.id}` },
          ...{ kind: 'match', v: matchLayout, ...packMatchRow(row), expires: 4_000_000_000 },
        }),
      },
    })),
  );
  const batches = Array.from({ length: Math.ceil(puts.length / 25) }, (_, i) => puts.slice(i * 25, i * 25 + 25));
  const worker = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await client.send(new BatchWriteItemCommand({ RequestItems: { stories: batch } }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Matches of many minutes back from a time, each as large as one can be: three bytes a character, and no two alike, so that packing saves little. */
export function largeMatches(count: number, until: Date, everyMs: number): readonly MatchRow[] {
  return Array.from({ length: count }, (_, index): MatchRow => {
    const published = new Date(until.getTime() - index * everyMs).toISOString();
    const id = `story-${String(index).padStart(17, '0')}`;
    return {
      ...{
        id,
        storyline: id,
        duplicateOf: null,
        reached: [],
        title: han(300, index),
        url: `https://news.example/${'a'.repeat(100)}/${index}`,
      },
      ...{ source: `feed-${index % 40}`, outlet: `outlet-${index % 30}`, lang: 'zh', published, seen: published },
      ...{ entities: ['iran', index % 2 === 0 ? 'israel' : 'china'], events: index % 3 === 0 ? ['truce'] : [] },
      ...{
        priority: 'normal',
        words: Array.from({ length: 6 }, (_, word) => han(40, index + word + 1)),
        summary: han(200, index + 7),
      },
    };
  });
}

function han(length: number, seed: number): string {
  const random = randomFrom(seed);
  return Array.from({ length }, () => String.fromCodePoint(0x4e00 + Math.floor(random() * 20_000))).join('');
}
