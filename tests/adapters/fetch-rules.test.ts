import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createFetchFeed, type FetchFeedOptions } from '../../lib/adapters/fetch-feed.ts';
import type { Fetched } from '../../lib/core/feed/fetched.ts';
import { type Loopback, serve } from './loopback.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

async function serverWith(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> {
  const server = await serve(answer);
  open.push(server);
  return server;
}

function fetcher(server: Loopback, options: FetchFeedOptions = {}) {
  const adapter = createFetchFeed({ allowHosts: [server.host], timeoutMs: 5_000, ...options });
  open.push(adapter);
  return (path: string, validators: { etag?: string; lastModified?: string } = {}, signal?: AbortSignal) =>
    adapter.fetchFeed({ url: server.url(path), etag: null, lastModified: null, ...validators }, signal);
}

function text(fetched: Fetched): string {
  if (fetched.kind !== 'fresh') throw new Error(`no body: ${JSON.stringify(fetched)}`);
  return Buffer.from(fetched.body).toString();
}

const rss = '<rss version="2.0"/>';

test('a first request asks for feeds, says who asks, and sends no validator, cookie or referer', async () => {
  const server = await serverWith((_, response) => response.end(rss));
  await fetcher(server)('/feed?a=1');
  const { method, url, headers } = server.requests[0]!;
  expect({ method, url }).toEqual({ method: 'GET', url: '/feed?a=1' });
  expect(headers['user-agent']).toMatch(/^Wirewatch\/\d.*\+https:\/\//);
  expect(headers.accept).toContain('application/rss+xml');
  expect(headers['accept-encoding']).toBe('gzip, br, deflate');
  expect(Object.keys(headers)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/cookie|referer|if-none-match|if-modified-since/)]),
  );
});

test('the User-Agent can name the operator', async () => {
  const server = await serverWith((_, response) => response.end(rss));
  await fetcher(server, { userAgent: 'Desk/1 (+https://desk.example)' })('/');
  expect(server.requests[0]?.headers['user-agent']).toBe('Desk/1 (+https://desk.example)');
});

test.each([
  ['a strong etag', '"abc"'],
  ['a weak one', 'W/"0815"'],
  ['one without quotes', 'no-quotes-5f'],
  ['one with bytes beyond ASCII', Buffer.from([0x22, 0xe9, 0xff, 0x22]).toString('latin1')],
  ['one with spaces and commas inside', '"a, b  c"'],
])('%s comes back byte for byte', async (_, etag) => {
  const server = await serverWith((_, response) => {
    response.setHeader('ETag', etag);
    // A string would take the headers with it into UTF-8.
    response.end(Buffer.from(rss));
  });
  const fetchPath = fetcher(server);
  const first = await fetchPath('/');
  if (first.kind !== 'fresh') throw new Error('not fresh');
  expect(first.etag).toBe(etag);
  await fetchPath('/', { etag: first.etag! });
  expect(server.requests[1]?.headers['if-none-match']).toBe(etag);
});

test('a validator that would fill the feed row is done without', async () => {
  const server = await serverWith((_, response) =>
    response.writeHead(200, { ETag: `"${'a'.repeat(2_000)}"` }).end(rss),
  );
  expect(await fetcher(server)('/')).toMatchObject({ kind: 'fresh', etag: null });
});

test('Last-Modified comes back as it was sent, however odd', async () => {
  const odd = 'Tuesday, 24-Nov-26 07:08:09 GMT+0';
  const server = await serverWith((_, response) => {
    response.setHeader('Last-Modified', odd);
    response.end(rss);
  });
  const first = await fetcher(server)('/');
  if (first.kind !== 'fresh') throw new Error('not fresh');
  expect([first.etag, first.lastModified]).toEqual([null, odd]);
  await fetcher(server)('/', { lastModified: first.lastModified! });
  expect(server.requests[1]?.headers['if-modified-since']).toBe(odd);
});

test('a validator that no header can carry is left out, and the feed is still asked for', async () => {
  const server = await serverWith((_, response) => response.end(rss));
  expect((await fetcher(server)('/', { etag: '"a\r\nX-Evil: 1"' })).kind).toBe('fresh');
  expect(server.requests[0]?.headers['if-none-match']).toBeUndefined();
  expect(server.requests[0]?.headers['x-evil']).toBeUndefined();
});

test('a 304 to a conditional request is unchanged and may bring a new etag', async () => {
  const server = await serverWith((_, response) => response.writeHead(304, { ETag: '"new"' }).end());
  expect(await fetcher(server)('/', { etag: '"old"' })).toMatchObject({
    kind: 'unchanged',
    etag: '"new"',
    lastModified: null,
  });
});

test('a 304 that nobody asked for is an error', async () => {
  const server = await serverWith((_, response) => response.writeHead(304).end());
  expect(await fetcher(server)('/')).toMatchObject({ kind: 'failed', reason: 'broken', status: 304 });
});

test.each([
  ['max-age', { 'Cache-Control': 'public, max-age=600' }, 600],
  ['max-age less Age', { 'Cache-Control': 'max-age=600', Age: '200' }, 400],
  ['an Age beyond max-age', { 'Cache-Control': 'max-age=600', Age: '900' }, 0],
  ['max-age in quotes', { 'Cache-Control': 'max-age="90"' }, 90],
  ['max-age before Expires', { 'Cache-Control': 'max-age=60', Expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }, 60],
  ['Expires minus Date', { Date: 'Tue, 24 Nov 2026 10:00:00 GMT', Expires: 'Tue, 24 Nov 2026 10:05:00 GMT' }, 300],
  [
    'Expires of a server whose clock is years off',
    { Date: 'Sat, 01 Jan 2000 00:00:00 GMT', Expires: 'Sat, 01 Jan 2000 00:10:00 GMT' },
    600,
  ],
  ['Expires: 0', { Expires: '0' }, 0],
  ['no-cache', { 'Cache-Control': 'no-cache, max-age=600' }, null],
  ['nothing', {}, null],
  ['nonsense', { 'Cache-Control': 'max-age=soon' }, null],
])('how long an answer is fresh: %s', async (_, headers, seconds) => {
  const server = await serverWith((_, response) => response.writeHead(200, headers).end(rss));
  expect(await fetcher(server)('/')).toMatchObject({ freshForSeconds: seconds });
});

test.each([
  [401, 'blocked'],
  [402, 'blocked'],
  [403, 'blocked'],
  [451, 'blocked'],
  [404, 'missing'],
  [410, 'gone'],
  [429, 'busy'],
  [503, 'busy'],
  [400, 'broken'],
  [418, 'broken'],
  [500, 'broken'],
  [502, 'broken'],
  [206, 'broken'],
  [300, 'broken'],
])('status %i is %s', async (status, reason) => {
  const server = await serverWith((_, response) => response.writeHead(status).end('<html/>'));
  expect(await fetcher(server)('/')).toMatchObject({ kind: 'failed', reason, status });
});

test('a challenge for browsers is blocked, not busy', async () => {
  const server = await serverWith((_, response) => response.writeHead(503, { 'cf-mitigated': 'challenge' }).end());
  expect(await fetcher(server)('/')).toMatchObject({ reason: 'blocked' });
});

test.each([
  ['seconds', { 'Retry-After': '120' }, 120],
  [
    'a date, by the server clock',
    { Date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'Retry-After': 'Tue, 24 Nov 2026 11:00:00 GMT' },
    3600,
  ],
  ['a date gone by', { Date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'Retry-After': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
  ['nonsense', { 'Retry-After': 'later' }, null],
  ['a negative number', { 'Retry-After': '-5' }, null],
  ['nothing', {}, null],
])('Retry-After as %s', async (_, headers, seconds) => {
  const server = await serverWith((_, response) => response.writeHead(429, headers).end());
  expect(await fetcher(server)('/')).toMatchObject({ reason: 'busy', retryAfterSeconds: seconds });
});

test('Retry-After of a good answer is passed on as well', async () => {
  const server = await serverWith((_, response) => response.writeHead(200, { 'Retry-After': '900' }).end(rss));
  expect(await fetcher(server)('/')).toMatchObject({ kind: 'fresh', retryAfterSeconds: 900 });
});

test.each([
  ['gzip', gzipSync(rss)],
  ['x-gzip', gzipSync(rss)],
  ['br', brotliCompressSync(rss)],
  ['deflate', deflateSync(rss)],
  ['deflate', deflateRawSync(rss)],
  ['GZIP', gzipSync(rss)],
  ['identity', Buffer.from(rss)],
  ['gzip, br', brotliCompressSync(gzipSync(rss))],
  ['gzip', Buffer.from(rss)],
  ['br', Buffer.from(rss)],
  ['deflate', Buffer.from(rss)],
])('a body packed as %s is unpacked', async (encoding, body) => {
  const server = await serverWith((_, response) => response.writeHead(200, { 'Content-Encoding': encoding }).end(body));
  expect(text(await fetcher(server)('/'))).toBe(rss);
});

test('a packed file without the header is unpacked too', async () => {
  const server = await serverWith((_, response) => response.end(gzipSync(rss)));
  expect(text(await fetcher(server)('/feed.xml.gz'))).toBe(rss);
});

test('the content type and the bytes are handed on as they are', async () => {
  const bytes = Buffer.from([0x3c, 0xe9, 0x00, 0xff]);
  const type = 'text/xml; charset=ISO-8859-1';
  const server = await serverWith((_, response) => response.writeHead(200, { 'Content-Type': type }).end(bytes));
  const fetched = await fetcher(server)('/');
  expect(fetched).toMatchObject({ kind: 'fresh', contentType: type });
  expect(fetched.kind === 'fresh' && Buffer.from(fetched.body).equals(bytes)).toBe(true);
});

test.each([
  ['301 alone', ['/301/b'], '/b'],
  ['308 alone', ['/308/b'], '/b'],
  ['302 alone', ['/302/b'], null],
  ['303 and 307', ['/303/b', '/307/b'], null],
  ['301 then 302: the leading hop', ['/301/302/b'], '/302/b'],
  ['301 then 308', ['/301/308/b'], '/b'],
  ['302 then 301: not leading', ['/302/301/b'], null],
])('permanent redirects: %s', async (_, paths, permanent) => {
  const server = await serverWith(stepwise);
  for (const path of paths) {
    const fetched = await fetcher(server)(path);
    expect(fetched).toMatchObject({ kind: 'fresh', url: server.url('/b') });
    expect(fetched).toMatchObject({ permanentUrl: permanent === null ? null : server.url(permanent) });
  }
});

test('a 304 behind a redirect names the permanent address as well, and validators go along', async () => {
  const server = await serverWith((request, response) => {
    if (request.url === '/old') response.writeHead(301, { Location: '/new' }).end();
    else response.writeHead(304).end();
  });
  expect(await fetcher(server)('/old', { etag: '"e"' })).toMatchObject({
    kind: 'unchanged',
    permanentUrl: server.url('/new'),
  });
  expect(server.requests.map((request) => request.headers['if-none-match'])).toEqual(['"e"', '"e"']);
});

test.each([
  ['relative', 'b'],
  ['with the host alone', '//HOST/b'],
  ['with a fragment', '/b#top'],
  ['in bare UTF-8', Buffer.from('/خبر').toString('latin1')],
])('a redirect %s is followed', async (_, location) => {
  const server = await serverWith((request, response) => {
    if (request.url === '/a') response.writeHead(302, { Location: location.replace('HOST', server.host) }).end();
    else response.end(rss);
  });
  expect((await fetcher(server)('/a')).kind).toBe('fresh');
  expect(server.requests[1]?.url).toBe(location.startsWith('/\u00d8') ? encodeURI('/خبر') : '/b');
});

test('eight redirects are followed, a ninth is not', async () => {
  const server = await serverWith(stepwise);
  expect((await fetcher(server)(`${'/302'.repeat(8)}/b`)).kind).toBe('fresh');
  expect(await fetcher(server)(`${'/302'.repeat(9)}/b`)).toMatchObject({ kind: 'failed', reason: 'forbidden' });
  expect(server.requests.length).toBe(9 + 9);
});

test('no cookie is kept from one request to the next', async () => {
  const server = await serverWith((_, response) => {
    response.writeHead(200, { 'Set-Cookie': 'id=1; Path=/' }).end(rss);
  });
  const fetchPath = fetcher(server);
  await fetchPath('/a');
  await fetchPath('/b');
  expect(server.requests.map((request) => request.headers.cookie)).toEqual([undefined, undefined]);
});

test('twelve feeds of one host are fetched over two connections', async () => {
  const server = await serverWith((_, response) => setTimeout(() => response.end(rss), 20));
  const fetchPath = fetcher(server);
  const all = await Promise.all(Array.from({ length: 12 }, (_, i) => fetchPath(`/${i}`)));
  expect(all.every((fetched) => fetched.kind === 'fresh')).toBe(true);
  expect(server.connections()).toMatchObject({ made: 2, most: 2 });
});

test('no connection outlives the last request, so none is found dead after a pause', async () => {
  const server = await serverWith((_, response) => response.end(rss));
  const fetchPath = fetcher(server);
  for (let batch = 1; batch <= 3; batch++) {
    await Promise.all([fetchPath('/a'), fetchPath('/b')]);
    await expect.poll(() => server.connections().open).toBe(0);
  }
  expect(server.requests.length).toBe(6);
});

test('waiting for a turn at the host is not counted against the deadline', async () => {
  const server = await serverWith((_, response) => setTimeout(() => response.end(rss), 600));
  const fetchPath = fetcher(server, { timeoutMs: 1_500 });
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) => fetchPath(`/${i}`)));
  expect(all.map((fetched) => fetched.kind)).toEqual(Array(8).fill('fresh'));
});

test('a signal ends what runs and what waits, as a value', async () => {
  const server = await serverWith(() => {});
  const fetchPath = fetcher(server);
  const stop = new AbortController();
  const all = Array.from({ length: 4 }, (_, i) => fetchPath(`/${i}`, {}, stop.signal));
  await expect.poll(() => server.requests.length).toBe(2);
  stop.abort();
  for (const fetched of await Promise.all(all))
    expect(fetched).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  expect(server.requests.length).toBe(2);
});

test('a port on which nobody listens is unreachable', async () => {
  const server = await serve(() => {});
  const fetchPath = fetcher(server);
  await server.close();
  expect(await fetchPath('/')).toMatchObject({ kind: 'failed', reason: 'unreachable', status: null });
});

/** `/302/301/b` answers 302 to `/301/b`. */
function stepwise(request: IncomingMessage, response: ServerResponse): void {
  const [, status = '', rest] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
  if (rest === undefined) response.end(rss);
  else response.writeHead(Number(status), { Location: rest }).end();
}
