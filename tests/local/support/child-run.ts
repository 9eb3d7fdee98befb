import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type ChildRun = {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lambdaEndpoint: string;
  readonly startedNew: boolean;
  /** The warnings and errors it printed. */
  readonly said: readonly { readonly kind: string; readonly message: string }[];
  invoke(name: string, payload: unknown): Promise<unknown>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
};

type Line = { kind: string; message: string; url: string; lambdaEndpoint: string; startedNew: boolean };

/** Starts a local run in a child process; rejects with what it says where it refuses to start. */
export async function startChildRun(assemblyDir: string, dataDir: string): Promise<ChildRun> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./run-child.ts', import.meta.url)), assemblyDir, dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const said: { kind: string; message: string }[] = [];
  const ended = once(child, 'exit');
  const ready = new Promise<Line>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.kind === 'ready') resolve(line);
      else if (line.kind === 'refused') reject(new Error(line.message));
      else said.push(line);
    });
    void ended.then(() => reject(new Error('the run ended before it was ready')));
  });
  const { url, lambdaEndpoint, startedNew } = await ready;
  return {
    child,
    url,
    lambdaEndpoint,
    startedNew,
    said,
    invoke: async (name, payload) => {
      const answer = await fetch(`${lambdaEndpoint}/2015-03-31/functions/${name}/invocations`, {
        method: 'POST',
        body: JSON.stringify(payload),
      });
      return answer.json();
    },
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

/** The process id of the Java that a run in this data directory started. */
export function javaOf(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'java.json'), 'utf8')) as { pid: number }).pid;
}
