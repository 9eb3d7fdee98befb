import { join } from 'node:path';
import { GetTopicAttributesCommand, SNSClient, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { snsSmsAccount } from '../../lib/adapters/sns-sms-account.ts';
import { isHeard, snsTopics } from '../../lib/adapters/sns-topics.ts';
import { type Outbox, openOutbox } from '../../lib/local/outbox.ts';
import { startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';
import { startSnsFront } from '../../lib/local/sns-front.ts';
import { openSnsState, type SnsState } from '../../lib/local/sns-state.ts';
import { renewTopics } from '../../lib/pipeline/renew-topics.ts';
import { temporaryFolder } from '../local/support/temporary-folder.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { minutes } from '../pipeline/world.ts';
import { aSubscriber } from './store-suite.ts';

let client: SNSClient;
let state: SnsState;
let outbox: Outbox;
let click: (topicArn: string) => void;
let close = async () => {};

/** The SDK's own client against the front that stands in for SNS. */
beforeEach(async () => {
  const folder = temporaryFolder();
  const queues = await startQueuesAndBuckets(join(folder, 'queues'));
  state = openSnsState(join(folder, 'sns.json'));
  outbox = openOutbox(folder);
  const nowMs = () => Date.parse('2026-11-25T12:00:00Z');
  const front = await startSnsFront({
    state,
    outbox,
    queuesEndpoint: queues.endpoint,
    pageUrl: 'http://127.0.0.1:1',
    nowMs,
    log: () => {},
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SNSClient({ endpoint: front.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  click = (topicArn) => void front.confirm(topicArn, tokenOf(topicArn));
  close = async () => {
    client.destroy();
    await front.close();
    await queues.close();
  };
});
afterEach(() => close());

const tokenOf = (topicArn: string) => outbox.list(10).find((message) => message.topicArn === topicArn)?.token ?? '';

test('a subscription is read with its ARN once it is confirmed, and pasted links protect it, also after a click', async () => {
  const topics = snsTopics(client, 'ww-');
  const topicArn = await topics.create('a', 'Wirewatch');
  expect(await topics.status(topicArn)).toEqual({ state: 'lost', address: null, subscriptionArn: null });
  expect(await topics.subscribe(topicArn, 'email', 'desk@example.org')).toBeNull();
  expect(await topics.status(topicArn)).toEqual({
    state: 'pending',
    address: 'desk@example.org',
    subscriptionArn: null,
  });
  click(topicArn);
  const clicked = await topics.status(topicArn);
  expect(clicked).toMatchObject({ state: 'confirmed', subscriptionArn: expect.stringContaining(`${topicArn}:`) });
  expect(await topics.isProtected(clicked.subscriptionArn ?? '')).toBe(false);
  expect(await topics.confirm(topicArn, tokenOf(topicArn))).toBe(clicked.subscriptionArn);
  expect(await topics.isProtected(clicked.subscriptionArn ?? '')).toBe(true);
  await topics.remove(topicArn);
  expect((await topics.status(topicArn)).state).toBe('lost');
});

test('SMS of the account: opt-outs, sandbox, numbers and limit, page by page', async () => {
  const numbers = Array.from({ length: 230 }, (_, index) => `+4915112${String(index).padStart(6, '0')}`);
  state.setSmsAccount({ optedOut: ['+4915112345678'], inSandbox: true, verified: numbers, monthlySpendLimit: '7.5' });
  const account = snsSmsAccount(client);
  expect(await snsTopics(client, 'ww-').isOptedOut('+4915112345678')).toBe(true);
  expect(await snsTopics(client, 'ww-').isOptedOut('+4915112345679')).toBe(false);
  expect(await account.inSandbox()).toBe(true);
  expect(await account.verifiedNumbers()).toEqual(numbers);
  expect(await account.originationCountries()).toEqual(['US']);
  expect(await account.spendLimitUsd()).toBe(7.5);
});

test('a subscriber’s topic is encrypted by the key that is named', async () => {
  const keyOf = async (topicArn: string) =>
    (await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }))).Attributes?.KmsMasterKeyId;
  const arn = 'arn:aws:kms:eu-west-1:000000000000:key/1';
  expect(await keyOf(await snsTopics(client, 'ww-', { keyArn: arn }).create('kept', 'Wirewatch'))).toBe(arn);
  expect(await keyOf(await snsTopics(client, 'ww-').create('open', 'Wirewatch'))).toBeUndefined();
});

test('topics of before there was a key come under it once, over any number of calls, and none of another stack', async () => {
  const arn = 'arn:aws:kms:eu-west-1:000000000000:key/1';
  const keyOf = async (topicArn: string) =>
    (await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }))).Attributes?.KmsMasterKeyId;
  const before = snsTopics(client, 'ww-');
  const store = memoryStore();
  for (let index = 0; index < 120; index += 1) {
    const id = `s${String(index).padStart(3, '0')}`;
    const topicArn = index === 60 ? 'arn:aws:sns:eu-west-1:000000000000:ww-gone' : await before.create(id, 'Wirewatch');
    await store.subscribers.put(aSubscriber(id, { topicArn }));
  }
  const other = await snsTopics(client, 'other-').create('x', 'Other');
  // The time that a call may take is over after its first slice.
  let minute = 0;
  const late = () => {
    minute += 1;
    return minutes(minute);
  };
  const deps = { ...store, topics: snsTopics(client, 'ww-', { keyArn: arn }), log: () => {} };
  expect(await renewTopics({ ...deps, now: late }, 30_000)).toEqual({ renewed: 0, failed: 0, left: 120 });
  expect(await renewTopics({ ...deps, now: late }, 90_000)).toEqual({ renewed: 50, failed: 0, left: 70 });
  expect(await renewTopics({ ...deps, now: () => minutes(9) }, 90_000)).toEqual({ renewed: 70, failed: 0, left: 0 });
  expect(await renewTopics({ ...deps, now: () => minutes(9) }, 90_000)).toEqual({ renewed: 0, failed: 0, left: 0 });
  const keys = await Promise.all(
    (await store.subscribers.list()).filter(({ id }) => id !== 's060').map(({ topicArn }) => keyOf(topicArn)),
  );
  expect(keys).toEqual(Array(119).fill(arn));
  expect(await keyOf(other)).toBeUndefined();
});

test('a topic is heard once one of its subscriptions is confirmed, and no longer when none is', async () => {
  const topics = snsTopics(client, 'ww-');
  const topicArn = await topics.create('operations', 'Operations');
  expect(await isHeard(client, topicArn)).toBe(false);
  await topics.subscribe(topicArn, 'https', 'https://example.org/first');
  await topics.subscribe(topicArn, 'email', 'ops@example.org');
  expect(await isHeard(client, topicArn)).toBe(false);
  const { subscriptionArn } = await topics.status(topicArn);
  expect(subscriptionArn).toBeNull();
  const arn = await topics.confirm(topicArn, tokenOf(topicArn));
  expect(await isHeard(client, topicArn)).toBe(true);
  await client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  expect(await isHeard(client, topicArn)).toBe(false);
});

test('every subscription of ours is read in pages of a hundred, and none of another stack', async () => {
  const topics = snsTopics(client, 'ww-');
  const other = snsTopics(client, 'other-');
  await other.subscribe(await other.create('x', 'Other'), 'sms', '+4915112345678');
  const arns = await Promise.all(
    Array.from({ length: 130 }, async (_, index) => {
      const arn = await topics.create(`s${index}`, 'Wirewatch');
      await topics.subscribe(
        arn,
        index % 2 === 0 ? 'sms' : 'email',
        index % 2 === 0 ? '+4915112345678' : 'a@example.org',
      );
      return arn;
    }),
  );
  await topics.create('without', 'Wirewatch');
  const statuses = await topics.statuses();
  expect([...statuses.keys()].sort()).toEqual([...arns].sort());
  expect(statuses.get(arns[0] ?? '')).toEqual(await topics.status(arns[0] ?? ''));
  expect(statuses.get(arns[1] ?? '')).toEqual({ state: 'pending', address: 'a@example.org', subscriptionArn: null });
});
