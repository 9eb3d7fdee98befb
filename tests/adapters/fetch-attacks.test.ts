import type { Socket } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createFetchFeed, type FetchFeedOptions } from '../../lib/adapters/fetch-feed.ts';
import { type Loopback, serve, serveRaw } from './loopback.ts';

const maxBytes = 256 * 1024;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

async function raw(answer: (socket: Socket) => void): Promise<Loopback> {
  const server = await serveRaw(answer);
  open.push(server);
  return server;
}

function fetcher(server: Loopback, options: FetchFeedOptions = {}) {
  const adapter = createFetchFeed({ allowHosts: [server.host], timeoutMs: 800, maxBytes, ...options });
  open.push(adapter);
  return (path = '/') => adapter.fetchFeed({ url: server.url(path), etag: null, lastModified: null });
}

/** Writes without end and counts the bytes that the other side took. */
function flood(socket: Socket, chunk: string | Buffer): { sent: () => number } {
  let sent = 0;
  const more = () => {
    while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
    sent += chunk.length;
  };
  socket.on('drain', more);
  more();
  return { sent: () => sent };
}

const ok = 'HTTP/1.1 200 OK\r\n';

const zeros = Buffer.alloc(100 * 1024 * 1024);
const bombs = {
  gzip: gzipSync(zeros),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  deflate: deflateSync(zeros),
  rawDeflate: deflateRawSync(zeros),
};

test.each([
  ['gzip', 'gzip', bombs.gzip],
  ['brotli', 'br', bombs.br],
  ['deflate', 'deflate', bombs.deflate],
  ['deflate without its header', 'deflate', bombs.rawDeflate],
  ['gzip in gzip', 'gzip, gzip', gzipSync(bombs.gzip)],
  ['gzip without saying so', '', bombs.gzip],
])('a bomb of 100 MB in %s stops at the limit', async (_, encoding, body) => {
  const server = await serve((_request, response) => {
    response.writeHead(200, encoding === '' ? {} : { 'Content-Encoding': encoding }).end(body);
  });
  open.push(server);
  const before = process.memoryUsage().rss;
  expect(await fetcher(server, { maxBytes: 8 * 1024 * 1024, timeoutMs: 10_000 })()).toMatchObject({
    kind: 'failed',
    reason: 'too-large',
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('layers upon layers are refused', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip, gzip, gzip' }).end('x');
  });
  open.push(server);
  expect(await fetcher(server)()).toMatchObject({ kind: 'failed', reason: 'broken' });
});

test.each([
  ['an encoding nobody asked for', 'zstd', Buffer.from('x')],
  ['a torn gzip', 'gzip', gzipSync('<rss/>'.repeat(100)).subarray(0, 30)],
  ['a gzip that lies about its sum', 'gzip', Buffer.concat([gzipSync('<rss/>').subarray(0, -8), Buffer.alloc(8, 1)])],
])('%s is broken', async (_, encoding, body) => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': encoding }).end(body);
  });
  open.push(server);
  expect(await fetcher(server)()).toMatchObject({ kind: 'failed', reason: 'broken' });
});

test('a body that announces more than the limit is not read', async () => {
  let flooding = { sent: () => 0 };
  const server = await raw((socket) => {
    socket.write(`${ok}Content-Length: 99999999999\r\n\r\n`);
    flooding = flood(socket, Buffer.alloc(64 * 1024, 0x20));
  });
  expect(await fetcher(server)()).toMatchObject({ reason: 'too-large' });
  expect(flooding.sent()).toBeLessThan(16 * 1024 * 1024);
});

test.each([
  ['by connection', '\r\n', ' '.repeat(65_536)],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n', `10000\r\n${' '.repeat(65_536)}\r\n`],
])('an endless body, %s, ends at the limit', async (_, headers, chunk) => {
  let flooding = { sent: () => 0 };
  const server = await raw((socket) => {
    socket.write(`${ok}${headers}`);
    flooding = flood(socket, chunk);
  });
  expect(await fetcher(server, { timeoutMs: 10_000 })()).toMatchObject({ reason: 'too-large' });
  // The limit and what the sockets' buffers hold.
  expect(flooding.sent()).toBeLessThan(16 * 1024 * 1024);
});

test.each([
  ['says nothing', () => {}],
  ['drips its headers', (socket: Socket) => drip(socket, `${ok}X-Long: ${'a'.repeat(5_000)}`)],
  ['drips its body', (socket: Socket) => drip(socket, '<rss>'.repeat(5_000), `${ok}Content-Length: 25000\r\n\r\n`)],
  [
    'drips chunk sizes',
    (socket: Socket) => drip(socket, '1\r\na\r\n'.repeat(999), `${ok}Transfer-Encoding: chunked\r\n\r\n`),
  ],
  ['drips informational answers', (socket: Socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(999))],
  ['stops in its headers', (socket: Socket) => socket.write(`${ok}Content-Ty`)],
  ['stops in its body', (socket: Socket) => socket.write(`${ok}Content-Length: 100\r\n\r\n<rss`)],
  [
    'redirects and then drips',
    (socket: Socket) =>
      drip(socket, 'x'.repeat(5_000), 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 5000\r\n\r\n'),
  ],
])('one deadline over headers and body: a server that %s', async (_, answer) => {
  const server = await raw(answer);
  const started = performance.now();
  const fetched = await fetcher(server)();
  expect(fetched.kind).toBe('failed');
  // The bound is a limit of the code, 800 ms; the rest is for a busy machine.
  expect(performance.now() - started).toBeLessThan(6_000);
});

test('a slow host does not hold up another', async () => {
  const slow = await raw(() => {});
  const good = await serve((_, response) => response.end('<rss/>'));
  open.push(good);
  const { fetchFeed, close } = createFetchFeed({ allowHosts: [slow.host, good.host], timeoutMs: 3_000 });
  open.push({ close });
  const outcomes: string[] = [];
  const urls = [
    ...Array.from({ length: 6 }, () => slow.url('/')),
    ...Array.from({ length: 6 }, (_, i) => good.url(`/${i}`)),
  ];
  const all = urls.map(async (url) => {
    const fetched = await fetchFeed({ url, etag: null, lastModified: null });
    outcomes.push(fetched.kind);
  });
  await expect.poll(() => outcomes.filter((kind) => kind === 'fresh').length).toBe(6);
  expect(outcomes.filter((kind) => kind === 'failed').length).toBe(0);
  await close();
  await Promise.all(all);
});

test.each([
  [
    'a Content-Length that promises more than comes',
    (socket: Socket) => socket.end(`${ok}Content-Length: 100\r\n\r\n<rss/>`),
  ],
  ['two lengths', (socket: Socket) => socket.end(`${ok}Content-Length: 3\r\nContent-Length: 6\r\n\r\n<rss/>`)],
  ['a negative length', (socket: Socket) => socket.end(`${ok}Content-Length: -1\r\n\r\n<rss/>`)],
  [
    'a length and chunks',
    (socket: Socket) => socket.end(`${ok}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`),
  ],
  ['a torn chunk', (socket: Socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\n10\r\n<rss`)],
  ['no HTTP at all', (socket: Socket) => socket.end('<rss version="2.0"/>')],
  ['HTTP/0.9', (socket: Socket) => socket.end('hello')],
  ['a binary answer', (socket: Socket) => socket.end(Buffer.from([0x16, 3, 1, 0, 0xff]))],
  ['a reset before the answer', (socket: Socket) => socket.resetAndDestroy()],
  ['an end before the answer', (socket: Socket) => socket.end()],
  [
    'an upgrade',
    (socket: Socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  ],
  ['a status of four digits', (socket: Socket) => socket.end('HTTP/1.1 9999 Odd\r\n\r\n')],
])('%s fails and says so', async (_, answer) => {
  const server = await raw(answer);
  const fetched = await fetcher(server)();
  if (fetched.kind !== 'failed') throw new Error(`it was taken: ${fetched.kind}`);
  expect(['broken', 'unreachable']).toContain(fetched.reason);
  expect(fetched.message.length).toBeGreaterThan(10);
});

test('a reset in the middle of the body fails', async () => {
  const server = await raw((socket) => {
    socket.write(`${ok}Content-Length: 100\r\n\r\n<rss`, () => setTimeout(() => socket.resetAndDestroy(), 20));
  });
  expect(await fetcher(server)()).toMatchObject({ kind: 'failed', reason: 'unreachable' });
});

test('a Content-Length that promises less hands on no more than it promised', async () => {
  const server = await raw((socket) =>
    socket.end(`${ok}Content-Length: 4\r\n\r\n<rss/>HTTP/1.1 200 OK\r\n\r\nsmuggled`),
  );
  const fetched = await fetcher(server)();
  expect(fetched.kind === 'fresh' ? Buffer.from(fetched.body).toString() : fetched.kind).toMatch(/^(<rss|failed)$/);
});

test.each([
  ['one header of 100 kB', `X-Big: ${'a'.repeat(100_000)}\r\n`],
  ['50,000 small headers', Array.from({ length: 50_000 }, (_, i) => `X-${i}: 1\r\n`).join('')],
])('%s is too much', async (_, headers) => {
  const server = await raw((socket) => socket.end(`${ok}${headers}\r\n<rss/>`));
  expect(await fetcher(server)()).toMatchObject({ kind: 'failed', reason: 'broken' });
});

test('headers without end stop at the limit', async () => {
  let flooding = { sent: () => 0 };
  const server = await raw((socket) => {
    socket.write(ok);
    flooding = flood(socket, `X-More: ${'a'.repeat(8_000)}\r\n`);
  });
  expect(await fetcher(server, { timeoutMs: 10_000 })()).toMatchObject({ kind: 'failed', reason: 'broken' });
  expect(flooding.sent()).toBeLessThan(16 * 1024 * 1024);
});

test.each([
  ['to itself', (path: string) => path],
  ['between two addresses', (path: string) => (path === '/a' ? '/b' : '/a')],
  ['to ever new ones', (path: string) => `${path}x`],
])('a redirect loop %s ends after nine requests', async (_, next) => {
  const server = await serve((request, response) => {
    response.writeHead(301, { Location: next(request.url ?? '') }).end();
  });
  open.push(server);
  expect(await fetcher(server)('/a')).toMatchObject({ kind: 'failed', reason: 'forbidden' });
  expect(server.requests.length).toBe(9);
});

test('a redirect without an address, or to no address, fails', async () => {
  const server = await serve((request, response) => {
    response.writeHead(302, request.url === '/none' ? {} : { Location: 'http://' }).end();
  });
  open.push(server);
  expect(await fetcher(server)('/none')).toMatchObject({ kind: 'failed', reason: 'broken', status: 302 });
  expect(await fetcher(server)('/bad')).toMatchObject({ kind: 'failed', reason: 'broken' });
});

test('what a server puts into a message is made plain and short', async () => {
  const server = await raw((socket) => {
    const evil = Buffer.from(`http://[\u202e${'x'.repeat(5_000)}`);
    socket.end(Buffer.concat([Buffer.from('HTTP/1.1 302 Found\r\nLocation: '), evil, Buffer.from('\r\n\r\n')]));
  });
  const fetched = await fetcher(server)();
  if (fetched.kind !== 'failed') throw new Error('it was taken');
  expect(fetched.message.length).toBeLessThanOrEqual(300);
  expect(fetched.message).toMatch(/^redirected to something that is no address: http:\/\/\[x+$/);
});

test('after all kinds of failure the next request is served', async () => {
  let turn = 0;
  const server = await raw((socket) => {
    const answers = [
      () => socket.resetAndDestroy(),
      () => socket.end('junk'),
      () => {},
      () => socket.end(`${ok}Content-Length: 9\r\n\r\nx`),
    ];
    const answer = answers[turn++] ?? (() => socket.end(`${ok}Content-Length: 6\r\n\r\n<rss/>`));
    answer();
  });
  const fetchPath = fetcher(server);
  const kinds: string[] = [];
  for (let i = 0; i < 6; i++) kinds.push((await fetchPath()).kind);
  expect(kinds).toEqual(['failed', 'failed', 'failed', 'failed', 'fresh', 'fresh']);
});

function drip(socket: Socket, text: string, start = ''): void {
  if (start !== '') socket.write(start);
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text[at++] ?? '');
  }, 10);
}
