import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { LocalEvent } from '../../lib/local/local-event.ts';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '../../lib/local/local-run.ts';
import type { OutboxMessage } from '../../lib/local/outbox.ts';
import { changedAssembly, tinyAssembly } from './support/assembly.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type Row = Readonly<Record<string, string>>;

const idle = 15_000;

async function started(
  options: Partial<LocalRunOptions> = {},
): Promise<{ run: LocalRun; events: LocalEvent[]; dataDir: string }> {
  const events: LocalEvent[] = [];
  const dataDir = options.dataDir ?? temporaryFolder();
  const run = await startLocalRun({
    assemblyDir: tinyAssembly,
    port: 0,
    ticks: false,
    log: (event) => events.push(event),
    ...options,
    dataDir,
  });
  onTestFinished(() => run.stop());
  return { run, events, dataDir };
}

async function rows(run: LocalRun): Promise<readonly Row[]> {
  return (await run.invoke('api', { rows: true })) as Row[];
}

async function messages(run: LocalRun): Promise<readonly (OutboxMessage & { pending: boolean })[]> {
  const answer = await fetch(`${run.url}/outbox.json`);
  return ((await answer.json()) as { messages: (OutboxMessage & { pending: boolean })[] }).messages;
}

async function confirm(run: LocalRun): Promise<void> {
  const confirmation = (await messages(run)).find(({ pending }) => pending);
  const answer = await fetch(`${run.url}/local/confirm`, { method: 'POST', body: JSON.stringify(confirmation) });
  expect(await answer.json()).toEqual({ confirmed: true });
}

const subjects = async (run: LocalRun) =>
  (await messages(run))
    .filter(({ kind }) => kind === 'message')
    .map(({ subject }) => subject)
    .sort();

const errors = (events: readonly LocalEvent[]) =>
  events.flatMap((event) => (event.kind === 'error' ? [event.message] : []));

describe('one run', () => {
  let run: LocalRun;
  const events: LocalEvent[] = [];
  let dataDir = '';

  beforeAll(async () => {
    dataDir = mkdtempSync('/tmp/wirewatch-test-');
    run = await startLocalRun({
      assemblyDir: tinyAssembly,
      dataDir,
      port: 0,
      ticks: false,
      environment: { poll: { EXTRA: 'given by the run' } },
      log: (event) => events.push(event),
    });
    await confirm(run);
  });
  afterAll(async () => {
    await run.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('says where it is, in run.json and its outputs, and what is inert', () => {
    const file = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as Row;
    expect(file).toMatchObject({
      pid: process.pid,
      url: run.url,
      lambdaEndpoint: run.lambdaEndpoint,
      endpoints: run.endpoints,
      outputs: run.outputs,
    });
    expect(run.outputs).toMatchObject({ ApiFunctionName: 'Tiny-api', ApiUrl: run.url });
    expect(events.find(({ kind }) => kind === 'inert')).toMatchObject({
      resources: ['AWS::IAM::Role Role', 'AWS::CloudWatch::Alarm Alarm'],
    });
    expect(run.startedNew).toBe(true);
  });

  test('runs the custom resource at the first start', async () => {
    expect(await rows(run)).toContainEqual({ pk: 'LIVE', sk: '1', request: 'Create', was: '', body: 'compiled 1' });
  });

  test('carries a message through queue, table and stream into the outbox; the filter holds the rest back', async () => {
    const seen: string[] = [];
    onTestFinished(run.onOutbox(({ subject }) => seen.push(String(subject))));
    await run.invoke('schedule', { messages: [{ id: 'one' }, { id: 'quiet' }] });
    await run.idle(idle);
    const stored = (await rows(run)).map(({ pk }) => pk);
    expect(stored).toEqual(expect.arrayContaining(['STORY#one', 'STORY#quiet']));
    expect(seen).toEqual(['story one']);
    expect(await subjects(run)).toEqual(['story one']);
  });

  test('a setting given for this run reaches the function, and nothing of our own environment does', async () => {
    const stored = await rows(run);
    expect(stored.find(({ pk }) => pk === 'STORY#one')?.extra).toBe('given by the run');
    const environment = (await run.invoke('api', { environment: true })) as Row;
    expect(environment).toMatchObject({ AWS_LAMBDA_FUNCTION_NAME: 'Tiny-api', POWERTOOLS_SERVICE_NAME: 'api' });
    for (const name of ['PATH', 'HOME', 'VITEST']) expect(environment).not.toHaveProperty(name);
  });

  test('a message that is reported as failed comes again, alone, and one that never works ends with the dead letters', async () => {
    const send = { messages: [{ id: 'quiet-thrice', failTimes: 1 }, { id: 'quiet-other' }] };
    // Visibility is 30 s in the template: what failed is not seen again before that.
    await run.invoke('schedule', send);
    await eventually('the other is stored', async () => (await rows(run)).some(({ pk }) => pk === 'STORY#quiet-other'));
    expect((await rows(run)).some(({ pk }) => pk === 'STORY#quiet-thrice')).toBe(false);
    await expect(run.idle(200)).rejects.toThrow('1 message(s) in Tiny-Queue');
  });

  test('answers Lambda’s Invoke for the commands', async () => {
    const lambda = new LambdaClient({
      endpoint: run.lambdaEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    onTestFinished(() => lambda.destroy());
    const invoke = async (FunctionName: string, payload: unknown) => {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      return { ...answer, body: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as Record<string, unknown> };
    };
    const fine = await invoke('Tiny-api', {});
    expect([fine.StatusCode, fine.FunctionError]).toEqual([200, undefined]);
    expect(fine.body.left).toBeGreaterThan(4000);
    const thrown = await invoke('Tiny-api', { throws: true });
    expect(thrown.FunctionError).toBe('Unhandled');
    expect(thrown.body).toMatchObject({ errorType: 'TypeError', errorMessage: 'asked to' });
    await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a function that takes too long is cut off, and the next call finds a fresh one', async () => {
    await expect(run.invoke('api', { sleepMs: 60_000 })).rejects.toThrow('Task timed out after 5.00 seconds');
    expect(await run.invoke('api', {})).toHaveProperty('now');
  });

  test('serves the HTTP API as API Gateway would, with an editor behind the private routes', async () => {
    const answer = await fetch(`${run.url}/api/a/b?x=1&x=2`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { cookie: 'k=v' },
    });
    expect([answer.status, answer.headers.get('x-route'), answer.headers.getSetCookie()]).toEqual([
      201,
      'ANY /api/{proxy+}',
      ['a=1', 'b=2'],
    ]);
    expect(await answer.json()).toMatchObject({
      version: '2.0',
      rawPath: '/api/a/b',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      pathParameters: { proxy: 'a/b' },
      cookies: ['k=v'],
      body: expect.any(String),
      requestContext: { http: { method: 'POST' }, authorizer: { jwt: { claims: { 'cognito:groups': '[editor]' } } } },
    });
    const open = (await (await fetch(`${run.url}/s/tok%20en`)).json()) as Row;
    expect(open).toMatchObject({
      pathParameters: { token: 'tok en' },
      requestContext: expect.not.objectContaining({ authorizer: expect.anything() }),
    });
    expect((await fetch(`${run.url}/nowhere`)).status).toBe(404);
  });

  test.each([
    ['a name that was made to point here', { host: 'evil.example' }],
    ['the right name with another port', { host: '127.0.0.1:1' }],
    ['a page of another origin', { origin: 'http://evil.example' }],
  ])('refuses %s', async (_, headers) => {
    expect(await statusOf(run.url, headers)).toBe(403);
    expect(await statusOf(run.lambdaEndpoint, headers)).toBe(403);
  });

  test('a confirmation’s link opens a page that confirms by a button alone, since scanners open links', async () => {
    const link = new URL(/http\S+/.exec((await messages(run)).at(-1)?.body ?? '')?.[0] ?? '');
    const before = await messages(run);
    const page = await fetch(link);
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('<button type="button" id="confirm">'),
    ]);
    expect(await messages(run)).toEqual(before);
    const stale = await fetch(`${run.url}/local/confirm`, {
      method: 'POST',
      body: JSON.stringify({ topicArn: run.outputs.TopicArn, token: 'made up' }),
    });
    expect([stale.status, await stale.json()]).toEqual([404, { confirmed: false }]);
  });

  test('the page is told that nobody signs in here, and where the outbox is', async () => {
    expect(await (await fetch(`${run.url}/config.json`)).json()).toEqual({ signIn: null, outbox: true });
  });

  test('the page of a confirmation runs no inline script, and takes what it is given as text alone', async () => {
    const page = await fetch(`${run.url}/confirmation.html`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<[^>]+ on\w+=|<style/);
    const script = await (await fetch(`${run.url}/local/confirmation.js`)).text();
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });
});

function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, headers: { host, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}

test('a record that cannot be told is set aside with its place in the stream, and its neighbours are told', async () => {
  const { run, events } = await started();
  await confirm(run);
  await run.invoke('schedule', { messages: [{ id: 'before' }, { id: 'poison' }, { id: 'after' }] });
  await run.idle(idle);
  expect(await subjects(run)).toEqual(['story after', 'story before']);
  expect(errors(events)).toEqual([expect.stringMatching(/^gave up 1 stream record.*cannot tell poison/)]);
});

test('a second start goes on: the same rows, nothing told twice, the custom resource left alone', async () => {
  const dataDir = temporaryFolder();
  const first = await started({ dataDir });
  await confirm(first.run);
  await first.run.invoke('schedule', { messages: [{ id: 'once' }] });
  await first.run.idle(idle);
  await first.run.stop();
  await first.run.stop();
  expect(existsSync(join(dataDir, 'run.json'))).toBe(false);

  const second = await started({ dataDir });
  expect(second.run.startedNew).toBe(false);
  await second.run.invoke('schedule', { messages: [{ id: 'twice' }] });
  await second.run.idle(idle);
  expect(await subjects(second.run)).toEqual(['story once', 'story twice']);
  expect((await rows(second.run)).filter(({ pk }) => pk === 'LIVE')).toHaveLength(1);
  await second.run.stop();

  const updated = changedAssembly(({ Resources }) => {
    (Resources.Release as { Properties: Row }).Properties = { ...(Resources.Release?.Properties as Row), version: '2' };
  });
  const third = await started({ dataDir, assemblyDir: updated });
  expect((await rows(third.run)).filter(({ pk }) => pk === 'LIVE')).toEqual([
    expect.objectContaining({ sk: '1', request: 'Create' }),
    expect.objectContaining({ sk: '2', request: 'Update', was: '1' }),
  ]);
});

test('a refused custom resource stops the start with its own reason, and everything with it', async () => {
  const dataDir = temporaryFolder();
  const bad = changedAssembly(({ Resources }) => {
    (Resources.Release as { Properties: Row }).Properties = {
      ...(Resources.Release?.Properties as Row),
      version: 'bad',
    };
  });
  await expect(started({ dataDir, assemblyDir: bad })).rejects.toThrow('config/watchlist.yaml:1:1: version bad');
  expect(readdirSync(dataDir)).not.toContain('run.json');
  expect(readdirSync(dataDir)).not.toContain('java.json');
});

test('in the durable mode everything lies in the data directory, and each mode goes on where the other ended', async () => {
  const dataDir = temporaryFolder();
  const durable = await started({ dataDir, durable: true });
  await durable.run.invoke('schedule', { messages: [{ id: 'quiet' }] });
  await durable.run.idle(idle);
  expect(readdirSync(join(dataDir, 'durable', 'dynamodb')).some((name) => name.endsWith('.db'))).toBe(true);
  await durable.run.stop();
  const fast = await started({ dataDir });
  await fast.run.invoke('schedule', { messages: [{ id: 'quiet-too' }] });
  await fast.run.idle(idle);
  await fast.run.stop();
  const again = await started({ dataDir, durable: true });
  expect((await rows(again.run)).map(({ pk }) => pk)).toEqual(
    expect.arrayContaining(['STORY#quiet', 'STORY#quiet-too']),
  );
});

test('functions live in the virtual day, times of messages included, and its ticks come at its pace', async () => {
  const clock = { startsAt: '2025-06-24T06:00:00Z', speed: 600 };
  const { run, events } = await started({ clock, ticks: true });
  const ticks = () => events.flatMap((event) => (event.kind === 'function-log' ? [String(event.fields?.at)] : []));
  await eventually('a minute of that day takes a tenth of a second', () => ticks().length >= 5);
  expect(ticks().every((at) => at.startsWith('2025-06-24T'))).toBe(true);
  await eventually('the message’s times are of that day', async () => {
    const row = (await rows(run)).find(({ sk }) => sk === 'STORY');
    return row !== undefined && new Date(Number(row.sent)).toISOString().startsWith('2025-06-24T');
  });
  expect(run.now().toISOString()).toMatch(/^2025-06-24T/);
});
