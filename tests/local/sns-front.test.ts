import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListOriginationNumbersCommand,
  ListPhoneNumbersOptedOutCommand,
  ListSMSSandboxPhoneNumbersCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Outbox, openOutbox } from '../../lib/local/outbox.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';
import { type SnsFront, startSnsFront } from '../../lib/local/sns-front.ts';
import { openSnsState, type SnsState } from '../../lib/local/sns-state.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type Bench = {
  readonly sns: SNSClient;
  readonly outbox: Outbox;
  readonly queues: QueuesAndBuckets;
  readonly front: SnsFront;
  readonly state: SnsState;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let dataDir = '';
let nowMs = 0;
let bench: Bench;
let close = async () => {};

async function open(): Promise<void> {
  const queues = await startQueuesAndBuckets(join(dataDir, 'queues'));
  const outbox = openOutbox(dataDir);
  const state = openSnsState(join(dataDir, 'sns.json'));
  const front = await startSnsFront({
    state,
    outbox,
    queuesEndpoint: queues.endpoint,
    pageUrl: 'http://127.0.0.1:4600',
    nowMs: () => nowMs,
    log: () => {},
  });
  const sns = new SNSClient({ endpoint: front.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  bench = { sns, outbox, queues, front, state };
  close = async () => {
    sns.destroy();
    await front.close();
    await queues.close();
  };
}

beforeEach(async () => {
  dataDir = temporaryFolder();
  nowMs = Date.parse('2026-11-24T12:00:00Z');
  await open();
});
afterEach(() => close());

async function topic(name = 'news'): Promise<string> {
  return (
    (await bench.sns.send(new CreateTopicCommand({ Name: name, Attributes: { DisplayName: 'News' } }))).TopicArn ?? ''
  );
}

const subscribe = (TopicArn: string, Protocol: string, Endpoint: string) =>
  bench.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));

const told = () => bench.outbox.list(100).filter(({ kind }) => kind === 'message');
const asked = () => bench.outbox.list(100).filter(({ kind }) => kind === 'confirmation');

async function confirmed(TopicArn: string, address = 'desk@example.org'): Promise<string> {
  await subscribe(TopicArn, 'email', address);
  const Token = asked().find(({ to }) => to === address)?.token ?? '';
  const answer = await bench.sns.send(
    new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' }),
  );
  return answer.SubscriptionArn ?? '';
}

test('an e-mail subscription is told nothing until it is confirmed; the confirmation lies in the outbox', async () => {
  const TopicArn = await topic();
  expect((await subscribe(TopicArn, 'email', 'desk@example.org')).SubscriptionArn).toBe('pending confirmation');
  await bench.sns.send(new PublishCommand({ TopicArn, Subject: 'too early', Message: 'x' }));
  expect(told()).toEqual([]);
  const [confirmation] = asked();
  expect(confirmation).toMatchObject({ channel: 'email', to: 'desk@example.org', at: '2026-11-24T12:00:00.000Z' });
  const link = new URL(/http\S+/.exec(confirmation?.body ?? '')?.[0] ?? '');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    TopicArn,
    Token: confirmation?.token,
    Endpoint: 'desk@example.org',
  });

  const arn = await confirmed(TopicArn);
  await bench.sns.send(new PublishCommand({ TopicArn, Subject: 'now', Message: 'body' }));
  expect(told()).toMatchObject([
    { channel: 'email', to: 'desk@example.org', subject: 'now', body: 'body', topicArn: TopicArn },
  ]);
  const { Attributes } = await bench.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
  expect(Attributes).toMatchObject({ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true' });
});

test('a token is good for two days, for its topic alone; subscribing again brings a new one', async () => {
  const TopicArn = await topic();
  await subscribe(TopicArn, 'email', 'desk@example.org');
  const Token = asked()[0]?.token ?? '';
  const other = await topic('other');
  const confirm = (arn: string, token: string) =>
    bench.sns.send(new ConfirmSubscriptionCommand({ TopicArn: arn, Token: token }));
  await expect(confirm(other, Token)).rejects.toThrow('Invalid parameter: Token');
  expect(bench.front.isPending(TopicArn, Token)).toBe(true);
  nowMs += 49 * 3600 * 1000;
  expect(bench.front.isPending(TopicArn, Token)).toBe(false);
  await expect(confirm(TopicArn, Token)).rejects.toThrow('Invalid parameter: Token');
  await subscribe(TopicArn, 'email', 'desk@example.org');
  const second = asked().find(({ token }) => token !== Token)?.token ?? '';
  expect((await confirm(TopicArn, second)).SubscriptionArn).toMatch(`${TopicArn}:`);
  const { Subscriptions } = await bench.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toHaveLength(1);
});

test('a text message needs no confirmation and has no subject', async () => {
  const TopicArn = await topic();
  expect((await subscribe(TopicArn, 'sms', '+49301234567')).SubscriptionArn).toMatch(`${TopicArn}:`);
  await bench.sns.send(new PublishCommand({ TopicArn, Subject: 'dropped', Message: 'short' }));
  expect(told()).toMatchObject([{ channel: 'sms', to: '+49301234567', subject: null, body: 'short' }]);
});

describe('SNS refuses', () => {
  test.each([
    ['email', 'desk'],
    ['email', 'desk@localhost'],
    ['email', 'a b@example.org'],
    ['email', '.desk@example.org'],
    ['email', 'desk@example.org\nbcc: all@example.org'],
    ['sms', '0301234567'],
    ['sms', '+49 30 1234567'],
    ['https', 'http://example.org/hook'],
    ['https', 'example.org'],
    ['lambda', 'arn:aws:lambda:us-east-1:000000000000:function:x'],
  ])('the %s address %s', async (protocol, endpoint) => {
    await expect(subscribe(await topic(), protocol, endpoint)).rejects.toThrow('Invalid parameter');
    expect(bench.outbox.list(10)).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['of spaces', '  '],
    ['of 100 characters', 'x'.repeat(100)],
    ['with a line break', 'a\nb'],
    ['with a control character', 'a\u0007b'],
  ])('a subject that is %s', async (_, Subject) => {
    const publish = bench.sns.send(new PublishCommand({ TopicArn: await topic(), Subject, Message: 'x' }));
    await expect(publish).rejects.toThrow('Subject');
  });

  test('a message that is empty, or over 256 kB with its attributes', async () => {
    const TopicArn = await topic();
    await expect(bench.sns.send(new PublishCommand({ TopicArn, Message: '' }))).rejects.toThrow('Empty message');
    const Message = 'x'.repeat(256 * 1024 - 10);
    await bench.sns.send(new PublishCommand({ TopicArn, Message }));
    const MessageAttributes = { events: { DataType: 'String', StringValue: 'a-long-event' } };
    const heavy = bench.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }));
    await expect(heavy).rejects.toThrow('Message too long');
  });

  test('a topic that is not there, as NotFound', async () => {
    const gone = bench.sns.send(
      new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:gone', Message: 'x' }),
    );
    await expect(gone).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('an action that the front does not know, rather than doing nothing', async () => {
    const answer = await fetch(bench.front.endpoint, { method: 'POST', body: 'Action=PutDataProtectionPolicy' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('PutDataProtectionPolicy')]);
  });

  test('what a web page of another origin sends', async () => {
    const answer = await fetch(bench.front.endpoint, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
      body: 'Action=ListTopics',
    });
    expect(answer.status).toBe(403);
  });
});

test('a subject of 99 characters in any script is taken whole', async () => {
  const TopicArn = await topic();
  await confirmed(TopicArn);
  const Subject = '停'.repeat(99);
  await bench.sns.send(new PublishCommand({ TopicArn, Subject, Message: 'x' }));
  expect(told()[0]?.subject).toBe(Subject);
});

test('a message by protocol goes to each as written for it, and needs a default', async () => {
  const TopicArn = await topic();
  await confirmed(TopicArn);
  await subscribe(TopicArn, 'sms', '+49301234567');
  const publish = (texts: unknown) =>
    bench.sns.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message: JSON.stringify(texts) }));
  await publish({ default: 'long', sms: 'short' });
  expect(told().map(({ channel, body }) => [channel, body])).toEqual(
    expect.arrayContaining([
      ['email', 'long'],
      ['sms', 'short'],
    ]),
  );
  await expect(publish({ sms: 'short' })).rejects.toThrow('No default entry');
});

test('of a batch, the bad entry alone is refused', async () => {
  const TopicArn = await topic();
  await confirmed(TopicArn);
  const { Successful, Failed } = await bench.sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'good', Message: 'x', Subject: 'fine' },
        { Id: 'bad', Message: 'x', Subject: 'a\nb' },
      ],
    }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
  expect(Failed?.map(({ Id }) => Id)).toEqual(['bad']);
  expect(told()).toHaveLength(1);
});

test('a queue subscribes without asking anybody, with its filter', async () => {
  const TopicArn = await topic();
  const QueueUrl = bench.queues.queue('integration', {});
  await bench.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:integration',
      Attributes: { FilterPolicy: JSON.stringify({ events: ['ceasefire'] }), RawMessageDelivery: 'true' },
    }),
  );
  for (const event of ['ceasefire', 'summit']) {
    const MessageAttributes = { events: { DataType: 'String', StringValue: event } };
    await bench.sns.send(new PublishCommand({ TopicArn, Message: event, MessageAttributes }));
  }
  const sqs = new SQSClient({ endpoint: bench.queues.endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => sqs.destroy());
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['ceasefire']);
});

test('unsubscribing and deleting a topic end the post; what waits cannot be unsubscribed', async () => {
  const TopicArn = await topic();
  const { SubscriptionArn } = await bench.sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'new@example.org', ReturnSubscriptionArn: true }),
  );
  await expect(bench.sns.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toThrow('pending confirmation');
  const arn = await confirmed(TopicArn);
  await bench.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  await bench.sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
  expect(told()).toEqual([]);
  await bench.sns.send(new DeleteTopicCommand({ TopicArn }));
  await bench.sns.send(new DeleteTopicCommand({ TopicArn }));
  expect((await bench.sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
});

test('topics, their names and their subscriptions survive a restart, even where the queues’ database was lost', async () => {
  const TopicArn = await topic();
  await confirmed(TopicArn);
  await subscribe(TopicArn, 'email', 'later@example.org');
  await bench.sns.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Renamed' }),
  );
  await close();
  rmSync(join(dataDir, 'queues'), { recursive: true });
  await open();
  const { Attributes } = await bench.sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ DisplayName: 'Renamed', SubscriptionsConfirmed: '1', SubscriptionsPending: '1' });
  await bench.sns.send(new PublishCommand({ TopicArn, Message: 'still here' }));
  expect(told().map(({ to }) => to)).toEqual(['desk@example.org']);
});

describe('SMS for the whole account', () => {
  test('a new account here may send to anybody, within its limit', async () => {
    expect(await bench.sns.send(new GetSMSSandboxAccountStatusCommand({}))).toMatchObject({ IsInSandbox: false });
    expect((await bench.sns.send(new GetSMSAttributesCommand({}))).attributes).toEqual({ MonthlySpendLimit: '100' });
    expect((await bench.sns.send(new ListOriginationNumbersCommand({}))).PhoneNumbers).toMatchObject([
      { PhoneNumber: '+18005550100', Iso2CountryCode: 'US', NumberCapabilities: ['SMS'] },
    ]);
  });

  test('a number that has answered STOP is told nothing, and SNS takes the message all the same', async () => {
    const TopicArn = await topic();
    await subscribe(TopicArn, 'sms', '+4915112345678');
    await subscribe(TopicArn, 'sms', '+4915112345679');
    bench.state.setSmsAccount({ optedOut: ['+4915112345678'] });
    await bench.sns.send(new PublishCommand({ TopicArn, Message: 'body' }));
    expect(told().map(({ to }) => to)).toEqual(['+4915112345679']);
    const optedOut = async (phoneNumber: string) =>
      (await bench.sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut;
    expect([await optedOut('+4915112345678'), await optedOut('+4915112345679')]).toEqual([true, false]);
    await expect(optedOut('0151')).rejects.toThrow(/phoneNumber/);
  });

  test('lists come by pages of a hundred, and what is set is kept', async () => {
    const numbers = Array.from({ length: 130 }, (_, index) => `+49151123${String(index).padStart(5, '0')}`);
    bench.state.setSmsAccount({ optedOut: numbers, verified: numbers, inSandbox: true });
    await close();
    await open();
    const first = await bench.sns.send(new ListPhoneNumbersOptedOutCommand({}));
    const second = await bench.sns.send(new ListPhoneNumbersOptedOutCommand({ nextToken: first.nextToken }));
    expect([first.phoneNumbers?.length, second.phoneNumbers?.length, second.nextToken]).toEqual([100, 30, undefined]);
    const verified = await bench.sns.send(new ListSMSSandboxPhoneNumbersCommand({}));
    expect(verified.PhoneNumbers?.[0]).toEqual({ PhoneNumber: numbers[0], Status: 'Verified' });
    const rest = await bench.sns.send(new ListSMSSandboxPhoneNumbersCommand({ NextToken: verified.NextToken }));
    expect(rest.PhoneNumbers).toHaveLength(30);
    expect(await bench.sns.send(new GetSMSSandboxAccountStatusCommand({}))).toMatchObject({ IsInSandbox: true });
  });
});
