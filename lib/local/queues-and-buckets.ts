import { existsSync, mkdirSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { buildApp } from 'fauxqs';
import { refusesStrangers } from './loopback.ts';
import { account, region } from './resolve.ts';

/** fauxqs on loopback: SQS, S3, and the part of SNS that feeds queues. */
export type QueuesAndBuckets = {
  readonly endpoint: string;
  /** Creates the queue, or gives an existing one these attributes. Returns its URL. */
  queue(name: string, attributes: Readonly<Record<string, string>>): string;
  queueUrl(name: string): string;
  bucket(name: string): void;
  /** Messages that wait, are delayed, or are with a reader. */
  depth(queueName: string): number;
  close(): Promise<void>;
};

export const databaseName = 'fauxqs.db';

type Fauxqs = Required<NonNullable<Parameters<typeof buildApp>[0]>>['stores'];

/**
 * Starts fauxqs in this process over its database in `dir`. Its own `startFauxqs` listens on every interface of the
 * machine, so the server is put together here from the parts that it puts together there.
 */
export async function startQueuesAndBuckets(dir: string): Promise<QueuesAndBuckets> {
  mkdirSync(dir, { recursive: true });
  returnMessagesOfDeadReaders(join(dir, databaseName));
  const parts = await fauxqsParts();
  const stores = { sqsStore: parts.SqsStore(), snsStore: parts.SnsStore(), s3Store: parts.S3Store() };
  const { sqsStore, snsStore, s3Store } = stores;
  const persistence = parts.PersistenceManager(dir);
  // Loading before the stores know their persistence: else each row that is read would be written again.
  persistence.load(sqsStore, snsStore, s3Store);
  sqsStore.persistence = persistence;
  snsStore.persistence = persistence;
  s3Store.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;

  const app = buildApp({ logger: false, defaultRegion: region, stores });
  app.addHook('preClose', async () => persistence.close());
  app.addHook('onRequest', (request, reply, next) => {
    if (refusesStrangers(request.raw, reply.raw)) reply.hijack();
    else next();
  });
  const endpoint = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('localhost', '127.0.0.1');
  // Its own URLs name a host `sqs.<region>.localhost`, which not every machine resolves.
  const queueUrl = (name: string) => `${endpoint}/${account}/${name}`;

  return {
    endpoint,
    queueUrl,
    queue: (name, attributes) => {
      const existing = sqsStore.getQueueByName(name);
      if (existing) existing.setAttributes({ ...attributes });
      else sqsStore.createQueue(name, queueUrl(name), `arn:aws:sqs:${region}:${account}:${name}`, { ...attributes });
      return queueUrl(name);
    },
    bucket: (name) => {
      if (!s3Store.hasBucket(name)) s3Store.createBucket(name);
    },
    depth: (name) => {
      const messages = sqsStore.inspectQueue(name)?.messages;
      return messages === undefined ? 0 : messages.ready.length + messages.delayed.length + messages.inflight.length;
    },
    close: async () => {
      await app.close();
    },
  };
}

/**
 * Makes messages visible that were with a reader when the last run ended. The readers died with it, so nobody can
 * answer for those messages, and waiting for their visibility timeout would only hold up the news.
 */
function returnMessagesOfDeadReaders(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  } catch (error) {
    // A database that fauxqs had not yet filled has no such table.
    if (!/no such table/.test((error as Error).message)) throw error;
  } finally {
    database.close();
  }
}

/** The parts of fauxqs that its entry point does not hand out; its version is pinned exactly. */
async function fauxqsParts(): Promise<{
  SqsStore: () => Fauxqs['sqsStore'];
  SnsStore: () => Fauxqs['snsStore'];
  S3Store: () => Fauxqs['s3Store'];
  PersistenceManager: (dir: string) => NonNullable<Fauxqs['sqsStore']['persistence']>;
}> {
  const dist = join(dirname(findPackageJSON('fauxqs', import.meta.url) ?? ''), 'dist');
  const part = async (file: string, name: string) => {
    const Part = (await import(pathToFileURL(join(dist, file)).href))[name];
    return (...words: unknown[]) => new Part(...words);
  };
  return {
    SqsStore: await part('sqs/sqsStore.js', 'SqsStore'),
    SnsStore: await part('sns/snsStore.js', 'SnsStore'),
    S3Store: await part('s3/s3Store.js', 'S3Store'),
    PersistenceManager: await part('persistence.js', 'PersistenceManager'),
  };
}
