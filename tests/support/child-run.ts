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
    async until(wanted, timeoutMs = 60_000) {
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

/** Live processes whose command line names both words: for finding a Java that was left behind. */
export function processesNaming(...words: readonly string[]): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return words.every((word) => line.includes(word));
      } catch {
        return false;
      }
    })
    .map(Number);
}
