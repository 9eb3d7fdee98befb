import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../../lib/core/plain-error.ts';
import { type Newsroom, startNewsroom } from '../../lib/local/newsroom/newsroom.ts';
import { type DayScore, type Difference, type GotAlert, scoreDay } from '../../lib/local/newsroom/score.ts';
import type { OutboxMessage } from '../../lib/local/outbox.ts';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { MatchesPage } from '../../lib/pipeline/matches.ts';
import type { MatchRow } from '../../lib/pipeline/ports/story-store.ts';
import type { ListedFeed } from '../../lib/pipeline/queries.ts';
import type { StorylinePage } from '../../lib/pipeline/storyline-queries.ts';
import type { CommandFile } from '../command-file.ts';
import { type LocalSystem, localSystem, onInterrupt } from '../local-system.ts';
import { printJson, say, styled } from '../output.ts';
import { printSummary } from '../run-summary.ts';

type Options = {
  readonly speed: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly port: string;
};

/** Four minutes for a day. Much faster, and a poll of a slow machine takes longer than the lease on its feeds. */
const defaultSpeed = 360;
const mostSpeed = 600;
const hourMs = 3_600_000;
/** After the newsroom's last story the fast clock goes on, so that every feed is polled once more. */
const playedMs = 27 * hourMs;
/** The first story after the seeds comes ten minutes later. */
const openingMs = 90 * 60_000;
/** For the system's clock, which runs from the start while the newsroom's waits for the seeding. */
const slackMs = 12 * hourMs;
/** A fixed port keeps the synthesised stack, whose config names it, for the next demo. */
const newsroomPort = 4611;

export const command: CommandFile = {
  describe: 'the same, over a bundled newsroom: no network, no account',
  build(command) {
    command
      .option('--speed <n>', `seconds of the newsroom's day in one of ours (1 to ${mostSpeed})`, String(defaultSpeed))
      .option('--once', 'play the whole day, print expected against got, end; exit 1 where they differ')
      .option('--json', 'the summary of --once as one JSON document')
      .option('--port <n>', 'port of the page on 127.0.0.1; 0 takes a free one', '0')
      .addHelpText(
        'after',
        '\nThe newsroom serves RSS, Atom and JSON feeds over HTTP on this machine; the stories retell a day of June 2025.\n' +
          'Its traps are other truces, namesakes, wire copies, a denial and a correction. Nothing leaves the machine.',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const speed = readSpeed(options.speed);
  const dayStart = startOfDemoDay();
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-demo-'));
  let system: LocalSystem | null = null;
  const clock = newsroomClock(dayStart, () => system?.run.now() ?? dayStart);
  const newsroom = await startNewsroom({ now: clock.now, dayStart, port: newsroomPort });
  try {
    system = await localSystem({
      configDir: writeConfig(folder, newsroom),
      dataDir: join(folder, 'data'),
      port: Number(options.port),
      durable: false,
      quiet: options.json === true,
      feeds: 0,
      ticks: true,
      clock: {
        startsAt: dayStart.toISOString(),
        speed,
        until: new Date(dayStart.getTime() + playedMs + slackMs).toISOString(),
      },
      poll: { ALLOW_HOSTS: newsroom.hostPort },
    });
    const told = await subscribeDesk(system);
    if (options.json !== true) announce(system, speed, join(folder, 'data'));
    const interrupted = onInterrupt();
    await Promise.race([seeded(system), interrupted]);
    clock.open();
    const played = playDay(system, clock.now, dayStart, interrupted);
    await Promise.race([played, interrupted]);
    if (options.once) await report(system, newsroom, told, options.json === true);
    else await interrupted;
  } finally {
    if (options.json !== true) say('stopping …');
    await system?.run.stop();
    await newsroom.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSpeed(text: string): number {
  const speed = Number(text);
  if (speed >= 1 && speed <= mostSpeed) return speed;
  throw new PlainError(`--speed "${text}" is not a speed; write a number from 1 to ${mostSpeed}`, 2);
}

/** Two days back, so that nothing of the 27 hours played is dated ahead of this machine's clock. */
function startOfDemoDay(): Date {
  const day = new Date(Date.now() - 2 * 24 * hourMs);
  day.setUTCHours(0, 0, 0, 0);
  return day;
}

/** The config folder of the demo: the newsroom's feeds and the shipped watchlist. */
function writeConfig(folder: string, newsroom: Newsroom): string {
  const config = join(folder, 'config');
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), newsroom.feedsYaml);
  copyFileSync(join(import.meta.dirname, '../../config/watchlist.yaml'), join(config, 'watchlist.yaml'));
  return config;
}

/** The demo's own reader: follows everything, and confirms as a reader would, by the link that SNS sends. */
async function subscribeDesk(system: LocalSystem): Promise<readonly OutboxMessage[]> {
  const told: OutboxMessage[] = [];
  const confirmation = new Promise<OutboxMessage>((resolve) => {
    system.run.onOutbox((message) => {
      if (message.kind === 'message') told.push(message);
      if (message.kind === 'confirmation') resolve(message);
    });
  });
  await system.post('/api/subscribers', { channel: 'email', address: 'desk@newsroom.example', follow: ['*'] });
  const link = /https?:\/\/\S+[?&]Token=\S+/.exec((await confirmation).body)?.[0] ?? '';
  await system.post('/api/confirmations', { link });
  return told;
}

function announce(system: LocalSystem, speed: number, dataDir: string): void {
  const minutes = Math.round((playedMs / 1000 / speed / 60) * 10) / 10;
  say(`${styled('bold', 'ready', process.stderr)}   ${system.run.url}`);
  say(`          a day of news in about ${minutes} minutes; Ctrl-C ends it`);
  say(`          ask it from another terminal: npx wirewatch matches --data ${dataDir}`);
}

/**
 * The newsroom's time: it stands at the seeds until the doors are opened, then runs as fast as the system's from shortly
 * before the first story. However slow the machine, the feeds are seeded and the desk subscribed by then. It is never ahead
 * of the system's, to which a story would then come from the future.
 */
function newsroomClock(dayStart: Date, systemNow: () => Date): { now: () => Date; open: () => void } {
  let openedMs: number | null = null;
  return {
    now: () => {
      if (openedMs === null) return dayStart;
      const runMs = Math.min(openingMs, openedMs - dayStart.getTime());
      return new Date(dayStart.getTime() + runMs + systemNow().getTime() - openedMs);
    },
    open: () => {
      openedMs = systemNow().getTime();
    },
  };
}

/** Every feed has had its first poll. */
async function seeded(system: LocalSystem): Promise<void> {
  for (;;) {
    const { feeds } = await system.api<{ feeds: readonly ListedFeed[] }>('/api/feeds');
    if (feeds.every(({ state }) => state !== 'new')) return;
    await sleep(100);
  }
}

/** Waits until the newsroom's clock has run through, and what followed from the last story is delivered. */
async function playDay(
  system: LocalSystem,
  now: () => Date,
  dayStart: Date,
  interrupted: Promise<void>,
): Promise<void> {
  let stopped = false;
  void interrupted.then(() => {
    stopped = true;
  });
  while (!stopped && now().getTime() < dayStart.getTime() + playedMs) await sleep(250);
  if (!stopped) await system.run.idle();
}

async function report(
  system: LocalSystem,
  newsroom: Newsroom,
  told: readonly OutboxMessage[],
  json: boolean,
): Promise<void> {
  const matches = await allMatches(system);
  const score = scoreDay(newsroom.day, matches, await alertsOf(matches, told, system));
  const summary = await system.summary();
  if (json) printJson({ ...summary, score });
  else {
    printSummary(summary);
    printScore(score);
  }
  if (score.missing.length + score.unexpected.length > 0) process.exitCode = 1;
}

/** What the ledger says was sent to the desk, as far as a message that names the story lies in the outbox. */
async function alertsOf(
  matches: readonly MatchRow[],
  told: readonly OutboxMessage[],
  system: LocalSystem,
): Promise<readonly GotAlert[]> {
  const links = new Set(told.flatMap(({ body }) => body.match(/^https?:\/\/\S+$/gm) ?? []));
  const urls = new Map(matches.map(({ id, url }) => [id, url]));
  const alerts: GotAlert[] = [];
  for (const id of new Set(matches.map(({ storyline }) => storyline))) {
    const page = await system.api<StorylinePage>(`/api/storylines/${encodeURIComponent(id)}`);
    for (const { subscriber, story, state, sent } of page.alerts) {
      const url = urls.get(story) ?? null;
      if (subscriber !== integrationId && sent !== null && links.has(url ?? '')) alerts.push({ url, state });
    }
  }
  return alerts;
}

function printScore({ expected, got, missing, unexpected }: DayScore): void {
  const counts = (of: DayScore['got']) =>
    `${of.matches} matches (${of.entities} entities, ${of.events} events), ${of.storylines} storylines of the day, ${of.alerts} alerts`;
  process.stdout.write(`${styled('bold', 'expected')} ${counts(expected)}\n`);
  process.stdout.write(`${styled('bold', 'got')}      ${counts(got)}\n`);
  const line = ({ what, title, path, detail, trap }: Difference) =>
    `${what} ${detail} ${trap === null ? '' : `(trap: ${trap}) `}${path} ${title}\n`;
  for (const difference of missing) process.stdout.write(`${styled('red', 'missing')}  ${line(difference)}`);
  for (const difference of unexpected) process.stdout.write(`${styled('red', 'too much')} ${line(difference)}`);
  const isRight = missing.length + unexpected.length === 0;
  process.stdout.write(isRight ? `${styled('green', 'as expected')}\n` : `${styled('red', 'not as expected')}\n`);
}

async function allMatches(system: LocalSystem): Promise<readonly MatchRow[]> {
  const rows: MatchRow[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: MatchesPage = await system.api<MatchesPage>(`/api/matches?limit=200${query}`);
    rows.push(...page.matches);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}
