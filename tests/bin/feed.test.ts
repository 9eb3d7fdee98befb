import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReadingPool } from '../../bin/reading-pool.ts';
import { type Loopback, serve } from '../adapters/loopback.ts';

const cli = new URL('../../bin/cli.ts', import.meta.url).pathname;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewatch-feed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Run = { readonly code: number | null; readonly out: string; readonly err: string };

function wirewatch(...args: readonly string[]): Promise<Run> {
  const child: ChildProcess = spawn(process.execPath, [cli, 'feed', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    run.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    run.err += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...run })));
}

function rss(...items: readonly string[]): string {
  const entries = items.map(
    (title, i) =>
      `<item><title>${title}</title><link>https://a.example/${title}</link><guid>${title}</guid>` +
      `<pubDate>Tue, 24 Nov 2026 ${String(11 - i).padStart(2, '0')}:00:00 GMT</pubDate></item>`,
  );
  return `<rss version="2.0"><channel><title>The desk</title><link>https://a.example/</link>${entries.join('')}</channel></rss>`;
}

describe('one feed', () => {
  let server: Loopback;
  let answer = { status: 200, headers: {} as Record<string, string>, body: rss('b', 'a') };
  beforeAll(async () => {
    server = await serve((request, response) => {
      if (request.headers['if-none-match'] === answer.headers.ETag && answer.headers.ETag)
        response.writeHead(304).end();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  afterAll(() => server.close());
  const poll = (now: string, ...more: string[]) =>
    wirewatch(
      server.url('/feed'),
      '--json',
      '--allow-host',
      server.host,
      '--state',
      join(folder, 'state'),
      '--now',
      now,
      ...more,
    );

  test('polls of one feed with a state: new, not modified, one more, gone', async () => {
    answer = { status: 200, headers: { ETag: '"1"' }, body: rss('b', 'a') };
    const first = await poll('2026-11-24T12:00:00Z');
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(first.out)).toMatchObject({
      feed: { title: 'The desk', link: 'https://a.example/', format: 'rss' },
      items: [
        { id: 'b', url: 'https://a.example/b', title: 'b', published: '2026-11-24T11:00:00.000Z', new: true },
        { id: 'a', new: true },
      ],
      new: 2,
      health: 'ok',
    });
    expect(JSON.parse(first.out).notModified).toBeUndefined();

    const second = JSON.parse((await poll('2026-11-24T12:30:00Z')).out);
    expect(second).toMatchObject({ feed: { title: 'The desk' }, items: [], new: 0, notModified: true });
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
    expect(Date.parse(second.nextPollAt)).toBeGreaterThan(Date.parse('2026-11-24T12:30:59Z'));

    answer = { status: 200, headers: { ETag: '"2"', 'Cache-Control': 'max-age=7200' }, body: rss('c', 'b', 'a') };
    const third = JSON.parse((await poll('2026-11-24T13:00:00Z')).out);
    expect(third.items.map((item: { id: string; new: boolean }) => [item.id, item.new])).toEqual([
      ['c', true],
      ['b', false],
      ['a', false],
    ]);
    expect(third).toMatchObject({ new: 1, why: expect.stringContaining('the server says it is fresh') });
    const minutes = (Date.parse(third.nextPollAt) - Date.parse('2026-11-24T13:00:00Z')) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(120);
    expect(minutes).toBeLessThanOrEqual(132);

    answer = { status: 410, headers: {}, body: '' };
    const last = await poll('2026-11-24T16:00:00Z');
    expect(last.code).toBe(1);
    expect(JSON.parse(last.out)).toMatchObject({ error: { kind: 'gone', status: 410 }, nextPollAt: null });
    expect(await readdir(join(folder, 'state'))).toHaveLength(1);
  });

  test('an error is JSON on standard output too, and exit code 1', async () => {
    answer = { status: 503, headers: { 'Retry-After': '3600' }, body: '' };
    const { code, out } = await wirewatch(
      server.url('/x'),
      '--json',
      '--allow-host',
      server.host,
      '--now',
      '2026-11-24T12:00:00Z',
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      error: { kind: 'busy', message: expect.stringContaining('503') },
      holdHostUntil: '2026-11-24T13:00:00.000Z',
    });
  });

  test('a private address is refused unless it is allowed', async () => {
    const before = server.requests.length;
    const { code, out } = await wirewatch(server.url('/feed'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { kind: 'forbidden' } });
    expect(server.requests.length).toBe(before);
  });

  test('a file is read as if it had been fetched', async () => {
    const file = join(folder, 'saved.xml');
    await writeFile(file, rss('one'));
    const { code, out } = await wirewatch(file, '--json', '--now', '2026-11-24T12:00:00Z');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ feed: { title: 'The desk' }, items: [{ id: 'one' }], new: 1 });
  });

  test('without --json: titles on standard output, the rest beside it', async () => {
    const file = join(folder, 'shown.xml');
    await writeFile(file, rss('one', 'two'));
    const { code, out, err } = await wirewatch(file);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.split('\t').at(-1)),
    ).toEqual(['one', 'two']);
    expect(err).toMatch(/The desk.*\n2 items, 2 new\nnext poll: /);
  });

  test.each([
    ['nothing', []],
    ['a feed and a folder', ['x.xml', '--batch', '.']],
    ['a time that is none', ['x.xml', '--now', 'noon']],
    ['a host without port', ['x.xml', '--allow-host', 'localhost']],
    ['an option nobody knows', ['x.xml', '--jsno']],
  ])('%s is wrong usage', async (_, args) => {
    const { code, out, err } = await wirewatch(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.length).toBeGreaterThan(20);
  });
});

describe('a folder', () => {
  test('one line a file, in order, whatever is in it', async () => {
    const batch = await mkdtemp(join(folder, 'batch-'));
    await writeFile(join(batch, 'a.xml'), rss('one', 'two'));
    await writeFile(join(batch, 'b.html'), '<!doctype html><title>no</title>');
    await writeFile(join(batch, 'c.empty'), '');
    await writeFile(join(batch, 'd.bin'), Buffer.from([0, 1, 2, 255, 254]));
    await writeFile(join(batch, 'e.xml.gz'), gzipSync(rss('packed')));
    await writeFile(join(batch, 'f.bomb'), gzipSync(Buffer.alloc(50 * 1024 * 1024)));
    await writeFile(join(batch, 'g.deep'), '<a>'.repeat(100_000));
    const { code, out } = await wirewatch('--batch', batch);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ file }) => file)).toEqual([
      'a.xml',
      'b.html',
      'c.empty',
      'd.bin',
      'e.xml.gz',
      'f.bomb',
      'g.deep',
    ]);
    expect(lines[0]).toMatchObject({ feed: { title: 'The desk' }, items: [{ title: 'one' }, { title: 'two' }] });
    expect(lines[4]).toMatchObject({ items: [{ title: 'packed' }] });
    expect(lines[5]).toMatchObject({ error: { kind: 'too-large' } });
    for (const at of [1, 2, 3, 6]) expect(lines[at].error.message.length).toBeGreaterThan(5);
  });

  test('three hundred files are three hundred lines', async () => {
    const batch = await mkdtemp(join(folder, 'many-'));
    const names = Array.from({ length: 300 }, (_, i) => `${i}.xml`);
    await Promise.all(names.map((name) => writeFile(join(batch, name), rss(name))));
    const { out } = await wirewatch('--batch', batch);
    const files = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).file);
    expect(files.toSorted()).toEqual(names.toSorted());
  });

  test('a folder that is not there is said in one sentence', async () => {
    const { code, out, err } = await wirewatch('--batch', join(folder, 'nowhere'));
    expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 });
  });
});

describe('reading threads', () => {
  const job = (name: string) => ({
    file: name,
    body: new Uint8Array(),
    contentType: null,
    url: null,
    now: '2026-11-24T12:00:00Z',
  });
  // A reader that does to its thread what the worst feed might.
  const script = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ file }) => {
      if (file === 'hang') for (;;);
      if (file === 'throw') throw new Error('no');
      if (file === 'exit') process.exit(3);
      if (file === 'grow') for (const all = [];;) all.push(new Array(1e6).fill({}));
      parentPort.postMessage({ kind: 'read', read: { kind: 'feed', feed: { title: file } } });
    });
    parentPort.postMessage({ kind: 'ready' });`;

  test('what hangs, throws, exits or eats memory costs itself alone', async () => {
    const file = join(folder, 'hostile.mjs');
    await writeFile(file, script);
    const pool = createReadingPool({ threads: 2, limitMs: 2_000, script: pathToFileURL(file) });
    const names = ['a', 'hang', 'b', 'throw', 'c', 'exit', 'd', 'grow', 'e', 'hang', 'f'];
    const read = await Promise.all(names.map((name) => pool.read(job(name))));
    await pool.close();
    const outcome = read.map((one) =>
      one.kind === 'feed' ? one.feed.title : one.error.message.split(' ').slice(0, 2).join(' '),
    );
    expect(outcome.filter((_, i) => i % 2 === 0)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(outcome.filter((_, i) => i % 2 === 1)).toEqual([
      'reading took',
      'reading crashed:',
      'the reading',
      expect.stringMatching(/^reading (crashed:|took)$/),
      'reading took',
    ]);
  });

  test('a script that cannot start is said, and nothing waits for it', async () => {
    const pool = createReadingPool({ threads: 1, limitMs: 2_000, script: pathToFileURL(join(folder, 'missing.mjs')) });
    expect(await pool.read(job('a'))).toMatchObject({
      kind: 'unreadable',
      error: { message: expect.stringContaining('start') },
    });
    await pool.close();
  });
});
