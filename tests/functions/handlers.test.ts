import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { commandEvent, httpApiEvent } from '../adapters/api/events.ts';
import { aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';

// The handlers as Lambda calls them, with events of Lambda's own form, over a table, a queue, a bucket and a web server
// on this machine.
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-handlers-'));
let local: DynamoDbLocal;
let fauxqs: QueuesAndBuckets;
let web: Server;
let store: Store;
let dynamo: DynamoDBClient;
let sqs: SQSClient;
let listed = '';
let feedUrl = '';

const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'test' } as Context;
const load = {
  apply: () => import('../../functions/apply.ts'),
  schedule: () => import('../../functions/schedule.ts'),
  poll: () => import('../../functions/poll.ts'),
  alert: () => import('../../functions/alert.ts'),
  digest: () => import('../../functions/digest.ts'),
  api: () => import('../../functions/api.ts'),
};

beforeAll(async () => {
  [local, fauxqs] = await Promise.all([
    startDynamoDbLocal({ databaseDir: folder, pidFile: join(folder, 'java.pid') }),
    startQueuesAndBuckets(join(folder, 'queues')),
  ]);
  web = createServer((_, response) => response.setHeader('content-type', 'application/rss+xml').end(listed));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  feedUrl = `http://${host}/feed.xml`;

  const settings: Record<string, string> = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: local.endpoint,
    AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
    AWS_ENDPOINT_URL_SNS: fauxqs.endpoint,
    AWS_ENDPOINT_URL_S3: fauxqs.endpoint,
    TABLE: 'stories',
    BUCKET: 'watchlists',
    QUEUE_URL: fauxqs.queue('polls', { VisibilityTimeout: '600' }),
    PUBLIC_URL: 'https://wirewatch.example',
    PAGE_DIR: 'page',
    SIGN_IN_ISSUER: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool',
    SIGN_IN_CLIENT: 'client',
    SIGN_IN_URL: 'https://sign-in.example',
    PROOF_DAYS: '7',
    DEAD_LETTERS_URL: fauxqs.queue('dead-letters', {}),
    UNDELIVERED_URL: fauxqs.queue('undelivered', {}),
    LOST_ALERTS_URL: fauxqs.queue('lost-alerts', {}),
    LOST_ALERTS_ARN: 'arn:aws:sqs:eu-west-1:000000000000:lost-alerts',
    INTEGRATION_TOPIC: 'arn:aws:sns:eu-west-1:000000000000:none',
    OPERATIONS_TOPIC: 'arn:aws:sns:eu-west-1:000000000000:operations',
    TOPIC_PREFIX: 'ww-',
    TOPIC_KEY: 'arn:aws:kms:eu-west-1:000000000000:key/1',
    RETENTION_DAYS: '30',
    UNMATCHED_DAYS: '30',
    SMS_USD: '0.1',
    BACKFILL_MINUTES: '0',
    ALLOW_HOSTS: host,
    CONFIG_DIR: 'config',
    POWERTOOLS_METRICS_NAMESPACE: 'Wirewatch',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_DEV: 'false',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  fauxqs.bucket('watchlists');
  dynamo = new DynamoDBClient({});
  sqs = new SQSClient({});
  store = dynamoStore(dynamo, { name: 'stories', retentionDays: 30, unmatchedDays: 30 });
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'stories',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'workPk', 'workSk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        { IndexName: 'byWork', KeySchema: key('workPk', 'workSk'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
});

afterAll(async () => {
  dynamo.destroy();
  sqs.destroy();
  web.close();
  await Promise.all([local.stop(), fauxqs.close()]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const item = (title: string, path: string, body = '') =>
  `<item><title>${title}</title><link>https://news.example/${path}</link><guid>${path}</guid><description>${body}</description><pubDate>${new Date(Date.now() - 60_000).toUTCString()}</pubDate></item>`;
const rss = (...items: string[]) =>
  `<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>${items.join('')}</channel></rss>`;

/** One tick: schedule sends, and poll takes each message as SQS would hand it over. */
async function tick(receiveCount = 1) {
  await (await load.schedule()).handler({});
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: process.env.QUEUE_URL, MaxNumberOfMessages: 10 }),
  );
  const Records = Messages.map(({ Body, MessageId }) => ({
    messageId: MessageId,
    body: Body,
    attributes: { ApproximateReceiveCount: String(receiveCount) },
  }));
  return (await load.poll()).handler({ Records } as unknown as SQSEvent, context);
}

/** The story's row as the stream hands it to Lambda: JSON, so that bytes are base64. */
async function streamed(id: string): Promise<DynamoDBStreamEvent> {
  const key = { pk: { S: `STORY#${id}` }, sk: { S: 'STORY' } };
  const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName: 'stories', Key: key, ConsistentRead: true }));
  const image = JSON.parse(
    JSON.stringify(Item, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)),
  );
  expect(typeof image.content?.B).toBe('string');
  const record = { eventName: 'INSERT', eventID: '1', dynamodb: { NewImage: image, SequenceNumber: '1' } };
  return { Records: [record] } as unknown as DynamoDBStreamEvent;
}

test('a story goes its whole way: applied, polled, streamed, decided, and swept where SNS refused', async () => {
  const gzip = (text: string) => gzipSync(text).toString('base64');
  const applied = await (await load.apply()).handler({
    feeds: {
      name: 'feeds.yaml',
      gzip: gzip(`feeds:\n- {id: news, url: "${feedUrl}", name: News, outlet: news, tier: 1, lang: en, country: GB}\n`),
    },
    watchlist: {
      name: 'watchlist.yaml',
      gzip: gzip('entities:\n  iran:\n    name: Iran\n    kind: state\n    aliases:\n      en: [Iran]\nevents: {}\n'),
    },
    dryRun: false,
  });
  expect(applied).toMatchObject({ applied: true, feeds: { added: ['news'] } });

  listed = rss(item('A seed of no account', 'seed'));
  expect(await tick()).toEqual({ batchItemFailures: [] });
  const shard = (await store.feeds.shards())[0];
  expect(shard?.feeds.news?.claim).toBeNull();
  await store.feeds.putShard('000', { news: { due: new Date(0).toISOString(), claim: null, paused: false } });

  const content = Array.from({ length: 300 }, (_, index) => `word${index}`).join(' ');
  listed = rss(
    item('Iran speaks', 'a', 'In short.').replace(
      '</item>',
      `<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">${content}</content:encoded></item>`,
    ),
    item('A seed of no account', 'seed'),
  );
  expect(await tick()).toEqual({ batchItemFailures: [] });
  const [waiting] = await store.stories.undecided('9999', 10);
  expect(waiting).toMatchObject({ title: 'Iran speaks', tell: true, match: { entities: ['iran'] } });
  expect(waiting?.content.length).toBeGreaterThan(500);

  const id = waiting?.id ?? '';
  const answer = await (await load.alert()).handler(await streamed(id), context);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect((await store.stories.get(id))?.undecidedSince).toBeNull();
  // The integration topic is not there, so its claim is left to the sweep.
  expect(await store.ledger.unsent('9999', 10)).toMatchObject([{ storyline: id, subscriber: 'integration' }]);
  expect(await (await load.digest()).handler()).toMatchObject({ swept: { decided: 0, redeemed: 0, failed: 0 } });
  expect(await store.control.beat('digest')).not.toBeNull();
});

test('a redrive decides at once what waits, empties the queues that told of it, and may be run twice', async () => {
  const { DEAD_LETTERS_URL: letters = '' } = process.env;
  await sqs.send(new SendMessageCommand({ QueueUrl: letters, MessageBody: '{}' }));
  await store.stories.putNew(aStory('waits', { match: aMatch, tell: false, undecidedSince: new Date().toISOString() }));
  const { handler } = await load.digest();
  expect(await handler({ redrive: true })).toMatchObject({ decided: 1, failed: 0, emptied: true });
  expect((await store.stories.get('waits'))?.undecidedSince).toBeNull();
  const left = await sqs.send(new ReceiveMessageCommand({ QueueUrl: letters, WaitTimeSeconds: 0 }));
  expect(left.Messages ?? []).toEqual([]);
  expect(await handler({ redrive: true })).toMatchObject({ decided: 0, failed: 0, emptied: true });
});

test('what an endpoint refused is named by doctor, sent again by a redrive, and gone', async () => {
  const sns = new SNSClient({});
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'ww-hook' }));
  const arrived = fauxqs.queue('hook', {});
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:hook';
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint }));
  sns.destroy();
  await store.subscribers.put(aSubscriber('hook', { channel: 'https', topicArn }));
  const MessageBody = JSON.stringify({ Type: 'Notification', TopicArn: topicArn, Subject: 'Iran', Message: '{"a":1}' });
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.LOST_ALERTS_URL, MessageBody }));

  const { handler: api } = await load.api();
  const doctor = async () =>
    (await api(commandEvent('GET', '/api/doctor') as never, context as never)) as { body: string };
  expect((await doctor()).body).toContain('subscriber hook (https): its endpoint refused 1 alerts');
  expect(await (await load.digest()).handler({ redrive: true })).toMatchObject({
    lostAlerts: { sent: 1, ended: 0, waiting: 0, failed: 0 },
  });
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: arrived, WaitTimeSeconds: 1 }));
  expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({ Subject: 'Iran', Message: '{"a":1}' });
  expect((await doctor()).body).not.toContain('refused');
  await store.subscribers.remove('hook');
});

test('a message on its second delivery is split and its feeds polled under the same claim', async () => {
  const due = { due: new Date(0).toISOString(), claim: null, paused: false };
  await store.feeds.putShard('000', { news: due, gone: due });
  expect(await tick(2)).toEqual({ batchItemFailures: [] });
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: process.env.QUEUE_URL, MaxNumberOfMessages: 10 }),
  );
  const singles = Messages.map(({ Body }) => JSON.parse(Body ?? '')[0].feeds).filter((feeds) => feeds.length === 1);
  expect(singles.flat().sort()).toEqual(['gone', 'news']);
});

describe('api', () => {
  const editor = { 'cognito:groups': '[editor]' };
  const reader = { 'cognito:groups': '[reader]' };
  const query = JSON.stringify({ query: '@iran AND speaks' });
  const call = async (event: unknown) => {
    const { handler } = await load.api();
    const answer = (await handler(event as Parameters<typeof handler>[0], context as never)) as unknown as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    };
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body || 'null') };
  };

  test.each<[string, unknown, number]>([
    ['a reader reads', httpApiEvent('GET', '/api/feeds', reader), 200],
    ['a reader tries a rule, for it changes nothing', httpApiEvent('POST', '/api/watchlist/try', reader, query), 200],
    ['a reader changes nothing', httpApiEvent('POST', '/api/feeds/news/pause', reader), 403],
    ['a reader removes nothing', httpApiEvent('DELETE', '/api/feeds/news', reader), 403],
    ['an editor changes', httpApiEvent('POST', '/api/feeds/news/pause', editor), 200],
    ['who is in no group reads nothing', httpApiEvent('GET', '/api/feeds', {}), 403],
    ['a request without a token is nobody', httpApiEvent('GET', '/api/feeds', null), 401],
    ['a command that IAM lets in changes', commandEvent('POST', '/api/feeds/news/resume'), 200],
    ['a body over the limit', httpApiEvent('POST', '/api/watchlist/try', editor, 'x'.repeat(17_000)), 413],
  ])('%s', async (_, event, status) => {
    const answer = await call(event);
    expect(answer).toMatchObject({ status });
    if (status >= 400) expect(answer).toMatchObject({ headers: { 'content-type': 'application/problem+json' } });
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a rule is tried against the text that was applied', async () => {
    const { body } = await call(commandEvent('POST', '/api/watchlist/try', query));
    expect(body).toMatchObject({ tried: 2, matched: [{ title: 'Iran speaks', matches: true }], next: null });
    expect(body.matched[0].evidence.map(({ text }: { text: string }) => text).sort()).toEqual(['Iran', 'speaks']);
  });
});
