import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';
import type { LiveFiles } from './live-files.ts';
import type { Log } from './local-event.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from './queues-and-buckets.ts';
import { region } from './resolve.ts';
import { type SnsFront, startSnsFront } from './sns-front.ts';
import { openSnsState } from './sns-state.ts';

/** Environment variables that lead the SDK to the services of this run. */
export type Endpoints = Readonly<Record<string, string>>;

export type Services = {
  readonly dynamo: DynamoDBClient;
  readonly dynamoEndpoint: string;
  readonly sqs: SQSClient;
  readonly queues: QueuesAndBuckets;
  readonly sns: SnsFront;
  readonly outbox: Outbox;
  readonly endpoints: Endpoints;
  /** Sends JSON to the queue or topic of an ARN. */
  send(arn: string, message: unknown): Promise<void>;
  close(): Promise<void>;
};

type Parts = {
  readonly dataDir: string;
  readonly files: LiveFiles;
  readonly pageUrl: string;
  readonly nowMs: () => number;
  readonly log: Log;
};

const mostRestarts = 3;

/** Starts what stands for AWS here: DynamoDB Local, fauxqs and the SNS front. */
export async function startServices({ dataDir, files, pageUrl, nowMs, log }: Parts): Promise<Services> {
  const outbox = openOutbox(dataDir);
  const database = await keptAlive(dataDir, files.databaseDir, log);
  const { queues, sns } = await startQueues(files, pageUrl, outbox, dataDir, nowMs, log).catch(
    async (error: unknown) => {
      await database.stop();
      throw error;
    },
  );
  const credentials = { accessKeyId: files.accessKeyId, secretAccessKey: 'local' };
  const dynamo = new DynamoDBClient({ endpoint: database.endpoint, region, credentials });
  const sqs = new SQSClient({ endpoint: queues.endpoint, region, credentials });
  const topics = new SNSClient({ endpoint: sns.endpoint, region, credentials });

  return {
    dynamo,
    dynamoEndpoint: database.endpoint,
    sqs,
    queues,
    sns,
    outbox,
    endpoints: {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      AWS_ENDPOINT_URL_SNS: sns.endpoint,
      AWS_ENDPOINT_URL_S3: queues.endpoint,
      // The user's own profile and its settings are none of the functions' business.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    send: async (arn, message) => {
      const text = JSON.stringify(message);
      const name = arn.split(':').at(-1) as string;
      if (arn.includes(':sqs:')) {
        await sqs.send(new SendMessageCommand({ QueueUrl: queues.queueUrl(name), MessageBody: text }));
      } else {
        await topics.send(new PublishCommand({ TopicArn: arn, Message: text }));
      }
    },
    close: async () => {
      for (const client of [dynamo, sqs, topics]) client.destroy();
      await sns.close();
      await queues.close();
      await database.stop();
    },
  };
}

async function startQueues(
  files: LiveFiles,
  pageUrl: string,
  outbox: Outbox,
  dataDir: string,
  nowMs: () => number,
  log: Log,
): Promise<{ readonly queues: QueuesAndBuckets; readonly sns: SnsFront }> {
  const queues = await startQueuesAndBuckets(files.queueDir);
  const state = openSnsState(join(dataDir, 'sns.json'));
  return {
    queues,
    sns: await startSnsFront({ state, outbox, queuesEndpoint: queues.endpoint, pageUrl, nowMs, log }),
  };
}

/** DynamoDB Local, started again at the same address should Java end on its own. */
async function keptAlive(
  dataDir: string,
  databaseDir: string,
  log: Log,
): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const pidFile = join(dataDir, 'java.json');
  let current = await startDynamoDbLocal({ databaseDir, pidFile });
  const { endpoint, port } = current;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();

  const watchOver = (database: DynamoDbLocal, restarts: number): void => {
    void database.ended.then(({ expected, lastWords }) => {
      if (expected || stopping) return;
      log({ kind: 'error', message: `DynamoDB Local ended on its own (${lastWords || 'without a word'})` });
      if (restarts === mostRestarts) {
        log({ kind: 'error', message: 'DynamoDB Local keeps ending; stop with Ctrl-C and look at the data directory' });
        return;
      }
      restarting = startDynamoDbLocal({ databaseDir, pidFile, port })
        .then((next) => {
          current = next;
          log({ kind: 'warning', message: 'DynamoDB Local was started again' });
          watchOver(next, restarts + 1);
        })
        .catch((error: unknown) => log({ kind: 'error', message: (error as Error).message }));
    });
  };
  watchOver(current, 0);
  return {
    endpoint,
    stop: async () => {
      stopping = true;
      await restarting;
      await current.stop();
    },
  };
}
