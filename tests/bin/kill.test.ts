import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSystem } from '../../bin/system.ts';
import type { Finding } from '../../lib/pipeline/finding.ts';
import type { MatchesPage } from '../../lib/pipeline/matches.ts';
import type { Stats } from '../../lib/pipeline/stats.ts';
import { type ChildRun, javasOf, outboxOf, startChild } from '../support/child-run.ts';
import { development } from '../support/development.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { randomFrom } from '../support/random-from.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-kill-'));
const config = join(folder, 'config');
const data = join(folder, 'data');
const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
const kills = 4;
/** The clock runs sixty times as fast; it goes on at each start from where the last run's real time had brought it. */
const speed = 60;
const begunMs = Date.now();
const startsAtMs = begunMs - 72 * 3_600_000;
const virtualNow = () => new Date(startsAtMs + (Date.now() - begunMs) * speed);
let feeds: LoopbackFeeds;

beforeAll(async () => {
  feeds = await startLoopbackFeeds(2);
  for (const [feed, stories] of feeds.stories.entries()) {
    stories.push({ id: `seed-${feed}`, title: 'A village fair is opened', summary: '', published: virtualNow() });
  }
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  copyFileSync(join(root, 'config/watchlist.yaml'), join(config, 'watchlist.yaml'));
});

afterAll(async () => {
  await feeds.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`a local run killed at random moments loses no story and tells none twice (KILL_SEED=${seed})`, {
  timeout: 400_000,
}, async () => {
  const random = randomFrom(seed);
  let published = 0;
  const publish = () => {
    for (const [feed, stories] of feeds.stories.entries()) {
      published += 1;
      stories.unshift({
        id: `${feed}-${published}`,
        title: `Iran and Israel over ${development(published)}, number ${published}.`,
        summary: 'The truce between Israel and Iran held, Tehran said.',
        published: virtualNow(),
      });
    }
  };

  let run = start();
  await run.until('ready');
  await subscribe();
  await seeded();
  for (let kill = 0; kill < kills; kill += 1) {
    for (let burst = 0; burst < 3; burst += 1) {
      publish();
      await sleep(random() * 900);
    }
    await sleep(random() * 1_500);
    await run.end('SIGKILL');
    run = start();
    await run.until('ready');
    expect(javasOf(data), 'one Java for one run').toHaveLength(1);
  }

  // Leases, sweeps and back-off pass in at most a minute at this speed.
  const deadline = Date.now() + 150_000;
  while (toldNumbers().size < published && Date.now() < deadline) await sleep(500);
  const system = await openSystem({ data, stack: '' });
  const page = await system.api<MatchesPage>('GET', '/api/matches?limit=200');
  const stats = await system.api<Stats>('GET', '/api/stats');
  const { findings } = await system.api<{ findings: readonly Finding[] }>('GET', '/api/doctor');
  await run.end('SIGINT');

  expect(page.matches.length, JSON.stringify(findings)).toBe(published);
  expect([...toldNumbers().keys()].sort((a, b) => a - b)).toEqual(
    Array.from({ length: published }, (_, index) => index + 1),
  );
  expect(stats.alerts.waiting).toBe(0);
  const repeated = [...toldNumbers().values()].filter((times) => times > 1).length;
  // What was being published in the very moment of a kill may be told again once its lease has passed.
  expect(repeated).toBeLessThanOrEqual(kills * feeds.stories.length);
  console.log(`${published} stories, ${kills} kills, ${repeated} told twice inside the lease, KILL_SEED=${seed}`);
  expect(javasOf(data)).toEqual([]);
});

function start(): ChildRun {
  return startChild('tests/support/run-under-test.ts', [
    config,
    data,
    feeds.hostPorts.join(','),
    virtualNow().toISOString(),
  ]);
}

async function subscribe(): Promise<void> {
  const system = await openSystem({ data, stack: '' });
  await system.api('POST', '/api/subscribers', { channel: 'email', address: 'desk@example.org', follow: ['*'] });
  const asked = outboxOf(data).find(({ kind }) => kind === 'confirmation');
  const link = /https?:\/\/\S+[?&]Token=\S+/.exec(asked?.body ?? '')?.[0] ?? '';
  await system.api('POST', '/api/confirmations', { link });
}

/** The first listing seeds; after it every story is news. */
async function seeded(): Promise<void> {
  while (feeds.requests.some((count) => count === 0)) await sleep(50);
  await sleep(500);
}

function toldNumbers(): ReadonlyMap<number, number> {
  const told = new Map<number, number>();
  for (const { kind, body } of outboxOf(data)) {
    if (kind !== 'message') continue;
    // What comes faster than a reader can read is told together, in one message.
    const numbers = [...body.matchAll(/number\s+(\d+)\./g)].map(([, number]) => Number(number));
    for (const number of new Set(numbers)) told.set(number, (told.get(number) ?? 0) + 1);
  }
  return told;
}
