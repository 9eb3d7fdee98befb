import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionPool } from './function-pool.ts';
import { readJsonOr, writeJson } from './json-file.ts';
import type { LiveFiles } from './live-files.ts';
import type { Log } from './local-event.ts';
import type { EventSource } from './local-resources.ts';
import type { Services } from './local-services.ts';
import { startQueueSource } from './queue-source.ts';
import { streamClient } from './stream-client.ts';
import { type Positions, type RunningStream, startStreamSource } from './stream-source.ts';
import { type RunningClock, virtualMs } from './virtual-clock.ts';

export type RunningSources = {
  /** Has every stream looked at now. */
  wake(): void;
  /** Queues that a function reads, with what lies in them. */
  depths(): Readonly<Record<string, number>>;
  /** The streams have been read to their end since that moment (performance.now). */
  caughtUpSince(moment: number): boolean;
  stop(): Promise<void>;
};

type Context = {
  readonly services: Services;
  readonly files: LiveFiles;
  readonly find: (name: string) => FunctionPool;
  readonly clock: RunningClock;
  readonly log: Log;
};

/**
 * An execution environment is a thread with a heap of its own here, so more of them than cores bring nothing but their
 * weight: what is over waits, as it would for a throttled function.
 */
const mostAtOnce = Math.max(2, availableParallelism());

/** A batch that is with a function when the run ends may finish for so long. */
const patienceMs = 3000;

/** Starts the readers of every event source mapping. */
export function startEventSources(
  sources: readonly EventSource[],
  { services, files, find, clock, log }: Context,
): RunningSources {
  const toRunTimeMs = (realMs: number) => virtualMs(clock, realMs);
  const isQueue = ({ sourceArn }: EventSource) => sourceArn.includes(':sqs:');
  const queueNames = sources.filter(isQueue).map(({ sourceArn }) => sourceArn.split(':').at(-1) as string);

  const queueReaders = sources.filter(isQueue).map((source) => {
    const queueUrl = services.queues.queueUrl(source.sourceArn.split(':').at(-1) as string);
    const pool = find(source.functionName);
    return startQueueSource(
      {
        ...source,
        maxConcurrency: Math.min(source.maxConcurrency, mostAtOnce),
        queueArn: source.sourceArn,
        queueUrl,
        invoke: pool.invoke,
        toRunTimeMs,
      },
      services.sqs,
      log,
    );
  });

  const streams: readonly RunningStream[] = sources
    .filter((source) => !isQueue(source))
    .map((source) => {
      const pool = find(source.functionName);
      const client = streamClient(services.dynamoEndpoint, files.accessKeyId, source.sourceArn);
      const giveUp = async (metadata: unknown) => {
        if (source.onFailure !== null) await services.send(source.onFailure, metadata);
      };
      return startStreamSource(
        { ...source, streamArn: source.sourceArn, invoke: pool.invoke, giveUp, toRunTimeMs },
        client,
        positionsOf(files.positionsFile, source.id),
        { databaseDir: files.databaseDir, log },
      );
    });

  return {
    wake: () => {
      for (const stream of streams) stream.wake();
    },
    depths: () => Object.fromEntries(queueNames.map((name) => [name, services.queues.depth(name)])),
    caughtUpSince: (moment) => streams.every((stream) => stream.caughtUpAt >= moment),
    stop: async () => {
      const stopped = Promise.all([...queueReaders, ...streams].map((reader) => reader.stop()));
      // What is not done by then is cut off with its function, and read again at the next start.
      await Promise.race([stopped, sleep(patienceMs, undefined, { ref: false })]);
    },
  };
}

/** Kept in one file for all sources, beside the database that they are positions in. */
function positionsOf(file: string, sourceId: string): Positions {
  type Stored = Record<string, Record<string, string>>;
  const positions = readJsonOr<Stored>(file, {})[sourceId] ?? {};
  return {
    get: (shardId) => positions[shardId],
    set: (shardId, position) => {
      if (positions[shardId] === position) return;
      positions[shardId] = position;
      writeJson(file, { ...readJsonOr<Stored>(file, {}), [sourceId]: positions });
    },
  };
}
