import { join } from 'node:path';
import type { LocalEvent } from '../lib/local/local-event.ts';
import { type LocalRun, startLocalRun } from '../lib/local/local-run.ts';
import { preflight } from '../lib/local/preflight.ts';
import { synthesise } from '../lib/local/synthesise.ts';
import type { VirtualClock } from '../lib/local/virtual-clock.ts';
import type { ListedFeed } from '../lib/pipeline/queries.ts';
import { liveReport } from './live-report.ts';
import { type RunSummary, startTally } from './run-summary.ts';
import { openSystem } from './system.ts';

export type LocalSystemOptions = {
  readonly configDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly durable: boolean;
  /** Shows nothing but errors, for --json. */
  readonly quiet: boolean;
  /** How many feeds the first round polls, for its progress. */
  readonly feeds: number;
  /** False: nothing is polled but by `pollEveryFeedOnce`. */
  readonly ticks: boolean;
  readonly clock?: VirtualClock;
  /** Settings of the poll function that this run overrides. */
  readonly poll: Readonly<Record<string, string>>;
  /** Sees all that the run says of itself. */
  readonly watch?: (event: LocalEvent) => void;
};

export type LocalSystem = {
  readonly run: LocalRun;
  api<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  pollEveryFeedOnce(): Promise<void>;
  summary(): Promise<RunSummary>;
};

/** Synthesises the stack and runs it here, showing what happens; what start and demo share. */
export async function localSystem(options: LocalSystemOptions): Promise<LocalSystem> {
  const startedMs = performance.now();
  const tally = startTally(startedMs, () => performance.now());
  const report = liveReport(tally, { quiet: options.quiet, feeds: options.feeds });
  await preflight({ dataDir: options.dataDir, port: options.port });

  report.event({ kind: 'step', message: 'synthesising the stack', ms: performance.now() - startedMs });
  const assemblyDir = await synthesise({
    configDir: options.configDir,
    context: { stage: 'local', config: options.configDir },
    cacheDir: join(import.meta.dirname, '../node_modules/.cache/wirewatch'),
  });
  const run = await startLocalRun({
    assemblyDir,
    dataDir: options.dataDir,
    port: options.port,
    durable: options.durable,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    environment: { poll: { ...options.poll } },
    ticks: options.ticks,
    log: (event) => {
      report.event(event);
      options.watch?.(event);
    },
  });
  run.onOutbox((message) => {
    if (message.kind === 'message') report.alert(message);
  });

  const system = await openSystem({ data: options.dataDir, stack: '' });
  const feeds = async () => (await system.api<{ feeds: readonly ListedFeed[] }>('GET', '/api/feeds')).feeds;
  return {
    run,
    api: (path) => system.api('GET', path),
    post: (path, body) => system.api('POST', path, body),
    async pollEveryFeedOnce() {
      await run.invoke('schedule', { everyFeed: true });
      await run.idle();
    },
    summary: async () => tally.summary(await feeds()),
  };
}

/** One Ctrl-C comes twice within this time: by the terminal, and handed on by the launcher. */
const echoMs = 300;

/** Resolves at the first Ctrl-C or SIGTERM. A second one ends the process at once. */
export function onInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | null = null;
    const stop = () => {
      const nowMs = performance.now();
      if (firstMs !== null && nowMs - firstMs > echoMs) process.exit(130);
      firstMs ??= nowMs;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('SIGHUP', stop);
  });
}
