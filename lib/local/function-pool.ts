import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionError, WorkerAnswer, WorkerCall, WorkerStart } from './function-worker.ts';
import type { Log } from './local-event.ts';
import type { RunningClock } from './virtual-clock.ts';

/** A function of the template with everything resolved. */
export type LocalFunction = {
  readonly id: string;
  /** What the commands call it: `poll`. */
  readonly verb: string;
  readonly name: string;
  readonly arn: string;
  readonly file: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly maxConcurrency: number;
};

export type Invoked =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly error: FunctionError };

export type FunctionPool = {
  readonly function: LocalFunction;
  invoke(payload: unknown): Promise<Invoked>;
  /** Starts an execution environment before it is needed. */
  warm(): Promise<void>;
  /** Ends the environments that are idle, and gives their memory back. */
  cool(): Promise<void>;
  readonly running: number;
  close(): Promise<void>;
};

const quietMs = 30_000;

// Each thread has a young generation of its own; V8's default for it is meant for a process.
const youngGenerationMb = 16;

type Environment = {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  call: { resolve(invoked: Invoked): void } | null;
  used: boolean;
};

/** Runs one function, each execution environment in a worker thread of its own, kept warm and used again. */
export function functionPool(
  fn: LocalFunction,
  clock: RunningClock | null,
  log: Log,
  changed: () => void,
): FunctionPool {
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let closed = false;

  const discard = (environment: Environment) => {
    all.delete(environment);
    const at = idle.indexOf(environment);
    if (at >= 0) idle.splice(at, 1);
    return environment.worker.terminate();
  };

  let shrinking: NodeJS.Timeout | undefined;
  /** After a quiet while one environment is enough, as on Lambda. */
  const shrinkLater = () => {
    clearTimeout(shrinking);
    shrinking = setTimeout(() => {
      for (const environment of idle.slice(1)) void discard(environment);
    }, quietMs).unref();
  };

  async function invoke(payload: unknown): Promise<Invoked> {
    if (closed) return failed('Stopped', `${fn.name} was stopped`);
    if (running >= fn.maxConcurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    changed();
    const began = performance.now();
    const environment = idle.pop() ?? startEnvironment(fn, clock, log, all);
    const cold = !environment.used;
    environment.used = true;
    const invoked = await callWithin(environment, payload);
    if (all.has(environment)) {
      idle.push(environment);
      shrinkLater();
    }
    running--;
    const error = invoked.kind === 'failed' ? `${invoked.error.errorType}: ${invoked.error.errorMessage}` : null;
    // What is cut off at the end is no failure: its message or record is read again at the next start.
    if (!closed) log({ kind: 'invocation', function: fn.verb, ms: performance.now() - began, cold, error });
    waiting.shift()?.();
    changed();
    return invoked;
  }

  async function callWithin(environment: Environment, payload: unknown): Promise<Invoked> {
    let timer: NodeJS.Timeout | undefined;
    const outcome = new Promise<Invoked>((resolve) => {
      environment.call = { resolve };
    });
    try {
      await Promise.race([environment.ready, outcome]);
      // Loading does not count: on Lambda it has its own ten seconds.
      const tooLong = new Promise<Invoked>((resolve) => {
        timer = setTimeout(() => {
          void discard(environment);
          resolve(failed('Sandbox.Timedout', `Task timed out after ${(fn.timeoutMs / 1000).toFixed(2)} seconds`));
        }, fn.timeoutMs);
      });
      const call: WorkerCall = {
        requestId: randomUUID(),
        payload: JSON.stringify(payload ?? null),
        deadlineMs: fn.timeoutMs,
      };
      environment.worker.postMessage(call);
      return await Promise.race([outcome, tooLong]);
    } finally {
      clearTimeout(timer);
      environment.call = null;
    }
  }

  return {
    function: fn,
    invoke,
    warm: async () => {
      const environment = startEnvironment(fn, clock, log, all);
      idle.push(environment);
      await Promise.race([environment.ready, new Promise((resolve) => environment.worker.once('exit', resolve))]);
    },
    cool: async () => {
      await Promise.all(idle.slice().map(discard));
    },
    get running() {
      return running + waiting.length;
    },
    close: async () => {
      closed = true;
      clearTimeout(shrinking);
      await Promise.all([...all].map(discard));
    },
  };
}

function startEnvironment(fn: LocalFunction, clock: RunningClock | null, log: Log, all: Set<Environment>): Environment {
  const start: WorkerStart = {
    file: fn.file,
    handler: fn.handler,
    functionName: fn.name,
    functionArn: fn.arn,
    memoryMb: fn.memoryMb,
    clock,
  };
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    name: fn.name,
    workerData: start,
    // Nothing of our own environment: a function sees what the template gives it.
    env: { ...fn.environment },
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: youngGenerationMb },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  forwardLines(worker.stdout, fn.verb, log);
  forwardLines(worker.stderr, fn.verb, log);

  const { promise: ready, resolve: loaded } = Promise.withResolvers<void>();
  const environment: Environment = { worker, ready, call: null, used: false };
  const end = (invoked: Invoked) => {
    all.delete(environment);
    environment.call?.resolve(invoked);
  };
  worker.on('message', (message: WorkerAnswer) => {
    if (message.kind === 'ready') loaded();
    else if (message.kind === 'returned')
      environment.call?.resolve({ kind: 'returned', payload: JSON.parse(message.payload) });
    else if (message.kind === 'threw') environment.call?.resolve({ kind: 'failed', error: message.error });
    else {
      end({ kind: 'failed', error: message.error });
      void worker.terminate();
    }
  });
  worker.once('error', (error: unknown) => end(failed('Runtime.ExitError', String((error as Error).message ?? error))));
  worker.once('exit', (code) => end(failed('Runtime.ExitError', `the function's environment ended with code ${code}`)));
  all.add(environment);
  return environment;
}

function failed(errorType: string, errorMessage: string): Invoked {
  return { kind: 'failed', error: { errorType, errorMessage, trace: [] } };
}

function forwardLines(stream: Readable, verb: string, log: Log): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (line !== '') log({ kind: 'function-log', function: verb, line, fields: jsonFields(line) });
  });
}

function jsonFields(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
