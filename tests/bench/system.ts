import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { localSystem } from '../../bin/local-system.ts';
import { synthesise } from '../../lib/local/synthesise.ts';
import { development } from '../support/development.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { type BenchTable, markdown, quantile } from './table.ts';

const root = join(import.meta.dirname, '../..');
const rounds = 60;

/** What a user waits for: the whole system as `wirewatch start` runs it, over real HTTP on this machine. */
export async function benchSystem(): Promise<readonly BenchTable[]> {
  return [await bundles(), await firstPoll(), await timeToAlert()];
}

/** From the moment a feed's response with a new story has left, to its alert in the outbox. Everything warm. */
async function timeToAlert(): Promise<BenchTable> {
  const speed = 600;
  return withSystem(1, speed, async (feeds, start) => {
    const { system, readyMs } = await start();
    await system.post('/api/subscribers', {
      channel: 'sms',
      address: '+4915112345678',
      follow: ['*'],
      consent: 'asked for it',
    });
    const served: number[] = [];
    const told: number[] = [];
    const waiting = new Map<string, number>();
    system.run.onOutbox((message) => {
      const id = /story (\d+)/.exec(message.body)?.[1] ?? '';
      const since = waiting.get(id);
      if (since === undefined) return;
      told.push(performance.now() - since);
      waiting.delete(id);
    });
    feeds.onServed = () => {
      for (const [id, since] of waiting) if (Number.isNaN(since)) waiting.set(id, performance.now());
      served.push(performance.now());
    };
    await until(() => served.length > 0, 'the seeding poll');
    await system.run.idle();
    for (let round = 0; round < rounds; round += 1) {
      const id = String(1_000 + round);
      waiting.set(id, Number.NaN);
      feeds.stories[0]?.unshift(story(id, system.run.now()));
      await until(() => !waiting.has(id), `the alert for story ${id}`);
      // A reader gets one alert more each ten minutes; what comes faster is told together, which is not what is measured.
      await sleep((11 * 60_000) / speed);
    }
    const memoryMb = Math.round(process.memoryUsage().rss / 1e6);
    await system.run.stop();
    const warm = told.slice(5);
    return {
      title: 'From a feed that serves a new story to its alert in the outbox',
      rows: [
        {
          stories: warm.length,
          'median ms': quantile(warm, 0.5).toFixed(0),
          'p95 ms': quantile(warm, 0.95).toFixed(0),
          'start to ready, s': (readyMs / 1_000).toFixed(1),
          'Node process, MB': memoryMb,
        },
      ],
    };
  });
}

/** The first poll of 100 feeds of 30 stories, one in three about something that is watched. */
async function firstPoll(): Promise<BenchTable> {
  return withSystem(100, null, async (feeds, start) => {
    for (const [feed, stories] of feeds.stories.entries()) {
      for (let index = 0; index < 30; index += 1) {
        const id = String(feed * 100 + index);
        stories.push(index % 3 === 0 ? story(id, new Date()) : plainStory(id, new Date()));
      }
    }
    const { system } = await start();
    const begun = performance.now();
    await system.pollEveryFeedOnce();
    const seconds = (performance.now() - begun) / 1_000;
    const summary = await system.summary();
    await system.run.stop();
    return {
      title: 'First poll of 100 feeds of 30 stories',
      rows: [
        { seconds: seconds.toFixed(1), stories: summary.stories, matches: summary.matches, alerts: summary.alerts },
      ],
    };
  });
}

/** Each function's bundle, and how long Node takes to load it, beside an empty module. */
async function bundles(): Promise<BenchTable> {
  const assembly = await synthesise({
    configDir: join(root, 'config'),
    context: { stage: 'local', config: join(root, 'config') },
    cacheDir: join(root, 'node_modules/.cache/wirewatch'),
  });
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-bench-'));
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, 'export const handler = () => {};\n');
  const nothing: Bundle = { name: '(an empty module)', file: empty, settings: {} };
  const rows = [nothing, ...bundlesIn(assembly)].map(({ name, file, settings }) => {
    const runs = Array.from({ length: 7 }, () => loadMs(file, settings));
    return { function: name, kB: Math.round(statSync(file).size / 1e3), 'load ms': quantile(runs, 0.5).toFixed(0) };
  });
  rmSync(folder, { recursive: true });
  return { title: 'Bundles: size, and time to load (median of 7 processes, import alone)', rows };
}

type Bundle = { readonly name: string; readonly file: string; readonly settings: Readonly<Record<string, string>> };

/** Each function's name, bundle and settings, as the synthesised template says; what it refers to is an address of nothing. */
function bundlesIn(assembly: string): readonly Bundle[] {
  const file = readdirSync(assembly).find((name) => name.endsWith('.template.json')) ?? '';
  const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return functions.map(({ Properties }) => {
    const { S3Key } = Properties.Code as { S3Key: string };
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    const settings = Object.entries(Variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : 'http://127.0.0.1:9/000000000000/nothing',
    ]);
    const asset = `asset.${S3Key.replace('.zip', '')}`;
    return {
      name: String(Variables.POWERTOOLS_SERVICE_NAME),
      file: join(assembly, asset, 'index.mjs'),
      settings: Object.fromEntries(settings),
    };
  });
}

function loadMs(file: string, settings: Readonly<Record<string, string>>): number {
  const script = `const begun = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - begun); process.exit()`;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, AWS_REGION: 'us-east-1', ...settings },
    }),
  );
}

async function withSystem(
  count: number,
  speed: number | null,
  work: (
    feeds: LoopbackFeeds,
    start: () => Promise<{ system: Awaited<ReturnType<typeof localSystem>>; readyMs: number }>,
  ) => Promise<BenchTable>,
): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-bench-'));
  const config = join(folder, 'config');
  const feeds = await startLoopbackFeeds(count);
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  copyFileSync(join(root, 'config/watchlist.yaml'), join(config, 'watchlist.yaml'));
  try {
    return await work(feeds, async () => {
      const begun = performance.now();
      const system = await localSystem({
        configDir: config,
        dataDir: join(folder, 'data'),
        port: 0,
        durable: false,
        quiet: true,
        feeds: count,
        ticks: speed !== null,
        ...(speed === null ? {} : { clock: { startsAt: new Date(Date.now() - 48 * 3_600_000).toISOString(), speed } }),
        poll: { ALLOW_HOSTS: feeds.hostPorts.join(',') },
      });
      return { system, readyMs: performance.now() - begun };
    });
  } finally {
    await feeds.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function story(id: string, published: Date) {
  return {
    id,
    title: `Iran and Israel over ${development(Number(id) % 1_000)}, story ${id}`,
    summary: 'Tehran said the truce was holding; Israel accused Iran of violating the ceasefire.',
    published,
  };
}

function plainStory(id: string, published: Date) {
  return { id, title: `A village fair is opened, story ${id}`, summary: 'There was cake.', published };
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await sleep(2);
  }
}

if (process.argv[1] === import.meta.filename) for (const table of await benchSystem()) console.log(markdown(table));
