import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlainError } from '../core/plain-error.ts';
import { readJsonOr, writeJson } from './json-file.ts';

const oldestJava = 17;

/** Throws where Java is missing or too old for DynamoDB Local. */
export function checkJava(command = 'java'): void {
  const asked = spawnSync(command, ['-version'], { encoding: 'utf8' });
  if (asked.error) {
    throw new PlainError(
      `Java was not found (${command}: ${(asked.error as NodeJS.ErrnoException).code}); install Java ${oldestJava} or newer, for example the package openjdk-17-jre-headless.`,
    );
  }
  const words = `${asked.stderr}${asked.stdout}`;
  const version = /version "(1\.)?(\d+)[^"]*"/.exec(words);
  if (version === null) {
    throw new PlainError(
      `Java does not say its version ("${words.trim().split('\n')[0] ?? ''}"); install Java ${oldestJava} or newer.`,
    );
  }
  if (Number(version[2]) < oldestJava) {
    throw new PlainError(
      `Java is ${version[0].replace('version ', '')} and must be ${oldestJava} or newer; install it, for example the package openjdk-17-jre-headless.`,
    );
  }
}

/** Throws where something else listens on the port already. Port 0 is always free. */
export function checkPort(port: number): Promise<void> {
  return new Promise((done, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done()));
  });
}

export function portError(port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') {
    return new PlainError(`Port ${port} is taken by another program; choose another with --port, or --port 0 for any.`);
  }
  if (error.code === 'EACCES') {
    return new PlainError(`Port ${port} may not be opened by this user; choose one above 1023 with --port.`);
  }
  return error;
}

/** Throws where the data directory cannot be made or written. */
export function checkDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new PlainError(
      `The data directory ${resolve(dataDir)} cannot be written (${(error as NodeJS.ErrnoException).code}); choose another with --data, or make it yours.`,
    );
  }
}

/**
 * Takes the data directory for this process, or throws where another run has it. The lock is SQLite's on a file: the
 * system lets go of it when its holder ends, even by SIGKILL, so there is never a stale one to judge.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const holderFile = join(dataDir, 'holder.json');
  const lock = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    const holder = readJsonOr<{ pid?: number }>(holderFile, {});
    const run = readJsonOr<{ url?: string }>(join(dataDir, 'run.json'), {});
    const who = [holder.pid === undefined ? '' : `process ${holder.pid}`, run.url ?? ''].filter((word) => word !== '');
    throw new PlainError(
      `The data directory ${resolve(dataDir)} is in use by a live run${who.length > 0 ? ` (${who.join(', ')})` : ''}; stop that one with Ctrl-C, or choose another with --data.`,
    );
  }
  writeJson(holderFile, { pid: process.pid });
  return {
    release: () => {
      if (lock.isOpen) lock.close();
    },
  };
}

export async function preflight({ dataDir, port }: { readonly dataDir: string; readonly port: number }): Promise<void> {
  checkJava();
  checkDataDir(dataDir);
  // Taken for good by the run itself; whoever comes second should hear of it before anything is built.
  lockDataDir(dataDir).release();
  await checkPort(port);
}
