import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PlainError } from '../../lib/core/plain-error.ts';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { checkDataDir, checkJava, checkPort, lockDataDir } from '../../lib/local/preflight.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

function javaThatSays(words: string): string {
  const file = join(temporaryFolder(), 'java');
  writeFileSync(file, `#!/bin/sh\ncat >&2 <<'END'\n${words}\nEND\n`);
  chmodSync(file, 0o755);
  return file;
}

test.each([
  ['17', 'openjdk version "17.0.15" 2025-04-15'],
  ['newer', 'java version "21" 2023-09-19 LTS'],
])('Java %s will do', (_, words) => {
  expect(() => checkJava(javaThatSays(words))).not.toThrow();
});

test.each([
  ['old', 'openjdk version "11.0.22" 2024-01-16', 'Java is "11.0.22" and must be 17 or newer; install it'],
  ['of the old numbering', 'java version "1.8.0_392"', 'Java is "1.8.0_392" and must be 17 or newer'],
  [
    'something else',
    'Unrecognized option: -version',
    'Java does not say its version ("Unrecognized option: -version")',
  ],
])('Java that is %s is refused in one sentence', (_, words, sentence) => {
  const check = () => checkJava(javaThatSays(words));
  expect(check).toThrow(PlainError);
  expect(check).toThrow(sentence);
});

test('no Java at all is said, with the package to install', () => {
  expect(() => checkJava('/nowhere/java')).toThrow(/^Java was not found \(\/nowhere\/java: ENOENT\); install Java 17/);
});

test('a port that is taken is named, with the remedy', async () => {
  const { port, close } = await listenOnLoopback(createServer(), 0);
  onTestFinished(close);
  await expect(checkPort(port)).rejects.toThrow(`Port ${port} is taken by another program; choose another with --port`);
  await expect(checkPort(0)).resolves.toBeUndefined();
});

test('a data directory that cannot be is named, with the remedy', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => checkDataDir(join(file, 'data'))).toThrow(`The data directory ${file}/data cannot be written (ENOTDIR)`);
});

test('a data directory is one run’s at a time, and free again afterwards', () => {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(dataDir);
  const first = lockDataDir(dataDir);
  expect(() => lockDataDir(dataDir)).toThrow(`in use by a live run (process ${process.pid})`);
  first.release();
  first.release();
  lockDataDir(dataDir).release();
});
