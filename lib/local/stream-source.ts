import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { failedItems } from './batch-failures.ts';
import { type EventPattern, matches } from './event-pattern.ts';
import type { Invoked } from './function-pool.ts';
import type { Log } from './local-event.ts';
import { PositionLostError, type Shard, type StreamClient, type StreamRecord } from './stream-client.ts';

export type StreamSource = {
  readonly streamArn: string;
  readonly patterns: readonly EventPattern[];
  readonly batchSize: number;
  readonly reportsFailures: boolean;
  readonly bisects: boolean;
  /** -1: for ever. */
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  invoke(event: unknown): Promise<Invoked>;
  /** Where the metadata of a batch goes that was given up. */
  giveUp(metadata: unknown): Promise<void>;
  toRunTimeMs(realMs: number): number;
};

/** How far each shard was read: a sequence number, or `done` for a closed shard read to its end. */
export type Positions = { get(shardId: string): string | undefined; set(shardId: string, position: string): void };

export type RunningStream = {
  /** Looks at once rather than at the next change. */
  wake(): void;
  /** When (performance.now) the last look began that found every shard read to its end. */
  readonly caughtUpAt: number;
  stop(): Promise<void>;
};

// A change of the database's file is what wakes the reader; this is for where no such sign comes.
const idleMs = 500;
// The sign comes a moment before the change can be read.
const settleMs = 8;
const shardsEveryMs = 30_000;

/** Reads the table's stream and calls the function, as an event source mapping of Lambda does. */
export function startStreamSource(
  source: StreamSource,
  client: StreamClient,
  positions: Positions,
  { databaseDir, log }: { readonly databaseDir: string; readonly log: Log },
): RunningStream {
  const stopping = new AbortController();
  const iterators = new Map<string, string>();
  let shards: readonly Shard[] = [];
  let shardsAt = Number.NEGATIVE_INFINITY;
  let caughtUpAt = Number.NEGATIVE_INFINITY;
  let woken = Promise.withResolvers<void>();
  let lastSign = Number.NEGATIVE_INFINITY;
  const wake = () => {
    lastSign = performance.now();
    woken.resolve();
  };
  const watcher = watch(databaseDir, wake);

  const open = async (shardId: string): Promise<string> => {
    const after = positions.get(shardId) ?? null;
    try {
      return await client.iterator(shardId, after);
    } catch (error) {
      if (!(error instanceof PositionLostError) || after === null) throw error;
      log({
        kind: 'warning',
        message: `the stream position ${after} is lost; reading ${shardId} from its oldest record`,
      });
      return client.iterator(shardId, null);
    }
  };

  /** True where the shard had something. */
  const readShard = async (shardId: string): Promise<boolean> => {
    const iterator = iterators.get(shardId) ?? (await open(shardId));
    const { Records, NextShardIterator } = await client.records(iterator);
    const wanted = Records.filter((record) => isWanted(record, source.patterns));
    for (let at = 0; at < wanted.length && !stopping.signal.aborted; at += source.batchSize) {
      await deliverAll(wanted.slice(at, at + source.batchSize), shardId);
    }
    if (stopping.signal.aborted) return false;
    const last = Records.at(-1)?.dynamodb.SequenceNumber;
    if (NextShardIterator === undefined) {
      positions.set(shardId, 'done');
      shardsAt = Number.NEGATIVE_INFINITY;
      iterators.delete(shardId);
    } else {
      if (last !== undefined) positions.set(shardId, last);
      iterators.set(shardId, NextShardIterator);
    }
    return Records.length > 0;
  };

  const deliverAll = (records: readonly StreamRecord[], shardId: string): Promise<void> =>
    deliver(records, source, stopping.signal, async (rest, reason) => {
      const from = rest[0]?.dynamodb.SequenceNumber;
      log({ kind: 'error', message: `gave up ${rest.length} stream record(s) from ${from}: ${reason}` });
      await source.giveUp(givenUp(source, shardId, rest, reason));
    });

  const look = async (): Promise<boolean> => {
    if (performance.now() - shardsAt > shardsEveryMs) {
      shards = await client.shards();
      shardsAt = performance.now();
    }
    const done = (id: string | undefined) => id !== undefined && positions.get(id) === 'done';
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    // A child is read after its parent, so that changes of one row stay in order.
    const readable = shards.filter(
      ({ ShardId, ParentShardId }) =>
        !done(ShardId) && (ParentShardId === undefined || !known.has(ParentShardId) || done(ParentShardId)),
    );
    const found = await Promise.all(readable.map(({ ShardId }) => readShard(ShardId)));
    return found.includes(true) || shardsAt === Number.NEGATIVE_INFINITY;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const began = performance.now();
      woken = Promise.withResolvers<void>();
      try {
        if (await look()) continue;
        caughtUpAt = began;
      } catch (error) {
        if (stopping.signal.aborted) return;
        iterators.clear();
        shardsAt = Number.NEGATIVE_INFINITY;
        if (!(error instanceof PositionLostError)) {
          log({ kind: 'error', message: `reading the table's stream: ${(error as Error).message}` });
          await sleep(500);
        }
      }
      const idle = new AbortController();
      const waitMs = began - lastSign < settleMs ? settleMs : idleMs;
      await Promise.race([woken.promise, sleep(waitMs, undefined, { signal: idle.signal }).catch(() => {})]);
      idle.abort();
    }
  };

  const looping = loop();
  return {
    wake,
    get caughtUpAt() {
      return caughtUpAt;
    },
    stop: async () => {
      stopping.abort();
      watcher.close();
      wake();
      await looping;
    },
  };
}

function isWanted(record: StreamRecord, patterns: readonly EventPattern[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matches(pattern, record));
}

/** Calls until all records are done or given up. A batch that fails is split, down to the record at fault. */
async function deliver(
  records: readonly StreamRecord[],
  source: StreamSource,
  stopping: AbortSignal,
  giveUp: (rest: readonly StreamRecord[], reason: string) => Promise<void>,
): Promise<void> {
  let left = records;
  const began = Date.now();
  for (let attempt = 0; left.length > 0 && !stopping.aborted; ) {
    const invoked = await source.invoke({ Records: left.map((record) => withRunTime(record, source)) });
    const done = doneUpTo(invoked, left, source.reportsFailures);
    if (done > 0) attempt = 0;
    left = left.slice(done);
    if (left.length === 0) return;
    if (source.bisects && left.length > 1) {
      // Where the function named the record at fault, that one alone; else halves.
      const middle = done > 0 ? 1 : Math.ceil(left.length / 2);
      await deliver(left.slice(0, middle), source, stopping, giveUp);
      left = left.slice(middle);
      continue;
    }
    attempt++;
    const tooOld = source.maxAgeMs > 0 && Date.now() - began > source.maxAgeMs;
    if (tooOld || (source.maxRetries >= 0 && attempt > source.maxRetries)) {
      const why = invoked.kind === 'failed' ? invoked.error.errorMessage : 'reported as failed';
      return giveUp(left, `${tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted'}, ${why}`);
    }
    await sleep(Math.min(100 * 2 ** (attempt - 1), 10_000), undefined, { signal: stopping }).catch(() => {});
  }
}

function doneUpTo(invoked: Invoked, records: readonly StreamRecord[], reportsFailures: boolean): number {
  if (invoked.kind === 'failed') return 0;
  if (!reportsFailures) return records.length;
  const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
  const failed = failedItems(invoked, numbers);
  if (failed === null) return 0;
  return failed.length === 0 ? records.length : Math.min(...failed.map((number) => numbers.indexOf(number)));
}

function withRunTime(record: StreamRecord, source: StreamSource): StreamRecord {
  const at = record.dynamodb.ApproximateCreationDateTime;
  if (at === undefined) return record;
  const runTime = Math.floor(source.toRunTimeMs(at * 1000) / 1000);
  return {
    ...record,
    eventSourceARN: source.streamArn,
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: runTime },
  } as StreamRecord;
}

/** What Lambda sends to an on-failure destination: where the records are, not what they hold. */
function givenUp(source: StreamSource, shardId: string, records: readonly StreamRecord[], reason: string): unknown {
  return {
    requestContext: { condition: reason.split(',')[0], approximateInvokeCount: source.maxRetries + 1 },
    responseContext: { statusCode: 200, functionError: reason },
    version: '1.0',
    timestamp: new Date(source.toRunTimeMs(Date.now())).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
      endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
      batchSize: records.length,
      streamArn: source.streamArn,
    },
  };
}
