import { join } from 'node:path';
import { GetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snsPublish } from '../../lib/adapters/aws-messages.ts';
import { lostAlerts, readLostAlert } from '../../lib/adapters/lost-alerts.ts';
import { snsTopics } from '../../lib/adapters/sns-topics.ts';
import type { LocalEvent } from '../../lib/local/local-event.ts';
import { type Outbox, openOutbox } from '../../lib/local/outbox.ts';
import { startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';
import { startSnsFront } from '../../lib/local/sns-front.ts';
import { openSnsState } from '../../lib/local/sns-state.ts';
import type { LostAlert, LostAlerts } from '../../lib/pipeline/lost-alerts.ts';
import { eventually } from '../local/support/eventually.ts';
import { temporaryFolder } from '../local/support/temporary-folder.ts';
import { type Endpoint, startEndpoint } from '../support/refusing-endpoint.ts';
import { aSubscriber } from './store-suite.ts';

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1';
const lostAlertsArn = 'arn:aws:sqs:us-east-1:000000000000:lost-alerts';
const policy = JSON.stringify({ deadLetterTargetArn: lostAlertsArn });
const nowMs = () => Date.parse('2026-11-25T12:00:00Z');

let sns: SNSClient;
let sqs: SQSClient;
let lost: LostAlerts;
let queueUrl: string;
let endpoint: Endpoint;
let said: LocalEvent[];
let outbox: Outbox;
let tokenOf: (topicArn: string) => string;
let close = async () => {};

/** The SDK's own clients against what stands in for SNS and SQS, and a reader's endpoint that fails. */
beforeEach(async () => {
  const folder = temporaryFolder();
  const queues = await startQueuesAndBuckets(join(folder, 'queues'));
  queueUrl = queues.queue('lost-alerts', { VisibilityTimeout: '360' });
  outbox = openOutbox(folder);
  const state = openSnsState(join(folder, 'sns.json'));
  said = [];
  const log = (event: LocalEvent) => void said.push(event);
  const parts = { state, outbox, queuesEndpoint: queues.endpoint, pageUrl: 'http://127.0.0.1:1', nowMs, log };
  const front = await startSnsFront(parts);
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  sns = new SNSClient({ endpoint: front.endpoint, ...common, maxAttempts: 1 });
  sqs = new SQSClient({ endpoint: queues.endpoint, ...common, maxAttempts: 1 });
  lost = lostAlerts(sqs, queueUrl);
  endpoint = await startEndpoint(500);
  tokenOf = (topicArn) => outbox.list(10).find((message) => message.topicArn === topicArn)?.token ?? '';
  close = async () => {
    for (const client of [sns, sqs]) client.destroy();
    await front.close();
    await queues.close();
    endpoint.close();
  };
});
afterEach(() => close());

async function subscribed(topics = snsTopics(sns, 'ww-', { keyArn, lostAlertsArn })) {
  const topicArn = await topics.create('hook', 'Wirewatch');
  await topics.subscribe(topicArn, 'https', endpoint.url);
  return { topicArn, subscriptionArn: await topics.confirm(topicArn, tokenOf(topicArn)) };
}

const policyOf = async (SubscriptionArn: string) =>
  (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes?.RedrivePolicy;

async function looked(count: number): Promise<readonly LostAlert[]> {
  let found: readonly LostAlert[] = [];
  await eventually(`${count} in the queue`, async () => {
    found = await lost.look();
    return found.length >= count;
  });
  return found;
}

test('an endpoint that answers 500 is asked four times, and the alert lies in the queue as it was', async () => {
  const { topicArn } = await subscribed();
  const message = { topicArn, subject: 'Iran speaks', body: '{"title":"متن"}' };
  await snsPublish(sns)(message);
  expect(await looked(1)).toEqual([{ ...message, lost: expect.stringMatching(/^20\d\d-.*Z$/) }]);
  expect(endpoint.posted).toHaveLength(4);
  expect(new Set(endpoint.posted.map(({ type }) => type))).toEqual(new Set(['Notification']));
  expect(JSON.stringify(await looked(1))).not.toContain('127.0.0.1');
});

test.each([
  [200, 1, 0],
  [404, 1, 1],
  [429, 4, 1],
])('an endpoint that answers %d is asked %d times, and %d alerts are given up', async (status, times, givenUp) => {
  endpoint.answer(status);
  await snsPublish(sns)({ topicArn: (await subscribed()).topicArn, subject: null, body: 'x' });
  await eventually('it was asked', () => endpoint.posted.length === times);
  expect(await looked(givenUp)).toHaveLength(givenUp);
  expect(endpoint.posted).toHaveLength(times);
});

test('a RedrivePolicy that names no queue is said, and the run goes on', async () => {
  const nowhere = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
  const { topicArn } = await subscribed(snsTopics(sns, 'ww-', { lostAlertsArn: nowhere }));
  endpoint.answer(404);
  await snsPublish(sns)({ topicArn, subject: null, body: 'x' });
  await eventually('it was said', () => said.length === 1);
  expect(said).toEqual([{ kind: 'error', message: expect.stringContaining(`did not reach ${nowhere}`) }]);
});

test('what is taken is hidden from the next, what is looked at stays, and what is removed is gone', async () => {
  const body = JSON.stringify({ TopicArn: 'arn:t', Message: 'm' });
  for (let index = 0; index < 12; index += 1)
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  const first = await lost.take();
  const second = await lost.take();
  expect(first.length + second.length).toBe(12);
  expect(new Set([...first, ...second].map(({ receipt }) => receipt)).size).toBe(12);
  for (const { receipt } of [...first, ...second]) await lost.remove(receipt);
  expect(await lost.take()).toEqual([]);
});

describe('a subscription', () => {
  test('by https is made with the queue, one by e-mail without', async () => {
    const topics = snsTopics(sns, 'ww-', { keyArn, lostAlertsArn });
    expect(await policyOf((await subscribed(topics)).subscriptionArn)).toBe(policy);
    const topicArn = await topics.create('mail', 'Wirewatch');
    await topics.subscribe(topicArn, 'email', 'a@example.org');
    expect(await policyOf(await topics.confirm(topicArn, tokenOf(topicArn)))).toBeUndefined();
  });

  test('of before there was the queue is given it when topics are renewed, however often', async () => {
    const made = await subscribed(snsTopics(sns, 'ww-'));
    expect(await policyOf(made.subscriptionArn)).toBeUndefined();
    const { renew } = snsTopics(sns, 'ww-', { keyArn, lostAlertsArn });
    for (let times = 0; times < 2; times += 1) await renew(aSubscriber('hook', { channel: 'https', ...made }));
    expect(await policyOf(made.subscriptionArn)).toBe(policy);
    await renew(aSubscriber('gone', { channel: 'https', ...made, subscriptionArn: `${made.topicArn}:gone` }));
  });

  test('that waits since before there was the queue is asked again as it is', async () => {
    const before = snsTopics(sns, 'ww-');
    const topicArn = await before.create('hook', 'Wirewatch');
    await before.subscribe(topicArn, 'https', endpoint.url);
    expect(await snsTopics(sns, 'ww-', { lostAlertsArn }).subscribe(topicArn, 'https', endpoint.url)).toBeNull();
    expect(new Set(outbox.list(10).map(({ token }) => token)).size).toBe(2);
  });
});

test.each(['', 'nonsense', 'null', '[]', '{}', '{"TopicArn":"arn:t"}', '{"TopicArn":"arn:t","Message":7}'])(
  'a message that SNS did not write is none: %s',
  (Body) => {
    expect(readLostAlert({ Body })).toBeNull();
  },
);
