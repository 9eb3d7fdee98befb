import { expect, onTestFinished, test } from 'vitest';
import { parseEventPattern } from '../../lib/local/event-pattern.ts';
import type { Invoked } from '../../lib/local/function-pool.ts';
import type { LocalEvent } from '../../lib/local/local-event.ts';
import { PositionLostError, type StreamClient, type StreamRecord } from '../../lib/local/stream-client.ts';
import { type StreamSource, startStreamSource } from '../../lib/local/stream-source.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type FakeShard = {
  readonly id: string;
  readonly parent?: string;
  readonly closed?: boolean;
  readonly numbers: number[];
};

const record = (number: number): StreamRecord => ({
  eventID: String(number),
  eventName: number % 10 === 9 ? 'REMOVE' : 'INSERT',
  dynamodb: { SequenceNumber: String(number), ApproximateCreationDateTime: 1_700_000_000 },
});

/** A stream in memory. An iterator is the shard and the number after which it reads. */
function stream(shards: readonly FakeShard[], lostNumbers: readonly string[] = []): StreamClient {
  return {
    shards: async () => shards.map(({ id, parent }) => ({ ShardId: id, ...(parent ? { ParentShardId: parent } : {}) })),
    iterator: async (id, after) => {
      if (after !== null && lostNumbers.includes(after)) throw new PositionLostError('TrimmedDataAccessException');
      return `${id}/${after ?? 0}`;
    },
    records: async (iterator) => {
      const [id, after] = iterator.split('/') as [string, string];
      const shard = shards.find((each) => each.id === id) as FakeShard;
      const Records = shard.numbers.filter((number) => number > Number(after)).map(record);
      const last = Records.at(-1)?.dynamodb.SequenceNumber ?? after;
      return { Records, ...(shard.closed ? {} : { NextShardIterator: `${id}/${last}` }) };
    },
  };
}

type Given = {
  readonly failures?: (numbers: readonly string[]) => Invoked | null;
  readonly source?: Partial<StreamSource>;
};

const returned = (payload: unknown): Invoked => ({ kind: 'returned', payload });
const threw: Invoked = { kind: 'failed', error: { errorType: 'Error', errorMessage: 'no', trace: [] } };

async function read(client: StreamClient, kept: Map<string, string>, { failures, source }: Given = {}) {
  const batches: string[][] = [];
  const givenUp: { DDBStreamBatchInfo: Record<string, unknown>; requestContext: Record<string, unknown> }[] = [];
  const events: LocalEvent[] = [];
  const running = startStreamSource(
    {
      streamArn: 'arn:stream',
      patterns: [parseEventPattern('{"eventName":["INSERT"]}')],
      batchSize: 4,
      reportsFailures: true,
      bisects: true,
      maxRetries: 1,
      maxAgeMs: 0,
      toRunTimeMs: (ms) => ms,
      invoke: async (event) => {
        const numbers = (event as { Records: StreamRecord[] }).Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
        batches.push(numbers);
        return failures?.(numbers) ?? returned({ batchItemFailures: [] });
      },
      giveUp: async (metadata) => {
        givenUp.push(metadata as (typeof givenUp)[0]);
      },
      ...source,
    },
    client,
    { get: (id) => kept.get(id), set: (id, position) => kept.set(id, position) },
    { databaseDir: temporaryFolder(), log: (event) => events.push(event) },
  );
  onTestFinished(() => running.stop());
  await eventually('the stream is read to its end', () => running.caughtUpAt > 0);
  return { batches, givenUp, events };
}

test('records come in order, in batches, without those that the filter holds back; the place is kept', async () => {
  const kept = new Map<string, string>();
  const { batches } = await read(stream([{ id: 'a', numbers: [1, 2, 9, 10, 11, 12, 19] }]), kept);
  expect(batches).toEqual([['1', '2', '10', '11'], ['12']]);
  expect(kept.get('a')).toBe('19');
});

test('it goes on behind the kept place', async () => {
  const { batches } = await read(stream([{ id: 'a', numbers: [1, 2, 3] }]), new Map([['a', '2']]));
  expect(batches).toEqual([['3']]);
});

test('where the kept place is lost it reads from the oldest record, and says so', async () => {
  const { batches, events } = await read(stream([{ id: 'a', numbers: [5, 6] }], ['2']), new Map([['a', '2']]));
  expect(batches).toEqual([['5', '6']]);
  expect(events).toEqual([
    expect.objectContaining({ kind: 'warning', message: expect.stringContaining('position 2 is lost') }),
  ]);
});

test('a shard is read after its parent, and a closed one once', async () => {
  const kept = new Map<string, string>();
  const shards = [
    { id: 'child', parent: 'old', numbers: [3] },
    { id: 'old', parent: 'gone', closed: true, numbers: [1, 2] },
  ];
  const { batches } = await read(stream(shards), kept);
  expect(batches).toEqual([['1', '2'], ['3']]);
  expect(Object.fromEntries(kept)).toEqual({ old: 'done', child: '3' });
});

test('the record that the function names is tried again alone; those before it are done, those behind it follow', async () => {
  let failed = 0;
  const failures = (numbers: readonly string[]) =>
    numbers.includes('3') && failed++ < 2 ? returned({ batchItemFailures: [{ itemIdentifier: '3' }] }) : null;
  const { batches, givenUp } = await read(stream([{ id: 'a', numbers: [1, 2, 3, 4] }]), new Map(), { failures });
  expect(batches).toEqual([['1', '2', '3', '4'], ['3'], ['3'], ['4']]);
  expect(givenUp).toEqual([]);
});

test('a batch that fails as a whole is halved down to the record at fault, which is given up with its place', async () => {
  const failures = (numbers: readonly string[]) => (numbers.includes('3') ? threw : null);
  const { batches, givenUp } = await read(stream([{ id: 'a', numbers: [1, 2, 3, 4] }]), new Map(), { failures });
  expect(batches).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['3'], ['4']]);
  expect(givenUp).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted' },
      DDBStreamBatchInfo: { shardId: 'a', startSequenceNumber: '3', endSequenceNumber: '3', batchSize: 1 },
    },
  ]);
});

test('without bisecting the whole batch is given up, once its retries are', async () => {
  const { batches, givenUp } = await read(stream([{ id: 'a', numbers: [1, 2, 3] }]), new Map(), {
    failures: () => threw,
    source: { bisects: false, maxRetries: 2 },
  });
  expect(batches).toHaveLength(3);
  expect(givenUp[0]?.DDBStreamBatchInfo).toMatchObject({ batchSize: 3 });
});

test('an id that is not of the batch fails all of it, as on Lambda', async () => {
  let calls = 0;
  const failures = () => (calls++ === 0 ? returned({ batchItemFailures: [{ itemIdentifier: 'nobody' }] }) : null);
  const { batches } = await read(stream([{ id: 'a', numbers: [1, 2] }]), new Map(), { failures });
  expect(batches).toEqual([['1', '2'], ['1'], ['2']]);
});
