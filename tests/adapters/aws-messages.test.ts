import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { s3Objects, snsPublish, sqsSend } from '../../lib/adapters/aws-messages.ts';
import { readPollMessage } from '../../lib/adapters/poll-message.ts';
import { snsTopics } from '../../lib/adapters/sns-topics.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewatch-aws-'));
let fauxqs: QueuesAndBuckets;
let sns: SNSClient;
let sqs: SQSClient;
let s3: S3Client;

const settings = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

beforeAll(async () => {
  fauxqs = await startQueuesAndBuckets(folder);
  sns = new SNSClient(settings(fauxqs.endpoint));
  sqs = new SQSClient(settings(fauxqs.endpoint));
  s3 = new S3Client({ ...settings(fauxqs.endpoint), forcePathStyle: true });
});

afterAll(async () => {
  for (const client of [sns, sqs, s3]) client.destroy();
  await fauxqs.close();
  rmSync(folder, { recursive: true, force: true });
});

async function received(queueUrl: string): Promise<string[]> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  return (Messages ?? []).map(({ Body }) => Body ?? '');
}

const batch = { shard: '000', tick: '2026-11-24T09:00:00.000Z', feeds: ['irna-fa', 'bbc'] };

test('a poll message arrives as it was sent', async () => {
  const url = fauxqs.queue('polls', {});
  await sqsSend(sqs, url)([batch, { ...batch, shard: '001' }]);
  expect((await received(url)).map(readPollMessage)).toEqual([[batch, { ...batch, shard: '001' }]]);
});

test('a poll message of an older version, one batch alone, is read as well', () => {
  expect(readPollMessage(JSON.stringify(batch))).toEqual([batch]);
});

test.each(['null', '[]', '[null]', '{"shard":"000"}', '{"shard":"000","tick":"t","feeds":[1]}', 'nonsense'])(
  'a message that is none is refused: %s',
  (body) => {
    expect(() => readPollMessage(body)).toThrow();
  },
);

test('a queue that is not there is a throw', async () => {
  await expect(
    sqsSend(sqs, `${fauxqs.endpoint}/000000000000/nowhere`)([{ shard: '', tick: '', feeds: [] }]),
  ).rejects.toThrow();
});

describe('publishing', () => {
  async function subscribedQueue(name: string, filter: object | null) {
    const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `topic-${name}` }));
    const url = fauxqs.queue(`queue-${name}`, {});
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: Attributes?.QueueArn,
        ...(filter && { Attributes: { FilterPolicy: JSON.stringify(filter) } }),
      }),
    );
    return { topicArn, url };
  }

  test('carries subject, body and attributes, lists as such', async () => {
    const { topicArn, url } = await subscribedQueue('plain', null);
    const attributes = { entities: ['iran', 'سپاه'], priority: 'high' };
    await snsPublish(sns)({ topicArn, subject: 'Iran speaks', body: 'متن 停火', attributes });
    const [envelope] = (await received(url)).map((body) => JSON.parse(body));
    expect(envelope).toMatchObject({
      Subject: 'Iran speaks',
      Message: 'متن 停火',
      MessageAttributes: {
        entities: { Type: 'String.Array', Value: '["iran","سپاه"]' },
        priority: { Type: 'String', Value: 'high' },
      },
    });
  });

  // The stand-in does not look into lists, as SNS does; that they are sent as lists is asserted above.
  test('a filter policy holds back what it does not name', async () => {
    const { topicArn, url } = await subscribedQueue('filtered', { priority: ['high'] });
    const publish = snsPublish(sns);
    await publish({ topicArn, subject: null, body: 'yes', attributes: { priority: 'high' } });
    await publish({ topicArn, subject: null, body: 'no', attributes: { priority: 'low' } });
    expect((await received(url)).map((body) => JSON.parse(body).Message)).toEqual(['yes']);
  });

  test('to a topic that is gone is a throw', async () => {
    const publish = snsPublish(sns)({ topicArn: 'arn:aws:sns:eu-west-1:000000000000:gone', subject: null, body: 'x' });
    await expect(publish).rejects.toThrow();
  });
});

test('an object comes back as it was put, and lies compressed', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'watchlists' }));
  const objects = s3Objects(s3, 'watchlists');
  const bytes = new Uint8Array(200_000).map((_, index) => index % 17);
  await objects.putObject('watchlists/v1.bin', bytes);
  expect(Buffer.compare(await objects.getObject('watchlists/v1.bin'), bytes)).toBe(0);
  const raw = await s3.send(new GetObjectCommand({ Bucket: 'watchlists', Key: 'watchlists/v1.bin' }));
  expect((await raw.Body?.transformToByteArray())?.length).toBeLessThan(20_000);
  await expect(objects.getObject('watchlists/none.bin')).rejects.toThrow();
});

describe("subscribers' topics", () => {
  test('one under the prefix, the same when it is made again, gone when it is removed', async () => {
    const topics = snsTopics(sns, 'ww-one-');
    const arn = await topics.create('abc', 'Wirewatch');
    expect(arn.endsWith(':ww-one-abc')).toBe(true);
    expect(await topics.create('abc', 'Wirewatch')).toBe(arn);
    expect(await topics.status(arn)).toMatchObject({ state: 'lost', address: null });
    await topics.subscribe(arn, 'email', 'reader@example.org');
    expect(await topics.status(arn)).toMatchObject({ address: 'reader@example.org' });
    await topics.remove(arn);
    await topics.remove(arn);
    expect(await topics.status(arn)).toMatchObject({ state: 'lost', address: null });
  });

  test('all are removed over several pages of the list, and no topic of anybody else', async () => {
    const topics = snsTopics(sns, 'ww-many-');
    await Promise.all(Array.from({ length: 120 }, (_, index) => topics.create(`s${index}`, 'Wirewatch')));
    const other = await snsTopics(sns, 'other-').create('ww-many-x', 'Other');
    expect(await topics.removeAll()).toBe(120);
    expect(await topics.removeAll()).toBe(0);
    const { Topics } = await sns.send(new ListTopicsCommand({}));
    expect(Topics?.map(({ TopicArn }) => TopicArn)).toContain(other);
  });

  // What SNS itself answers and the stand-in does not: a subscription that waits, and one that is confirmed.
  describe('where SNS waits for a confirmation', () => {
    let server: Server;
    const asked: URLSearchParams[] = [];
    const answers: Record<string, string> = {
      Subscribe: '<SubscriptionArn>pending confirmation</SubscriptionArn>',
      ConfirmSubscription: '<SubscriptionArn>arn:aws:sns:eu-west-1:1:t:sub</SubscriptionArn>',
      ListSubscriptionsByTopic:
        '<Subscriptions><member><SubscriptionArn>PendingConfirmation</SubscriptionArn><Endpoint>a@example.org</Endpoint></member></Subscriptions>',
    };
    let topics: ReturnType<typeof snsTopics>;

    beforeAll(async () => {
      server = createServer(async (request, response) => {
        const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
        asked.push(body);
        const action = body.get('Action') ?? '';
        response.setHeader('content-type', 'text/xml');
        response.end(
          `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${answers[action]}</${action}Result></${action}Response>`,
        );
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      topics = snsTopics(new SNSClient(settings(`http://127.0.0.1:${port}`)), 'ww-');
    });
    afterAll(() => void server.close());

    test('there is no ARN yet, and it is pending', async () => {
      expect(await topics.subscribe('arn:t', 'email', 'a@example.org')).toBeNull();
      expect(await topics.status('arn:t')).toEqual({
        state: 'pending',
        address: 'a@example.org',
        subscriptionArn: null,
      });
    });

    test('what SNS lists as deleted for some days is lost', async () => {
      const before = answers.ListSubscriptionsByTopic ?? '';
      answers.ListSubscriptionsByTopic = before.replace('PendingConfirmation', 'Deleted');
      expect(await topics.status('arn:t')).toMatchObject({ state: 'lost' });
      answers.ListSubscriptionsByTopic = before;
    });

    test('confirming keeps a mail scanner that opens the link from ending the subscription', async () => {
      expect(await topics.confirm('arn:t', 'token')).toBe('arn:aws:sns:eu-west-1:1:t:sub');
      expect(asked.at(-1)?.get('AuthenticateOnUnsubscribe')).toBe('true');
    });
  });
});
