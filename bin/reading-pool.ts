import { Worker } from 'node:worker_threads';
import type { ReadFeed } from '../lib/core/feed/feed-entry.ts';

/** One feed to be read: from bytes, or from a file that the thread opens itself. */
export type ReadingJob = {
  readonly file: string | null;
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** What relative links are resolved against; null where it is not known. */
  readonly url: string | null;
  /** ISO 8601. */
  readonly now: string;
};

export type ReadingReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly read: ReadFeed }
  | { readonly kind: 'failed'; readonly message: string };

export type ReadingPool = {
  /** Always resolves: a reading that hangs or crashes is ended and becomes an unreadable feed. */
  read(job: ReadingJob): Promise<ReadFeed>;
  close(): Promise<void>;
};

/** What one reading may add to the thread's heap: the bound that the attacks are tested against. */
const heapMb = 256;

/**
 * Reads feeds in threads, because a thread can be ended from outside and a function cannot.
 * @param limitMs for one feed, counted from when a thread begins with it
 */
export function createReadingPool(options: {
  readonly threads: number;
  readonly limitMs: number;
  /** Another script for the threads, in tests. */
  readonly script?: URL;
}): ReadingPool {
  const script = options.script ?? new URL('./reading-worker.ts', import.meta.url);
  const idle: Promise<Thread>[] = Array.from({ length: options.threads }, () => startThread(script));
  const waiting: ((thread: Promise<Thread>) => void)[] = [];

  function nextThread(): Promise<Thread> {
    return idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  }

  function giveBack(thread: Promise<Thread>): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  }

  async function read(job: ReadingJob): Promise<ReadFeed> {
    const thread = await nextThread();
    const outcome = await runJob(thread, job, options.limitMs);
    giveBack(outcome.ended ? startThread(script) : Promise.resolve(thread));
    return outcome.read;
  }

  return {
    read,
    close: async () => {
      await Promise.all(idle.map(async (thread) => (await thread).worker.terminate()));
    },
  };
}

type Thread = { readonly worker: Worker; readonly failure: string | null };

/** Resolves once the thread has loaded, so that loading is not counted against the first feed. */
function startThread(script: URL): Promise<Thread> {
  const worker = new Worker(script, {
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    // What a parsing package prints is no data of ours.
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve) => {
    worker.once('message', () => {
      rest(worker);
      resolve({ worker, failure: null });
    });
    worker.once('error', (error) => resolve({ worker, failure: `reading could not start: ${messageOf(error)}` }));
  });
}

function runJob(thread: Thread, job: ReadingJob, limitMs: number): Promise<{ read: ReadFeed; ended: boolean }> {
  const { worker, failure } = thread;
  if (failure !== null) return Promise.resolve({ read: unreadable(failure), ended: true });
  return new Promise((resolve) => {
    const settle = (read: ReadFeed, ended: boolean) => {
      clearTimeout(timer);
      rest(worker);
      if (ended) void worker.terminate();
      resolve({ read, ended });
    };
    const timer = setTimeout(
      () => settle(unreadable(`reading took longer than ${limitMs / 1000} s and was ended`), true),
      limitMs,
    );
    worker.once('message', (report: ReadingReport) => {
      if (report.kind === 'read') settle(report.read, false);
      else
        settle(unreadable(report.kind === 'failed' ? `reading failed: ${report.message}` : 'reading restarted'), false);
    });
    worker.once('error', (error) => settle(unreadable(`reading crashed: ${messageOf(error)}`), true));
    worker.once('exit', (code) => settle(unreadable(`the reading thread ended with code ${code}`), true));
    worker.postMessage(job);
  });
}

/**
 * Between two feeds nobody waits for anything; a late error of the last one must not end the whole command. The events
 * are named, because removing all listeners takes the thread's own with them.
 */
function rest(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  worker.on('error', () => {});
}

function unreadable(message: string): ReadFeed {
  return { kind: 'unreadable', error: { kind: 'broken', message } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
