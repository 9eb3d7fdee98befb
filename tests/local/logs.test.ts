import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalSystem, localSystem } from '../../bin/local-system.ts';
import type { LocalEvent } from '../../lib/local/local-event.ts';
import type { OutboxMessage } from '../../lib/local/outbox.ts';
import type { FunctionUsage } from '../../lib/pipeline/ports/control-store.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';

// The whole system once round: seeded, subscribed, told, refused, redriven. Then all that its functions wrote is read.
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-logs-'));
const address = 'secret.desk@newsroom.example';
const number = '+4915112345678';
const longTitle = `Iran ${'and its neighbours speak of many things '.repeat(4)}TITLETAIL`;
let feeds: LoopbackFeeds;
let system: LocalSystem;
/** A publisher who has moved its feed to an address with a key in it. */
const movedServer = createServer((request, response) => {
  if (request.url === '/rss') return response.writeHead(301, { location: '/rss-2?key=s3cretkey' }).end();
  const body =
    '<rss version="2.0"><channel><title>M</title><item><guid>m</guid><title>Moved</title></item></channel></rss>';
  return response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
});
let movedHost = '';

async function listenMoved(): Promise<string> {
  movedServer.listen(0, '127.0.0.1');
  await once(movedServer, 'listening');
  movedHost = `127.0.0.1:${(movedServer.address() as AddressInfo).port}`;
  return movedHost;
}

const lines: string[] = [];
const records: Readonly<Record<string, unknown>>[] = [];
const outbox: OutboxMessage[] = [];

beforeAll(async () => {
  feeds = await startLoopbackFeeds(2);
  const config = join(folder, 'config');
  mkdirSync(config);
  const moved = { id: 'moved', url: `http://${await listenMoved()}/rss`, name: 'Moved', outlet: 'moved' };
  const { feeds: rows } = JSON.parse(feeds.feedsYaml()) as { feeds: readonly object[] };
  writeFileSync(join(config, 'feeds.yaml'), JSON.stringify({ feeds: [...rows, { ...rows[0], ...moved }] }));
  writeFileSync(
    join(config, 'watchlist.yaml'),
    'entities:\n  iran:\n    name: Iran\n    kind: state\n    aliases:\n      en: [Iran]\n',
  );
  system = await localSystem({
    configDir: config,
    dataDir: join(folder, 'data'),
    port: 0,
    durable: false,
    quiet: true,
    feeds: 3,
    ticks: false,
    poll: { ALLOW_HOSTS: [...feeds.hostPorts, movedHost].join(',') },
    watch(event: LocalEvent) {
      if (event.kind !== 'function-log') return;
      lines.push(event.line);
      if (event.fields !== null) records.push(event.fields);
    },
  });
  system.run.onOutbox((message) => outbox.push(message));
  const published = new Date();
  feeds.stories[0]?.push({ id: 'seed', title: 'A seed', summary: 'SUMMARYWORD', published });
  await system.pollEveryFeedOnce();
  await system.post('/api/subscribers', { channel: 'email', address, follow: ['*'] });
  await system.post('/api/subscribers', {
    channel: 'sms',
    address: number,
    follow: ['*'],
    consent: 'form of 2026-11-20',
  });
  const link = /https?:\/\/\S+[?&]Token=\S+/.exec(outbox.find(({ kind }) => kind === 'confirmation')?.body ?? '')?.[0];
  await system.post('/api/confirmations', { link });
  feeds.stories[0]?.unshift({ id: 'one', title: longTitle, summary: 'SUMMARYWORD of Iran', published });
  await system.pollEveryFeedOnce();
  await system.run.fire('digest');
  await system.run.invoke('digest', { redrive: true });
  await system.run.idle();
});
afterAll(async () => {
  await system?.run.stop();
  await feeds?.stop();
  movedServer.closeAllConnections();
  movedServer.close();
  rmSync(folder, { recursive: true, force: true });
});

const event = (name: string) => records.filter(({ message }) => message === name);

test('somebody was told, so there was something to give away', () => {
  expect(outbox.filter(({ kind }) => kind === 'message').length).toBeGreaterThan(0);
  expect(event('decided').length).toBeGreaterThan(0);
});

test.each([
  ['an address', address],
  ['a part of an address', 'secret.desk'],
  ['a number', number],
  ['a number without its plus', number.slice(1)],
  ['a token', 'Token='],
  ['a summary', 'SUMMARYWORD'],
  ['the end of a long title', 'TITLETAIL'],
  ['the key in an address to which a feed has moved', 's3cretkey'],
])('no line holds %s', (_, secret) => {
  expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});

test('no line holds a token that the outbox names', () => {
  const tokens = outbox.flatMap(({ body }) =>
    [...body.matchAll(/(?:Token=|\/s\/)([\w.-]{16,})/g)].map(([, token]) => token),
  );
  expect(tokens.length).toBeGreaterThan(0);
  for (const token of tokens) expect(lines.filter((line) => line.includes(token ?? '—'))).toEqual([]);
});

test('apply is counted at its one call, and messages by channel', async () => {
  const usage = (await system.api('/api/usage')) as { functions: readonly FunctionUsage[] };
  const used = Object.fromEntries(usage.functions.map(({ name, used }) => [name, used]));
  expect(used.apply).toMatchObject({ invocations: expect.any(Number), writeUnits: expect.any(Number) });
  expect(used.apply?.invocations).toBeGreaterThan(0);
  expect(used.apply?.writeUnits).toBeGreaterThan(0);
  expect(used.alert).toMatchObject({ emails: 1, sms: 1, posts: 0, programs: 1 });
});

test('every line is JSON, with a level and a message, or a metric', () => {
  expect(records).toHaveLength(lines.length);
  for (const record of records) expect('_aws' in record || ('level' in record && 'message' in record)).toBe(true);
});

test('one line a message of batches, and one for each feed whose state changed', () => {
  expect(event('batch polled')).toHaveLength(2);
  const changes = event('feed state').map(({ feed, from, to }) => `${feed} ${from} ${to}`);
  expect(changes.toSorted()).toEqual(['feed-0 new ok', 'feed-1 new empty', 'moved new moved']);
  expect(event('feed state').find(({ feed }) => feed === 'moved')?.problem).toContain('/rss-2?…');
});

test('one trace leads from the tick by the batch to what was decided of its story', () => {
  const [decided] = event('decided');
  const trace = String(decided?.trace);
  const [tick = '', shard = ''] = trace.split('/');
  const batches = event('batch polled').filter(({ trace }) => trace === tick);
  expect(batches.filter(({ shards }) => (shards as string[]).includes(shard))).toHaveLength(1);
  expect(event('scheduled').filter((line) => trace.startsWith(String(line.trace)))).toHaveLength(1);
});
