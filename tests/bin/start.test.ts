import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MatchesPage } from '../../lib/pipeline/matches.ts';
import type { ListedFeed } from '../../lib/pipeline/queries.ts';
import { type ChildRun, javasOf, outboxOf, startChild } from '../support/child-run.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-start-'));
const config = join(folder, 'config');
const data = join(folder, 'data');
let feeds: LoopbackFeeds;
/** A server that takes the connection and never answers, one that answers HTML, one that is down. */
const troubled: { url: string; hostPort: string; stop: () => void }[] = [];

const ceasefire = (id: string) => ({
  id,
  title: `Israel and Iran accuse each other of violating the ceasefire (${id})`,
  summary: 'Tehran said the truce between Iran and Israel still held.',
  published: new Date(),
});

async function wirewatch(...words: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'bin/wirewatch.js'), ...words], {
      env: { ...process.env, NO_COLOR: '1' },
      maxBuffer: 20_000_000,
    });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    const failed = error as { stdout: string; stderr: string; code: number };
    return { stdout: failed.stdout, stderr: failed.stderr, code: failed.code };
  }
}

const allowed = () => ['--allow-host', ...feeds.hostPorts, ...troubled.map(({ hostPort }) => hostPort)];
const children: ChildRun[] = [];
function start(...words: string[]): ChildRun {
  const fixed = ['start', '--config', config, '--data', data, '--port', '0'];
  const child = startChild('bin/wirewatch.js', [...fixed, ...allowed(), ...words]);
  children.push(child);
  return child;
}

beforeAll(async () => {
  feeds = await startLoopbackFeeds(2);
  feeds.stories[0]?.push(ceasefire('seed'));
  troubled.push(await trouble((response) => response.end('<html><body>Sign in</body></html>')));
  troubled.push(await trouble((response) => response.end('')));
  const down = await trouble(() => {});
  down.stop();
  troubled.push(down);
  mkdirSync(config);
  writeConfig();
  copyFileSync(join(root, 'config/watchlist.yaml'), join(config, 'watchlist.yaml'));
});

afterAll(async () => {
  for (const child of children) await child.end('SIGKILL');
  for (const { stop } of troubled) stop();
  await feeds.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Polls every feed once and returns the summary; whatever follows is delivered by then. */
async function once(): Promise<{ feeds: { byState: Record<string, number> } }> {
  const run = start('--once', '--json');
  await new Promise((resolve) => run.child.once('exit', resolve));
  expect(run.child.exitCode, run.output()).toBe(0);
  return JSON.parse(
    run
      .output()
      .split('\n')
      .find((line) => line.startsWith('{')) ?? '{}',
  );
}

/** One child after another over one data directory: the way of a user. */
describe('the whole system on one machine', () => {
  test('seeds at its first poll and tells nobody; troubled feeds are named, the others go on', async () => {
    const summary = await once();
    expect(summary).toMatchObject({ stories: 1, seeded: 1, matches: 1, alerts: 0 });
    expect(summary.feeds.byState).toMatchObject({ ok: 1, empty: 2, 'not-a-feed': 1, unreachable: 1 });
    expect(javasOf(data)).toEqual([]);
  });

  test('takes a subscriber, who confirms by the link', async () => {
    const system = start();
    await system.until('ready ');
    expect(javasOf(data)).toHaveLength(1);
    const subscribed = await wirewatch(
      'subscribe',
      '--data',
      data,
      '--email',
      'desk@example.org',
      '--follow',
      'israel-iran-ceasefire',
      '--json',
    );
    expect(subscribed.code, subscribed.stderr).toBe(0);
    expect(JSON.parse(subscribed.stdout).state).toBe('pending');
    await expect.poll(() => outboxOf(data).filter(({ kind }) => kind === 'confirmation').length).toBe(1);
    const link = /https?:\/\/\S+Token=\S+/.exec(outboxOf(data)[0]?.body ?? '')?.[0] ?? '';
    expect((await wirewatch('confirm', '--data', data, link)).code).toBe(0);
    const listed = JSON.parse((await wirewatch('subscribers', '--data', data, '--json')).stdout);
    expect(listed.subscribers).toMatchObject([{ state: 'confirmed', address: 'desk@example.org' }]);

    expect(await system.end('SIGINT')).toBe(0);
    expect(javasOf(data)).toEqual([]);
  });

  test('tells a new story once, says why, and finds it again', async () => {
    feeds.stories[0]?.unshift(ceasefire('fresh'));
    expect(await once()).toMatchObject({ stories: 1, seeded: 0, matches: 1, storylines: 1, alerts: 1 });
    expect(await once()).toMatchObject({ stories: 0, matches: 0, alerts: 0 });

    const system = start();
    await system.until('ready ');
    const alerts = outboxOf(data).filter(({ kind, channel }) => kind === 'message' && channel === 'email');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.body).toContain('ceasefire');
    expect(alerts[0]?.body).toContain('Ceasefire between Israel and Iran');

    const page = JSON.parse(
      (await wirewatch('matches', '--data', data, '--event', 'israel-iran-ceasefire', '--json')).stdout,
    ) as MatchesPage;
    expect(page.matches.map(({ title }) => title)).toEqual([ceasefire('fresh').title, ceasefire('seed').title]);
    const stats = JSON.parse((await wirewatch('stats', '--data', data, '--json')).stdout);
    expect(stats).toMatchObject({ stories: 2, alerts: { waiting: 0 } });
    expect(stats.timeToAlert.fromSeen.p50).toBeLessThan(30);
    const doctor = await wirewatch('doctor', '--data', data, '--json');
    expect(
      JSON.parse(doctor.stdout)
        .findings.map(({ what }: { what: string }) => what)
        .join(),
    ).toContain('unreachable');

    expect(await system.end('SIGINT')).toBe(0);
    expect(javasOf(data)).toEqual([]);
  });

  test('feeds are added from a site, paused, listed, exported and removed at run time', async () => {
    const system = start();
    await system.until('ready ');
    const site = await trouble((response) =>
      response.end(`<link rel="alternate" type="application/rss+xml" href="${feeds.urls[1]}?again">`),
    );
    troubled.push(site);
    const hosts = ['--allow-host', site.hostPort, ...feeds.hostPorts];
    const added = await wirewatch('feeds', 'add', site.url, '--data', data, '--id', 'added', '--json', ...hosts);
    expect(added.code, added.stderr).toBe(0);
    expect(JSON.parse(added.stdout)).toMatchObject({ added: ['added'], feed: { url: `${feeds.urls[1]}?again` } });
    expect((await wirewatch('feeds', 'pause', 'added', '--data', data)).code).toBe(0);
    const listed = JSON.parse((await wirewatch('feeds', '--data', data, '--json')).stdout).feeds as ListedFeed[];
    expect(listed.find(({ id }) => id === 'added')).toMatchObject({ state: 'paused', origin: 'run-time' });
    const opml = (await wirewatch('feeds', 'export', '--data', data)).stdout;
    expect(opml).toContain(`xmlUrl="${feeds.urls[1]}?again"`);
    expect((await wirewatch('feeds', 'remove', 'added', '--data', data)).code).toBe(0);
    const refused = await wirewatch('feeds', 'remove', 'feed-00', '--data', data);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/no feed "feed-00"; did you mean "feed-0"\?/);
    expect((await wirewatch('feeds', 'remove', 'feed-0', '--data', data)).stderr).toMatch(/stands in feeds\.yaml/);
    await system.end('SIGINT');
  });

  test('refuses a second run on the same data, and a wrong config, and goes on silently after', async () => {
    const system = start();
    await system.until('ready ');
    const second = await wirewatch('start', '--config', config, '--data', data, '--port', '0');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/in use by a live run/);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);

    writeFileSync(join(config, 'watchlist.yaml'), 'events:\n  quarrel:\n    name: Quarrel\n    when: "@nobody AND"\n');
    const refused = await wirewatch('apply', '--data', data, '--config', config);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/watchlist\.yaml:\d+:\d+: error: /);
    copyFileSync(join(root, 'config/watchlist.yaml'), join(config, 'watchlist.yaml'));
    const live = JSON.parse((await wirewatch('apply', '--data', data, '--config', config, '--json')).stdout);
    expect(live.applied).toBe(true);
    expect(live.entities).toBeGreaterThan(20);

    const before = outboxOf(data).length;
    await system.end('SIGTERM');
    expect(await once()).toMatchObject({ stories: 0, alerts: 0 });
    expect(outboxOf(data)).toHaveLength(before);
  });
});

function writeConfig(): void {
  const rows = JSON.parse(feeds.feedsYaml()) as { feeds: { id: string; url: string; name: string }[] };
  const more = troubled.map(({ url }, index) => ({
    ...rows.feeds[0],
    id: `troubled-${index}`,
    name: `Troubled ${index}`,
    url,
  }));
  writeFileSync(join(config, 'feeds.yaml'), JSON.stringify({ feeds: [...rows.feeds, ...more] }));
}

async function trouble(answer: (response: import('node:http').ServerResponse) => void) {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://${hostPort}/feed.xml`, hostPort, stop };
}
