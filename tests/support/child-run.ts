import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

export type ChildRun = {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves once the output holds these words; rejects when the process ends first or time runs out. */
  until(words: string | RegExp, timeoutMs?: number): Promise<void>;
  end(signal: NodeJS.Signals): Promise<number | null>;
};

/** A child process of this project, its output collected. */
export function startChild(file: string, words: readonly string[], env: Record<string, string> = {}): ChildRun {
  const child = spawn(process.execPath, [join(root, file), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return {
    child,
    output: () => output,
    async until(wanted, timeoutMs = 150_000) {
      const deadline = Date.now() + timeoutMs;
      const isThere = () => (typeof wanted === 'string' ? output.includes(wanted) : wanted.test(output));
      while (!isThere()) {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before ${wanted}:\n${output}`);
        if (Date.now() > deadline) throw new Error(`no ${wanted} within ${timeoutMs} ms:\n${output}`);
        await sleep(50);
      }
    },
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      return child.exitCode;
    },
  };
}

export type OutboxFile = {
  readonly at: string;
  readonly kind: string;
  readonly channel: string;
  readonly body: string;
};

export function outboxOf(dataDir: string): readonly OutboxFile[] {
  const folder = join(dataDir, 'outbox');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as OutboxFile);
  } catch {
    return [];
  }
}

/** Folders in which runs of a data directory kept their database, seen while they ran: a closed run forgets its own. */
const liveDirs = new Map<string, Set<string>>();

/** The Java processes of a data directory's runs: those whose words name a folder that such a run has used. */
export function javasOf(dataDir: string): readonly number[] {
  const { liveDir } = JSON.parse(readFileSync(join(dataDir, 'live.json'), 'utf8')) as { liveDir: string | null };
  const known = liveDirs.get(dataDir) ?? new Set();
  if (liveDir !== null) known.add(liveDir);
  liveDirs.set(dataDir, known);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = wordsOf(pid);
      const isNamed = words.some((word) => [...known].some((dir) => word.startsWith(dir)));
      return words[0]?.endsWith('java') === true && isNamed;
    })
    .map(Number);
}

function wordsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
