import { join, resolve } from 'node:path';
import { durationSeconds } from '../../lib/core/config/duration.ts';
import { readFeedsFile } from '../../lib/core/config/feeds-file.ts';
import { PlainError } from '../../lib/core/plain-error.ts';
import { problemLine } from '../../lib/core/problem.ts';
import { readWatchlist } from '../../lib/core/watchlist/watchlist-file.ts';
import type { ListedFeed } from '../../lib/pipeline/queries.ts';
import type { CommandFile } from '../command-file.ts';
import { readConfig } from '../config-folder.ts';
import { type LocalSystem, localSystem, onInterrupt } from '../local-system.ts';
import { printJson, say, styled } from '../output.ts';
import { printSummary } from '../run-summary.ts';

type Options = {
  readonly config: string;
  readonly data: string;
  readonly port: string;
  readonly backfill: string;
  readonly allowHost: readonly string[];
  readonly once?: boolean;
  readonly durable?: boolean;
  readonly json?: boolean;
};

export const command: CommandFile = {
  describe: 'run the whole system on this machine',
  build(command) {
    command
      .option('--config <dir>', 'folder of feeds.yaml and watchlist.yaml', 'config')
      .option('--data <dir>', 'where everything is kept', '.wirewatch')
      .option('--port <n>', 'port of the page and the API on 127.0.0.1; 0 takes a free one', '4600')
      .option('--backfill <duration>', 'alert on what a first poll finds, back to 30m, 6h, 2d', '0m')
      .option(
        '--allow-host <host:port...>',
        'exempt exactly this host and port from the guard against private addresses',
        [],
      )
      .option('--once', 'poll every feed once, deliver what follows, print a summary, end')
      .option('--durable', 'write to the disk at each step: slower, and safe against a power cut')
      .option('--json', 'the summary of --once as one JSON document')
      .addHelpText(
        'after',
        '\nA second start on the same data goes on where the first ended. No network? "wirewatch demo" needs none.\n' +
          'Nothing is delivered: what SNS would send is written to the outbox below the data directory.',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const feeds = checkConfig(options.config);
  const system = await localSystem({
    configDir: resolve(options.config),
    dataDir: resolve(options.data),
    port: readPort(options.port),
    durable: options.durable === true,
    quiet: options.json === true,
    feeds,
    ticks: options.once !== true,
    poll: {
      ALLOW_HOSTS: options.allowHost.map(checkHostAndPort).join(','),
      BACKFILL_MINUTES: String(readBackfill(options.backfill)),
    },
  });
  if (options.once) return pollOnce(system, options.json === true);
  const interrupted = onInterrupt();
  announce(system, options.data);
  await Promise.race([interrupted, adviseWithoutNetwork(system, interrupted)]);
  await interrupted;
  say('stopping …');
  await system.run.stop();
}

/** Refuses a config with an error before anything starts, with every problem; returns how many feeds it has. */
function checkConfig(folder: string): number {
  const texts = readConfig(folder);
  const feedsFile = readFeedsFile(texts.feeds.text, texts.feeds.name);
  const problems = [...feedsFile.problems, ...readWatchlist(texts.watchlist.text, texts.watchlist.name).problems];
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) say(problemLine(problem));
  if (errors.length > 0) {
    throw new PlainError(
      `the config in ${folder} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was started or changed`,
    );
  }
  return feedsFile.feeds.filter(({ paused }) => !paused).length;
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new PlainError(`--port "${text}" is not a port; write a number from 0 (any free one) to 65535`, 2);
}

function readBackfill(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== null) return Math.ceil(seconds / 60);
  throw new PlainError(`--backfill "${text}" is not a duration; write one like 30m, 6h or 2d`, 2);
}

function checkHostAndPort(text: string): string {
  if (/^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(text)) return text;
  throw new PlainError(`--allow-host "${text}" names no host and port; write one like 127.0.0.1:8080`, 2);
}

function announce(system: LocalSystem, data: string): void {
  say(
    `${styled('bold', 'ready', process.stderr)}   ${system.run.url}  (${system.run.startedNew ? 'new' : 'continued'} in ${data})`,
  );
  say(`          the outbox is ${join(data, 'outbox')}; Ctrl-C ends it`);
}

/** Once every feed was asked: says what came of it, and names the demo where not one could be reached. */
async function adviseWithoutNetwork(system: LocalSystem, interrupted: Promise<void>): Promise<void> {
  let stopped = false;
  void interrupted.then(() => {
    stopped = true;
  });
  while (!stopped) {
    await new Promise((wait) => setTimeout(wait, 1_000).unref());
    const { feeds } = await system.api<{ feeds: readonly ListedFeed[] }>('/api/feeds').catch(() => ({ feeds: [] }));
    if (feeds.length === 0 || feeds.some(({ state }) => state === 'new')) continue;
    if (feeds.every(({ state }) => state === 'unreachable' || state === 'paused')) {
      say(
        `${styled('yellow', 'hint', process.stderr)}    no feed could be reached, so there seems to be no network; the system stays up and tries again`,
      );
      say('          "npm run demo" shows everything without one');
    }
    return;
  }
}

async function pollOnce(system: LocalSystem, json: boolean): Promise<void> {
  try {
    await system.pollEveryFeedOnce();
    const summary = await system.summary();
    if (json) printJson(summary);
    else printSummary(summary);
  } finally {
    await system.run.stop();
  }
}
