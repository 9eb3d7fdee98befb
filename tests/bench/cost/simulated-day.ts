import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSystem, localSystem } from '../../../bin/local-system.ts';
import { addUsage, noUsage, type Usage, usageSince } from '../../../lib/core/cost/usage.ts';
import type { LocalEvent } from '../../../lib/local/local-event.ts';
import type { OutboxMessage } from '../../../lib/local/outbox.ts';
import type { FunctionUsage } from '../../../lib/pipeline/ports/control-store.ts';
import { simulatedFeeds, simulationStart } from '../newsroom-feeds.ts';
import { type FeedServers, startFeedServers } from './feed-servers.ts';
import { type Kept, keptOnceFull, storedRows } from './kept-rows.ts';

export type Simulation = {
  readonly feeds: number;
  /** All as busy as a desk's first hundred, rather than a long tail behind them. */
  readonly allNewsrooms: boolean;
  /** Hours of the simulated day at which measuring begins and ends; what lies before settles the feeds' states. */
  readonly from: number;
  readonly to: number;
  readonly settleFrom: number;
  readonly say: (line: string) => void;
};

/** What was counted in the measured stretch. */
export type Measured = {
  readonly feeds: number;
  readonly allNewsrooms: boolean;
  readonly hours: number;
  readonly functions: readonly { readonly name: string; readonly used: Usage }[];
  readonly batches: number;
  readonly polls: number;
  readonly unchanged: number;
  readonly stories: number;
  readonly matches: number;
  readonly ticks: number;
  /** Messages that SNS accepted: for readers by e-mail, and all. */
  readonly emails: number;
  readonly published: number;
  /** What the functions wrote to their logs, with what CloudWatch adds to each line. */
  readonly logBytes: number;
  readonly logLines: number;
  /** Of requests to publishers, without TLS. */
  readonly sentBytes: number;
  /** What the table and its index come to hold. */
  readonly kept: Kept;
};

/** CloudWatch Logs counts so many bytes beside each event's own: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const bytesOfEvent = 26;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const digestEvery = 15;

/** Runs the synthesised stack over simulated publishers, minute by minute, as fast as this machine gets each minute's work done. */
export async function simulate(simulation: Simulation): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-cost-'));
  const ahead = new SharedArrayBuffer(4);
  const startsAt = simulationStart + simulation.settleFrom * hourMs;
  let system: LocalSystem | null = null;
  const now = () => system?.run.now().getTime() ?? startsAt;
  const servers = await startFeedServers(simulatedFeeds(simulation.feeds, simulation), now);
  const tally = startTally();
  try {
    const config = join(folder, 'config');
    mkdirSync(config);
    writeFileSync(join(config, 'feeds.yaml'), servers.feedsYaml());
    copyFileSync(join(import.meta.dirname, '../../../config/watchlist.yaml'), join(config, 'watchlist.yaml'));
    system = await localSystem({
      configDir: config,
      dataDir: join(folder, 'data'),
      port: 0,
      durable: false,
      quiet: true,
      feeds: 0,
      ticks: false,
      clock: { startsAt: new Date(startsAt).toISOString(), speed: 1, ahead },
      poll: { ALLOW_HOSTS: servers.hostPorts.join(',') },
      watch: tally.watch,
    });
    system.run.onOutbox(tally.sent);
    await subscribeReaders(system);
    return await play(simulation, { system, servers, tally, ahead, now });
  } finally {
    await system?.run.stop();
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Playing = {
  readonly system: LocalSystem;
  readonly servers: FeedServers;
  readonly tally: Tally;
  readonly ahead: SharedArrayBuffer;
  readonly now: () => number;
};

async function play(simulation: Simulation, playing: Playing): Promise<Measured> {
  const { servers, tally } = playing;
  servers.takeTheirTime = false;
  await playMinutes(simulation.settleFrom, simulation.from, simulation, playing);
  servers.takeTheirTime = true;
  const before = await reading(playing);
  await playMinutes(simulation.from, simulation.to, simulation, playing);
  const after = await reading(playing);
  // What api answered, this measuring asked.
  const ofThePipeline = [...after.functions].filter(([name]) => name !== 'api');
  const functions = ofThePipeline.map(([name, used]) => ({
    name,
    used: usageSince(before.functions.get(name) ?? noUsage, used),
  }));
  const since = (pick: (reading: typeof after) => number) => pick(after) - pick(before);
  const hours = simulation.to - simulation.from;
  return {
    feeds: simulation.feeds,
    allNewsrooms: simulation.allNewsrooms,
    hours,
    functions,
    batches: since(({ lines }) => lines.batches),
    polls: since(({ lines }) => lines.polls),
    unchanged: since(({ lines }) => lines.unchanged),
    stories: since(({ lines }) => lines.stories),
    matches: since(({ lines }) => lines.matches),
    emails: since(({ lines }) => lines.emails),
    published: since(({ lines }) => lines.published),
    logBytes: since(({ lines }) => lines.logBytes),
    logLines: since(({ lines }) => lines.logLines),
    sentBytes: since(({ sentBytes }) => sentBytes),
    kept: keptOnceFull(before.rows, after.rows, new Date(simulationStart + simulation.from * hourMs), hours),
    ticks: hours * 60 * (1 + 1 / digestEvery),
  };
  async function reading({ system, now }: Playing) {
    const month = new Date(now()).toISOString().slice(0, 7);
    const usage = await system.api<{ functions: readonly FunctionUsage[] }>(`/api/usage?month=${month}`);
    return {
      functions: new Map(usage.functions.map(({ name, used }) => [name, addUsage(noUsage, used)])),
      lines: { ...tally.totals },
      sentBytes: servers.counts.bytesIn,
      rows: await storedRows(system.run.dynamo, system.run.outputs.TableName ?? ''),
    };
  }
}

/** Each minute: the ticks that fall into it, all that follows from them, and the clock on to the next. */
async function playMinutes(from: number, to: number, simulation: Simulation, playing: Playing): Promise<void> {
  const { system, ahead, now, tally } = playing;
  const moved = new Int32Array(ahead);
  const first = simulationStart + from * hourMs;
  const began = performance.now();
  for (let minute = 0; minute < (to - from) * 60; minute += 1) {
    const behindMs = first + minute * minuteMs - now();
    if (behindMs > 0) Atomics.add(moved, 0, Math.ceil(behindMs / 1_000));
    await system.run.fire('schedule');
    if (minute % digestEvery === 0) await system.run.fire('digest');
    await system.run.idle();
    if (minute % 60 === 59) {
      const seconds = Math.round((performance.now() - began) / 1_000);
      const { batches, polls, stories, matches } = tally.totals;
      simulation.say(
        `${simulation.feeds} feeds, ${from + (minute + 1) / 60} h: ${batches} batches, ${polls} polls, ${stories} stories, ${matches} matches; ${seconds} s`,
      );
    }
  }
}

/** Two desks by e-mail that follow everything; programs have the integration topic. */
async function subscribeReaders(system: LocalSystem): Promise<void> {
  for (const address of ['desk@newsroom.example', 'night@newsroom.example']) {
    const confirmation = new Promise<OutboxMessage>((resolve) => {
      const stop = system.run.onOutbox((message) => {
        if (message.kind !== 'confirmation') return;
        stop();
        resolve(message);
      });
    });
    await system.post('/api/subscribers', { channel: 'email', address, follow: ['*'] });
    const link = /https?:\/\/\S+[?&]Token=\S+/.exec((await confirmation).body)?.[0] ?? '';
    await system.post('/api/confirmations', { link });
  }
}

type Tally = ReturnType<typeof startTally>;

/** Adds up what the functions say of themselves, and how much they say. */
function startTally() {
  const totals = {
    batches: 0,
    polls: 0,
    unchanged: 0,
    stories: 0,
    matches: 0,
    emails: 0,
    published: 0,
    logBytes: 0,
    logLines: 0,
  };
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  return {
    totals,
    watch(event: LocalEvent) {
      if (event.kind === 'error') console.error(event.message);
      if (event.kind !== 'function-log') return;
      totals.logLines += 1;
      totals.logBytes += Buffer.byteLength(event.line) + bytesOfEvent;
      if (event.fields?.level === 'ERROR') console.error(event.line.slice(0, 400));
      if (event.fields?.message !== 'batch polled') return;
      totals.batches += Array.isArray(event.fields.shards) ? event.fields.shards.length : 0;
      totals.polls += count(event.fields.polled);
      totals.unchanged += count(event.fields.unchanged);
      totals.stories += count(event.fields.stories);
      totals.matches += count(event.fields.matches);
    },
    sent(message: OutboxMessage) {
      totals.published += 1;
      if (message.channel === 'email') totals.emails += 1;
    },
  };
}
