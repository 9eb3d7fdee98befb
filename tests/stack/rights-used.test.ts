import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSystem, type System } from '../../bin/system.ts';
import { type LocalRun, startLocalRun } from '../../lib/local/local-run.ts';
import type { OutboxMessage } from '../../lib/local/outbox.ts';
import { synthesise as synthesiseWhole } from '../../lib/local/synthesise.ts';
import { eventually } from '../local/support/eventually.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { recordedRights, recordingTo } from '../support/recorded-rights.ts';
import { type Endpoint, startEndpoint } from '../support/refusing-endpoint.ts';
import { rightsOf } from './rights.ts';
import { type Synthesised, synthesise, temporaryFolder } from './synthesised.ts';

// The local run grants everything. So the whole system does once all that it does, its functions' requests are written
// down, and the rights that AWS would have asked for are held against those that the template gives.
const verbs = ['schedule', 'poll', 'alert', 'digest', 'apply', 'api'] as const;
const folder = temporaryFolder();
const callsFile = join(folder, 'calls.jsonl');
let feeds: LoopbackFeeds;
let endpoint: Endpoint;
let run: LocalRun;
let system: System;
let used: ReadonlyMap<string, readonly string[]>;
let template: Synthesised['template'];

const watchlist = 'entities:\n  iran:\n    name: Iran\n    kind: state\n    aliases:\n      en: [Iran]\n';

beforeAll(async () => {
  template = synthesise({ stage: 'local' }).template;
  feeds = await startLoopbackFeeds(2);
  endpoint = await startEndpoint(500);
  const config = join(folder, 'config');
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  writeFileSync(join(config, 'watchlist.yaml'), watchlist);
  writeFileSync(callsFile, '');
  const cacheDir = join(import.meta.dirname, '../../node_modules/.cache/wirewatch');
  const recording = recordingTo(callsFile);
  run = await startLocalRun({
    assemblyDir: await synthesiseWhole({ configDir: config, context: { stage: 'local', config }, cacheDir }),
    dataDir: join(folder, 'data'),
    port: 0,
    ticks: false,
    environment: {
      ...Object.fromEntries(verbs.map((verb) => [verb, recording])),
      poll: { ...recording, ALLOW_HOSTS: feeds.hostPorts.join(',') },
    },
    log: () => {},
  });
  system = await openSystem({ data: join(folder, 'data'), stack: '' });
  await everything();
  used = recordedRights(callsFile);
});
afterAll(async () => {
  await run?.stop();
  await feeds?.stop();
  endpoint?.close();
  rmSync(folder, { recursive: true, force: true });
});

const outbox: OutboxMessage[] = [];

async function everything(): Promise<void> {
  run.onOutbox((message) => outbox.push(message));
  const seed = { id: 'seed', title: 'A seed', summary: '', published: new Date() };
  for (const stories of feeds.stories) stories.push(seed);
  await round();
  const ids = await subscribeAll();
  const published = new Date();
  feeds.stories[0]?.unshift({ id: 'one', title: 'Iran speaks of water', summary: 'In short.', published });
  await round();
  await secondDelivery();
  // A title that changes, and a page that another feed of the outlet brings as well.
  feeds.stories[0]?.splice(0, 1, { id: 'one', title: 'Iran speaks of water again', summary: 'In short.', published });
  await round();
  await askAll(ids);
  await sweeps();
  await applies();
  for (const id of ids) await system.api('DELETE', `/api/subscribers/${id}`);
}

/** A digest that holds, and an address that is asked again, among those who are told at once. */
async function subscribeAll(): Promise<readonly string[]> {
  const consent = 'form of 2026-11-20';
  const requests = [
    { channel: 'email', address: 'desk@example.org', follow: ['*'] },
    { channel: 'sms', address: '+4915112345678', follow: ['*'], consent },
    { channel: 'https', address: hook, follow: ['*'] },
    { channel: 'email', address: 'late@example.org', follow: ['*'], delivery: 'hourly' },
  ];
  const made: string[] = [];
  for (const request of requests) made.push((await system.api<{ id: string }>('POST', '/api/subscribers', request)).id);
  const links = outbox.flatMap(({ body }) => /https?:\/\/\S+[?&]Token=\S+/.exec(body)?.[0] ?? []);
  for (const link of links) await system.api('POST', '/api/confirmations', { link });
  await alsoOnLoopback();
  await system.api('POST', '/api/subscribers', { channel: 'email', address: 'never@example.org', follow: ['*'] });
  return made;
}

const hook = 'https://example.org/alerts';

/** No reader has an endpoint that SNS cannot reach, so the one of this test is subscribed beside the reader's, likewise. */
async function alsoOnLoopback(): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sns = new SNSClient({ endpoint: run.endpoints.sns, region: 'us-east-1', credentials });
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
  const { TopicArn, SubscriptionArn } = Subscriptions.find(({ Endpoint }) => Endpoint === hook) ?? {};
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const RedrivePolicy = Attributes?.RedrivePolicy ?? '';
  const Endpoint = endpoint.url;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint, Attributes: { RedrivePolicy } }));
  const Token = outbox.find(({ to }) => to === endpoint.url)?.token ?? '';
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  sns.destroy();
}

async function askAll(ids: readonly string[]): Promise<void> {
  const { matches } = await system.api<{ matches: readonly { id: string; storyline: string }[] }>(
    'GET',
    '/api/matches',
  );
  const { id = '', storyline = '' } = matches[0] ?? {};
  const paths = [
    ...['/api/storylines', `/api/storylines/${storyline}`, '/api/stories?since=1h', `/api/stories/${id}`],
    ...['/api/feeds', '/api/watchlist', '/api/series?since=23h', '/api/series/events', '/api/company?entity=iran'],
    ...['/api/stats', '/api/doctor', '/api/usage', '/api/subscribers', '/api/matches?text=iran'],
  ];
  for (const path of paths) await system.api('GET', path);
  await system.api('POST', '/api/watchlist/try', { query: '@iran AND speaks' });
  await system.api('PATCH', `/api/subscribers/${ids[0]}`, { paused: false });
  await system.api('PUT', `/api/subscribers/${ids[0]}/mutes/${storyline}`);
  await system.api('DELETE', `/api/subscribers/${ids[0]}/mutes/${storyline}`);
  await system.api('POST', '/api/feeds/feed-1/pause');
  await system.api('POST', '/api/feeds/feed-1/resume');
  const row = { url: 'https://tass.example/rss', name: 'TASS', outlet: 'tass', tier: 1, lang: 'ru', country: 'RU' };
  await system.api('POST', '/api/feeds', { feeds: [{ id: 'tass', ...row }] });
  await system.api('DELETE', '/api/feeds/tass');
  const link = outbox.flatMap(({ body }) => /https?:\/\/\S+\/r\/\S+/.exec(body)?.[0] ?? [])[0] ?? '';
  await fetch(link);
  await fetch(link, { method: 'POST', body: new URLSearchParams() });
}

/** What is left undone, what an endpoint keeps refusing, silent storylines, the daily check and the hourly report. */
async function sweeps(): Promise<void> {
  await run.fire('digest');
  await eventually('SNS has given up an endpoint', async () => {
    const { findings } = await system.api<{ findings: readonly { what: string }[] }>('GET', '/api/doctor');
    return findings.some(({ what }) => what.includes('endpoint refused'));
  });
  endpoint.answer(200);
  const before = endpoint.posted.length;
  await run.invoke('digest', { redrive: true });
  await eventually('what it had refused comes again', () => endpoint.posted.length > before);
  await run.idle();
}

async function applies(): Promise<void> {
  const pack = (name: string, text: string) => ({ name, gzip: gzipSync(text).toString('base64') });
  const changed = watchlist.replace('en: [Iran]', 'en: [Iran, Teheran]');
  const files = { feeds: pack('feeds.yaml', 'feeds: []\n'), watchlist: pack('watchlist.yaml', changed) };
  await system.apply({ ...files, dryRun: true });
  await system.apply({ ...files, dryRun: false });
  await system.apply({ rollback: { to: null, dryRun: false } });
  await system.apply({ rotateLinks: { revoke: false } });
  await deleted();
}

/** The custom resource as CloudFormation calls it when the stack is destroyed: takes the subscribers' topics along. */
async function deleted(): Promise<void> {
  const answers = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
  const event = {
    ...{ RequestType: 'Delete', RequestId: '1', LogicalResourceId: 'Release', PhysicalResourceId: 'Release-config' },
    ...{ StackId: 'arn:stack', ResponseURL: `http://127.0.0.1:${(answers.address() as AddressInfo).port}/` },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const lambda = new LambdaClient({ endpoint: run.lambdaEndpoint, region: 'eu-west-1', credentials });
  const payload = Buffer.from(JSON.stringify(event));
  await lambda.send(new InvokeCommand({ FunctionName: run.outputs.ApplyFunctionName, Payload: payload }));
  answers.close();
}

/** A message that comes again is split into single feeds. Its claim is long over, so they are dropped. */
async function secondDelivery(): Promise<void> {
  const body = JSON.stringify([{ shard: '000', tick: '2026-11-24T09:00:00.000Z', feeds: ['feed-0', 'feed-1'] }]);
  const record = { messageId: '1', body, attributes: { ApproximateReceiveCount: '2' } };
  await run.invoke('poll', { Records: [record] });
  await run.idle();
}

async function round(): Promise<void> {
  await run.invoke('schedule', { everyFeed: true });
  await run.idle();
}

const polls = '<PollsQueue.Arn>';
const undelivered = '<UndeliveredQueue.Arn>';
const stream = '<StoriesTable.StreamArn>';
const subscribers = 'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:Wirewatch-local-subscriber-*';
const keys = ['kms:Decrypt on <TopicsKey.Arn>', 'kms:GenerateDataKey on <TopicsKey.Arn>'];

/** What AWS does in a function's name, so that no request of the function itself shows it. */
const byOthers: Readonly<Record<string, readonly string[]>> = {
  poll: ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} on ${polls}`,
  ),
  alert: [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (name) => `dynamodb:${name} on ${stream}`,
    ),
    ...['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((name) => `sqs:${name} on ${undelivered}`),
    ...keys,
  ],
  digest: keys,
};

/** What the day of this test has no occasion for, each with the occasion. */
const rarely: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  digest: {
    'dynamodb:DeleteItem on <StoriesTable.Arn>': 'a storyline that closes after days of silence leaves the open ones',
    'sns:ListSMSSandboxPhoneNumbers on *': 'the account is in the SMS sandbox',
    'sns:Publish on <TopicsIntegration>': 'a message for programs that alert left unsent, two minutes later',
    'sns:Publish on <TopicsOperations>': 'a feed fails for hours, or a reader is lost',
    [`sns:Publish on ${subscribers}`]: 'a digest whose hour has come',
  },
  api: { 'sns:ListSubscriptionsByTopic on <TopicsOperations>': 'the setting alertEmail is given' },
};

describe('the rights of each function', () => {
  test.each(verbs)('%s asks for nothing that its role does not give', (verb) => {
    const given = rightsOf(template, `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Handler`);
    expect(used.get(verb)?.length).toBeGreaterThan(0);
    expect(used.get(verb)?.filter((right) => !given.includes(right))).toEqual([]);
  });

  test.each(verbs)('%s has no right that it does not use', (verb) => {
    const given = rightsOf(template, `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Handler`);
    const explained = [...(used.get(verb) ?? []), ...(byOthers[verb] ?? []), ...Object.keys(rarely[verb] ?? {})];
    expect(given.filter((right) => !explained.includes(right))).toEqual([]);
    expect(explained.filter((right) => !given.includes(right))).toEqual([]);
  });
});
