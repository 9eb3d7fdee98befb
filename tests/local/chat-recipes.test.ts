import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type LocalSystem, localSystem } from '../../bin/local-system.ts';
import type { IntegrationMessage } from '../../lib/core/alert/render-integration.ts';
import { startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { startChat } from './support/chat.ts';

/** The recipes of docs/recipes.md, over alerts that came their whole way through the local run. */

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-recipes-'));
const recipe = (name: string) => parse(readFileSync(join(root, 'docs/recipes', name), 'utf8'));
const pipe = recipe('chat-pipe.yaml');
const functionRecipe = recipe('chat-function.yaml');
const priorities = (pipe.Parameters.Priorities.Default as string).split(',');

/** What a queue subscribed as the recipe says got, and what one got that asked for everything. */
let urgent: readonly string[];
let all: readonly string[];

beforeAll(async () => {
  const feeds = await startLoopbackFeeds(1);
  const published = new Date();
  feeds.stories[0]?.push(
    {
      id: 'urgent',
      title:
        'Israel and Iran accuse each other of violating the ceasefire &amp;lt;!channel&amp;gt; [win](https://evil.example) "as said" \\ &amp; more',
      summary: 'Tehran said the truce between Iran and Israel still held.',
      published,
    },
    { id: 'calm', title: 'Iran opens a museum of carpets', summary: 'It shows carpets from Kashan.', published },
  );
  const configDir = join(folder, 'config');
  mkdirSync(configDir);
  writeFileSync(join(configDir, 'feeds.yaml'), feeds.feedsYaml());
  copyFileSync(join(root, 'config/watchlist.yaml'), join(configDir, 'watchlist.yaml'));
  const system = await localSystem({
    configDir,
    dataDir: join(folder, 'data'),
    port: 0,
    durable: false,
    quiet: true,
    feeds: 1,
    ticks: false,
    poll: { ALLOW_HOSTS: feeds.hostPorts.join(','), BACKFILL_MINUTES: '120' },
  });
  try {
    const readUrgent = await subscribed(system, 'urgent', { FilterPolicy: JSON.stringify({ priority: priorities }) });
    const readAll = await subscribed(system, 'all', {});
    await system.pollEveryFeedOnce();
    urgent = await readUrgent();
    all = await readAll();
  } finally {
    await system.run.stop();
    await feeds.stop();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A queue of one's own at the integration topic, raw, as run.json lets anybody on this machine subscribe it. */
async function subscribed({ run }: LocalSystem, name: string, filter: Readonly<Record<string, string>>) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: run.endpoints.sqs, region: 'us-east-1', credentials });
  const sns = new SNSClient({ endpoint: run.endpoints.sns, region: 'us-east-1', credentials });
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: run.outputs.IntegrationTopicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      Attributes: { RawMessageDelivery: 'true', ...filter },
    }),
  );
  sns.destroy();
  const QueueUrl = `${run.endpoints.sqs}/000000000000/${name}`;
  return async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    sqs.destroy();
    return Messages.map(({ Body = '' }) => Body);
  };
}

async function chatOf(kind: 'slack' | 'teams') {
  const chat = await startChat(kind);
  onTestFinished(() => chat.stop());
  return chat;
}

test('the integration topic says every alert, and the filter lets through what the recipe asks for', () => {
  const titles = (bodies: readonly string[]) =>
    bodies.map((body) => (JSON.parse(body) as IntegrationMessage).story.title.slice(0, 15)).sort();
  expect(titles(all)).toEqual(['Iran opens a mu', 'Israel and Iran']);
  expect(titles(urgent)).toEqual(['Israel and Iran']);
  // Else nothing below would show that hostile text is harmless.
  expect(JSON.parse(urgent[0] ?? '').story.title).toMatch(/<!channel> \[win\].*"as said" \\ &/);
});

/** What the pipe makes of a message: a path in a text gives its characters, one outside its JSON. */
function piped(kind: 'slack' | 'teams', body: string): string {
  const [, slack, teams] = pipe.Resources.Pipe.Properties.TargetParameters.InputTemplate['Fn::If'] as string[];
  const event = { body: JSON.parse(body) as unknown };
  const at = (path: string) =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], event);
  const inText = (_: string, path: string) => JSON.stringify(String(at(path))).slice(1, -1);
  return ((kind === 'slack' ? slack : teams) ?? '').replaceAll(
    /"(?:[^"\\]|\\.)*"|<\$\.([\w.]+)>/g,
    (whole, path?: string) =>
      path === undefined ? whole.replaceAll(/<\$\.([\w.]+)>/g, inText) : JSON.stringify(at(path)),
  );
}

const withoutAddress = (body: string) => {
  const message = JSON.parse(body) as IntegrationMessage;
  return JSON.stringify({ ...message, story: { ...message.story, url: null } });
};

describe.each(['slack', 'teams'] as const)('%s', (kind) => {
  test('takes what the pipe posts, also of a story without an address', async () => {
    const chat = await chatOf(kind);
    for (const body of [...all, ...all.map(withoutAddress)]) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: piped(kind, body) };
      const answer = await fetch(chat.url, init);
      expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    }
    expect(chat.posts).toHaveLength(4);
    expectHarmless(kind, chat.posts);
  });

  test('takes what the function posts, also of a story without an address', async () => {
    const chat = await chatOf(kind);
    const handler = await functionHandler(kind, chat.url);
    for (const body of [...all, ...all.map(withoutAddress)]) await handler({ Records: [{ Sns: { Message: body } }] });
    expect(chat.posts).toHaveLength(4);
    expectHarmless(kind, chat.posts);
    const { events } = JSON.parse(urgent[0] ?? '') as IntegrationMessage;
    expect(JSON.stringify(chat.posts)).toContain(events[0]?.name ?? 'an event');
  });
});

/** Hostile text stands whole where the chat reads no markup, and nowhere else. */
function expectHarmless(kind: 'slack' | 'teams', posts: readonly unknown[]): void {
  const parts: { type: string; text: string }[] = [];
  JSON.stringify(posts, (_, value) => {
    if (typeof value?.type === 'string' && typeof value.text === 'string') parts.push(value);
    return value;
  });
  const unread = kind === 'slack' ? 'plain_text' : 'TextRun';
  expect(parts.some(({ type, text }) => type === unread && text.includes('<!channel> [win](https://evil'))).toBe(true);
  for (const { type, text } of parts) if (type !== unread) expect(text).not.toMatch(/<!|\[win\]/);
  for (const post of posts) expect((post as { text?: string }).text ?? '').not.toMatch(/<[!@#]/);
}

/** The code that the template carries, loaded as Lambda loads it. */
async function functionHandler(kind: string, webhook: string): Promise<(event: unknown) => Promise<void>> {
  vi.stubEnv('WEBHOOK', webhook);
  vi.stubEnv('CHAT', kind);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = join(folder, 'index.cjs');
  writeFileSync(file, functionRecipe.Resources.Function.Properties.Code.ZipFile);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)).default.handler;
}

test('a webhook that refuses fails the function, so that the alert is tried again and then kept', async () => {
  const chat = await chatOf('slack');
  const handler = await functionHandler('teams', chat.url);
  await expect(handler({ Records: [{ Sns: { Message: all[0] } }] })).rejects.toThrow('the webhook answered 400');
});

test.each(['chat-pipe.yaml', 'chat-function.yaml'])('%s is a template by the types of its resources', (name) => {
  const app = new App();
  new CfnInclude(new Stack(app, 'Chat'), 'Recipe', { templateFile: join(root, 'docs/recipes', name) });
  const { Resources } = app.synth().getStackByName('Chat').template;
  expect(Object.keys(Resources).sort()).toEqual(Object.keys(recipe(name).Resources).sort());
  for (const { Type } of Object.values<{ Type: string }>(Resources)) expect(Type).toMatch(/^AWS::/);
});

test('both recipes keep what they could not post, and may do nothing else', () => {
  for (const { Resources } of [pipe, functionRecipe]) {
    expect(Resources.DeadLetters.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    const statements = Resources.Role.Properties.Policies.flatMap(
      (policy: { PolicyDocument: { Statement: object[] } }) => policy.PolicyDocument.Statement,
    );
    expect(statements).toHaveLength(2);
    for (const { Resource } of statements) expect(Resource).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
  }
  expect(pipe.Parameters).toEqual(functionRecipe.Parameters);
});
