import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localSystem } from '../../bin/local-system.ts';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { type UsageMeter, usageMeter } from '../../lib/adapters/usage-meter.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { type LocalTables, startLocalTables } from '../adapters/local-tables.ts';
import { aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { alertDeps, iso } from '../pipeline/world.ts';
import { startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { seeded } from './newsroom-feeds.ts';
import { type BenchTable, markdown, quantile } from './table.ts';

/** The slopes that docs/scale.md reckons with: what each further feed, reader and open storyline costs. */
export async function benchLoad(): Promise<readonly BenchTable[]> {
  return [await byFeeds(), await byReaders(), await byStorylines()];
}

const storiesAFeed = 10;

/** Everything through the local run: feeds that each bring ten new stories at once, one in ten about something watched. */
async function byFeeds(): Promise<BenchTable> {
  const rows: Record<string, string | number>[] = [];
  for (const count of [20, 40, 80]) {
    const folder = mkdtempSync(join(tmpdir(), 'wirewatch-load-'));
    const feeds = await startLoopbackFeeds(count);
    const config = join(folder, 'config');
    mkdirSync(config);
    writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
    writeFileSync(
      join(config, 'watchlist.yaml'),
      'entities:\n  iran:\n    name: Iran\n    kind: state\n    aliases:\n      en: [Iran]\n',
    );
    const system = await localSystem({
      configDir: config,
      dataDir: join(folder, 'data'),
      port: 0,
      durable: false,
      quiet: true,
      feeds: count,
      ticks: false,
      poll: { ALLOW_HOSTS: feeds.hostPorts.join(',') },
    });
    try {
      for (const stories of feeds.stories)
        stories.push({ id: 'seed', title: 'A seed', summary: '', published: new Date() });
      await system.pollEveryFeedOnce();
      for (const [feed, stories] of feeds.stories.entries()) {
        for (let index = 0; index < storiesAFeed; index += 1) stories.unshift(news(feed, index));
      }
      const began = performance.now();
      await system.pollEveryFeedOnce();
      const seconds = (performance.now() - began) / 1_000;
      const stories = count * storiesAFeed;
      rows.push({
        feeds: count,
        stories,
        seconds: seconds.toFixed(1),
        'stories/s': Math.round(stories / seconds),
        'ms a story': (1_000 * (seconds / stories)).toFixed(1),
      });
    } finally {
      await system.run.stop();
      await feeds.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { title: 'One round of feeds with ten new stories each, through every function', rows };
}

function news(feed: number, index: number) {
  const words = wordsOf(feed * 1_000 + index);
  const title = index === 0 ? `Iran ${words}` : words;
  return { id: `${feed}-${index}`, title, summary: wordsOf(feed + index * 7_919), published: new Date() };
}

const vocabulary =
  'harbour minister talks treaty budget storm strike election verdict protest convoy summit tariff famine rescue ceasefire bridge reactor border refinery'.split(
    ' ',
  );

function wordsOf(seed: number): string {
  const random = seeded(seed);
  return `${Array.from({ length: 8 }, () => vocabulary[Math.floor(random() * vocabulary.length)]).join(' ')} ${seed}`;
}

function ownWords(seed: number): string {
  const random = seeded(seed);
  const letter = () => String.fromCharCode(97 + Math.floor(random() * 26));
  return Array.from({ length: 8 }, () => Array.from({ length: 7 }, letter).join('')).join(' ');
}

const decisions = 8;

/** One match decided while so many read and one in a hundred follows it. The subscribers are read once an invocation. */
async function byReaders(): Promise<BenchTable> {
  const rows = await onTables(async (fresh) => {
    const found: Record<string, string | number>[] = [];
    for (const count of [10, 100, 1_000]) {
      const { store, meter } = await fresh();
      for (let index = 0; index < count; index += 1) {
        const follow = [index % 100 === 0 ? 'iran' : 'israel'];
        await store.subscribers.put(aSubscriber(`r${index}`, { follow, subscriptionArn: `arn:${index}` }));
      }
      found.push({ readers: count, ...(await decideMany(store, meter)) });
    }
    return found;
  });
  return { title: 'Deciding a match while many read, one in a hundred follows it', rows };
}

/** One match decided by somebody who has not read the open storylines yet, while so many are open. */
async function byStorylines(): Promise<BenchTable> {
  const rows = await onTables(async (fresh) => {
    const found: Record<string, string | number>[] = [];
    for (const count of [25, 50, 100, 200]) {
      const { store, meter, another } = await fresh();
      const filling = alertDeps(store);
      for (let index = 0; index < count; index += 1)
        await decide(await waiting(store, `f${index}`, index * 101), filling);
      meter.take();
      found.push({ 'open storylines': count, ...(await decideMany(another(), meter, another)) });
    }
    return found;
  });
  return { title: 'Deciding a match by one who has to read all open storylines first', rows };
}

/** `cold`: makes a new reader for each decision, as after another process has decided. */
async function decideMany(store: Store, meter: UsageMeter, cold: (() => Store) | null = null) {
  const ms: number[] = [];
  let reads = 0;
  let writes = 0;
  for (let index = 0; index < decisions; index += 1) {
    const story = await waiting(store, `d${index}`, 50_000 + index);
    const deps = alertDeps(cold?.() ?? store);
    meter.take();
    const began = performance.now();
    await decide(story, deps);
    ms.push(performance.now() - began);
    const used = meter.take();
    reads += used.readUnits;
    writes += used.writeUnits + 2 * used.transactedUnits;
  }
  return {
    'ms, median': Math.round(quantile(ms, 0.5)),
    'read units': Math.round(reads / decisions),
    'write units': Math.round(writes / decisions),
  };
}

async function waiting(store: Store, id: string, seed: number) {
  const story = aStory(id, {
    // Words of its own, so that it opens a storyline of its own.
    title: `Iran ${ownWords(seed)}`,
    summary: ownWords(seed + 500_000),
    url: `https://outlet-${seed}.example/${id}`,
    outlet: `outlet-${seed}`,
    match: aMatch,
    undecidedSince: iso(0),
    tell: true,
  });
  await store.stories.putNew(story);
  return story;
}

type Fresh = () => Promise<{ store: Store; meter: UsageMeter; another: () => Store }>;

async function onTables<Result>(work: (fresh: Fresh) => Promise<Result>): Promise<Result> {
  const tables: LocalTables = await startLocalTables();
  try {
    return await work(async () => {
      const name = await tables.create();
      const meter = usageMeter();
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const client = meter.dynamo(new DynamoDBClient({ endpoint: tables.endpoint, region: 'eu-west-1', credentials }));
      const another = () => dynamoStore(client, { name, retentionDays: 30, unmatchedDays: 30 });
      return { store: another(), meter, another };
    });
  } finally {
    await tables.stop();
  }
}

if (process.argv[1] === import.meta.filename) for (const table of await benchLoad()) console.log(markdown(table));
