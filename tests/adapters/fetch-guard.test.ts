import diagnostics from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFetchFeed } from '../../lib/adapters/fetch-feed.ts';
import { isPublicAddress, type LookUp } from '../../lib/adapters/guard.ts';
import { type Loopback, serve } from './loopback.ts';

// A server inside the network we must not reach, and a count of every client socket that this process opens.
let inside: Loopback;
let sockets = 0;
const countSocket = () => {
  sockets++;
};
beforeAll(async () => {
  inside = await serve((request, response) => {
    if (request.url?.startsWith('/to?')) {
      const target = Buffer.from(decodeURIComponent(request.url.slice(4))).toString('latin1');
      response.writeHead(302, { Location: target }).end();
    } else response.end('<rss version="2.0"/>');
  });
  diagnostics.subscribe('net.client.socket', countSocket);
});
afterAll(() => {
  diagnostics.unsubscribe('net.client.socket', countSocket);
  return inside.close();
});
beforeEach(() => {
  sockets = 0;
});

async function fetchGuarded(url: string, options: { allowHosts?: string[]; lookup?: LookUp } = {}) {
  const { fetchFeed, close } = createFetchFeed({ timeoutMs: 1_000, ...options });
  const fetched = await fetchFeed({ url, etag: null, lastModified: null });
  await close();
  return fetched;
}

const refused = { kind: 'failed', reason: 'forbidden', status: null };

const literals = [
  // Loopback in every spelling that a URL parser accepts.
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '0',
  '0.0.0.0',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  // Mapped, compatible, translated, tunnelled.
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::10.0.0.1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  // Private, shared, link-local, site-local, unique local.
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.1.1',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd12:3456:789a::1]',
  // Clouds: metadata of AWS, Azure, GCP, Alibaba, Oracle, ECS tasks.
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '168.63.129.16',
  '[::ffff:168.63.129.16]',
  '100.100.100.200',
  '192.0.0.192',
  '169.254.170.2',
  // Reserved for something else than hosts.
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '198.18.0.1',
  '192.88.99.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[4000::1]',
];

test.each(literals)('%s is refused without a socket', async (host) => {
  expect(await fetchGuarded(`http://${host}:${inside.port}/`)).toMatchObject(refused);
  expect(await fetchGuarded(`https://${host}/`)).toMatchObject(refused);
  expect(sockets).toBe(0);
});

test.each(literals)('a redirect to %s is refused after one request', async (host) => {
  const before = inside.connections().made;
  const url = inside.url(
    `/to?${encodeURIComponent(`http://${host}:${host === '127.0.0.1' ? inside.port + 1 : inside.port}/`)}`,
  );
  const fetched = await fetchGuarded(url, { allowHosts: [`127.0.0.1:${inside.port}`] });
  // Some spellings are the allowed host itself, once parsed; everything else is refused.
  if (new URL(`http://${host}/`).hostname === '127.0.0.1' && host !== '127.0.0.1') expect(fetched.kind).toBe('fresh');
  else expect(fetched).toMatchObject(refused);
  expect(inside.connections().made - before).toBeLessThanOrEqual(2);
});

test.each([
  ['loopback', ['127.0.0.1']],
  ['loopback, IPv6', ['::1']],
  ['a mapped address', ['::ffff:127.0.0.1']],
  ['a private one', ['192.168.0.10']],
  ['link-local metadata', ['169.254.169.254']],
  ['Azure metadata', ['168.63.129.16']],
  ['NAT64 of a private one', ['64:ff9b::a00:1']],
  ['a scoped address', ['fe80::1%eth0']],
  ['a public one and loopback', ['93.184.216.34', '127.0.0.1']],
  ['loopback and a public one', ['::1', '2606:2800:220:1:248:1893:25c8:1946']],
  ['no address at all but nonsense', ['localhost']],
])('a name that stands for %s is refused', async (_, addresses) => {
  const before = inside.connections().made;
  const lookup: LookUp = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  expect(await fetchGuarded(`http://feeds.example:${inside.port}/`, { lookup })).toMatchObject(refused);
  expect(inside.connections().made).toBe(before);
});

test.each(['localhost', 'LOCALHOST', 'localhost.', 'ip6-localhost', 'a.localhost'])(
  'the name %s leads nowhere, as the system resolves it',
  async (name) => {
    const before = inside.connections().made;
    expect((await fetchGuarded(`http://${name}:${inside.port}/`)).kind).toBe('failed');
    expect(inside.connections().made).toBe(before);
  },
);

test('a name is looked up once a connection, and what was checked is what is connected to', async () => {
  const before = inside.connections().made;
  let lookups = 0;
  // Public when first asked, loopback ever after: a guard that checks and then connects by name falls for it.
  const lookup: LookUp = async () => {
    lookups++;
    return lookups === 1 ? [{ address: '2a00::1', family: 6 }] : [{ address: '127.0.0.1', family: 4 }];
  };
  const url = `http://rebound.example:${inside.port}/`;
  expect(await fetchGuarded(url, { lookup })).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  expect(lookups).toBe(1);
  expect(await fetchGuarded(url, { lookup })).toMatchObject(refused);
  expect(inside.connections().made).toBe(before);
});

test.each([
  ['a user name', 'http://user@93.184.216.34/'],
  // secretlint-disable-next-line -- no credential of anybody: what the guard has to refuse
  ['a password', 'http://user:secret@example.com/'],
  ['a host as user name', 'http://example.com@127.0.0.1/'],
  ['ftp', 'ftp://example.com/feed'],
  ['file', 'file:///etc/passwd'],
  ['data', 'data:text/xml,<rss/>'],
  ['javascript', 'javascript:alert(1)'],
  ['gopher', 'gopher://127.0.0.1:6379/_INFO'],
  ['unix', 'unix:///var/run/docker.sock'],
  ['feed', 'feed://example.com/rss'],
  ['no scheme', 'example.com/feed'],
  ['nothing', ''],
  ['a broken address', 'http://[::1'],
])('%s is refused without a socket, at first and after a redirect', async (_, url) => {
  expect(await fetchGuarded(url)).toMatchObject(refused);
  expect(sockets).toBe(0);
  if (!URL.canParse(url)) return;
  const fetched = await fetchGuarded(inside.url(`/to?${encodeURIComponent(url)}`), {
    allowHosts: [`127.0.0.1:${inside.port}`],
  });
  expect(fetched).toMatchObject(refused);
  expect(sockets).toBe(1);
});

test('an allowed host is exempt for exactly that host and port', async () => {
  const allowHosts = [`127.0.0.1:${inside.port}`];
  expect((await fetchGuarded(inside.url('/'), { allowHosts })).kind).toBe('fresh');
  for (const url of [
    `http://127.0.0.1:${inside.port + 1}/`,
    'http://127.0.0.1/',
    `http://127.0.0.2:${inside.port}/`,
    `http://localhost:${inside.port}/`,
    `http://[::1]:${inside.port}/`,
    `http://[::ffff:127.0.0.1]:${inside.port}/`,
  ]) {
    expect(await fetchGuarded(url, { allowHosts }), url).toMatchObject(refused);
  }
});

test('an allowed name is resolved freely, another name is not', async () => {
  const lookup: LookUp = async () => [{ address: '127.0.0.1', family: 4 }];
  const allowHosts = [`newsroom.test:${inside.port}`];
  expect((await fetchGuarded(`http://newsroom.test:${inside.port}/`, { allowHosts, lookup })).kind).toBe('fresh');
  expect(await fetchGuarded(`http://other.test:${inside.port}/`, { allowHosts, lookup })).toMatchObject(refused);
});

test.each([
  '93.184.216.34',
  '8.8.8.8',
  '1.1.1.1',
  '::ffff:8.8.8.8',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
