import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-faults-'));
const launcher = join(root, 'bin/wirewatch.js');
/** Tells a script that it runs on an old Node. */
const oldNode = `--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.19.0'}})`;
const run = promisify(execFile);

const taken = createServer();

beforeAll(async () => {
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/java'), '#!/bin/sh\necho \'openjdk version "11.0.2" 2019-01-15\' >&2\n');
  chmodSync(join(folder, 'bin/java'), 0o755);
  mkdirSync(join(folder, 'alone'));
  copyFileSync(launcher, join(folder, 'alone/wirewatch.js'));
  writeFileSync(join(folder, 'alone/package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'wrong'));
  writeFileSync(join(folder, 'wrong/feeds.yaml'), 'feeds:\n  - id: one\n    url: ftp://a.example/\n');
  writeFileSync(
    join(folder, 'wrong/watchlist.yaml'),
    'entities: {}\nevents:\n  x:\n    name: X\n    when: "@iran NEAR israel"\n',
  );
});

afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (...words: string[]) => [
  'start',
  '--config',
  join(root, 'config'),
  '--data',
  join(folder, 'data'),
  ...words,
];
const port = () => String((taken.address() as AddressInfo).port);

test.each<[string, () => { words: string[]; node?: string[]; env?: Record<string, string> }, RegExp]>([
  [
    'no Java',
    () => ({ words: [launcher, ...start('--port', '0')], env: { PATH: '/nowhere' } }),
    /Java was not found.*install Java 17/,
  ],
  [
    'an old Java',
    () => ({ words: [launcher, ...start('--port', '0')], env: { PATH: join(folder, 'bin') } }),
    /11\.0\.2.*must be 17/,
  ],
  [
    'an old Node',
    () => ({ words: [join(folder, 'alone/wirewatch.js')], node: [oldNode] }),
    /Node 18\.19\.0 is too old.*npm ci/,
  ],
  ['a port that is taken', () => ({ words: [launcher, ...start('--port', port())] }), /Port \d+ is taken.*--port/],
  [
    'a data directory that cannot be written',
    () => ({ words: [launcher, 'start', '--data', join(folder, 'file/data'), '--port', '0'] }),
    /data directory .* cannot be written.*--data/,
  ],
])('%s: one clear sentence, exit 1', async (_, given, sentence) => {
  const { words, node = [], env = {} } = given();
  const { code, stderr, stdout } = await outcome([...node, ...words], env);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test('a wrong config is refused with every place, before anything starts', async () => {
  const { code, stderr } = await outcome(
    [launcher, 'start', '--config', join(folder, 'wrong'), '--data', join(folder, 'data')],
    {},
  );
  expect(stderr).toMatch(/feeds\.yaml:3:\d+: error: .*ftp/);
  expect(stderr).toMatch(/watchlist\.yaml:5:\d+: error: /);
  expect(code).toBe(1);
});

test.each([
  ['an unknown command', ['nonsense']],
  ['an unknown option', ['matches', '--nonsense']],
  ['a missing argument', ['confirm']],
  ['a wrong port', ['start', '--port', 'x']],
  ['a wrong duration', ['start', '--port', '0', '--backfill', 'soon']],
])('%s is wrong usage: exit 2', async (_, words) => {
  expect((await outcome([launcher, ...words], {})).code).toBe(2);
});

test('asked of no system, a command says how to start one', async () => {
  const { code, stderr } = await outcome(
    [launcher, 'matches', '--data', join(folder, 'nothing'), '--region', 'eu-west-1'],
    {
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: '1',
    },
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/no local system runs in .*npm start/);
});

test('an older Node finds the packaged one', async () => {
  const { code, stdout } = await outcome([oldNode, launcher, '--help'], {});
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: wirewatch');
});

async function outcome(words: readonly string[], env: Record<string, string>) {
  try {
    const { stdout, stderr } = await run(process.execPath, words, { env: { ...process.env, NO_COLOR: '1', ...env } });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}
