import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { LedgerRow } from '../../lib/pipeline/ports/ledger-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { claimLeaseMs } from '../../lib/pipeline/tell-together.ts';
import { iso, minutes } from '../pipeline/world.ts';
import { startChild } from '../support/child-run.ts';
import { development } from '../support/development.ts';
import { randomFrom } from '../support/random-from.ts';
import type { Work } from './alert-faults-child.ts';
import { type Acceptance, type FaultySns, startFaultySns, type Treatment } from './faulty-sns.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { aFeed, aMatch, aStory, aSubscriber } from './store-suite.ts';

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 100_000);
const random = randomFrom(seed);
const stories = 100;
const mostRuns = 100;
const mostKills = 15;
const kinds = ['kill before accepting', 'kill in the answer', 'kill after the answer'] as const;

/** Five who are told of everything, at once and held, and two who are told of nothing. */
const readers: readonly Subscriber[] = [
  aSubscriber('mail'),
  aSubscriber('phone', { channel: 'sms' }),
  aSubscriber('hook', { channel: 'https' }),
  aSubscriber('hourly', { delivery: { kind: 'hourly' } }),
  aSubscriber('sleeper', { quiet: { start: '22:00', end: '07:00', criticalPasses: false } }),
];
const others = [aSubscriber('paused', { paused: true }), aSubscriber('elsewhere', { follow: ['sco'] })];

let tables: LocalTables;
let sns: FaultySns;
let store: Store;
let table: string;

/** The process at work. */
let publisher = { run: 0, isDying: true, kill: () => {} };
let kills = 0;

beforeAll(async () => {
  tables = await startLocalTables();
  table = await tables.create();
  store = dynamoStore(tables.client, { name: table, retentionDays: 30, unmatchedDays: 30 });
  sns = await startFaultySns(treat, () => publisher);
});
afterAll(async () => {
  publisher.kill();
  await sns.close();
  await tables.stop();
});

test(`500 alerts, SNS that fails and a process killed again and again: none is lost (FAULTS_SEED=${seed})`, {
  timeout: 480_000,
}, async () => {
  await fill();
  const claimedAtEnd = await workUntilDone();

  const storylines = new Set(
    await Promise.all(ids().map(async (id) => (await store.storylines.placed(id))?.storyline)),
  );
  expect(storylines.size).toBe(stories);
  const toTell = [...readers.map(({ topicArn }) => topicArn), 'arn:integration'].flatMap((topicArn) =>
    [...storylines].map((storyline) => `${topicArn} ${storyline} new`),
  );
  const acceptances = byAlert(sns.accepted);
  // Nobody else, nothing else, and nothing less.
  expect([...acceptances.keys()].sort()).toEqual(toTell.sort());

  const repeated = [...acceptances].filter(([, times]) => times.length > 1);
  const outsideLease = repeated.filter(([alert, times]) =>
    times.slice(0, -1).some(({ cut, run }) => !cut && claimedAtEnd[run]?.has(alert) !== true),
  );
  expect(outsideLease).toEqual([]);
  expect(kinds.map((kind) => sns.counts.get(kind) ?? 0).every((count) => count > 0)).toBe(true);
  report(acceptances, claimedAtEnd.length);
});

/** The publisher is killed in each of the three ways in turn, at requests that the seed chooses. */
function treat(): Treatment {
  const drawn = random();
  if (drawn < 0.06 && kills < mostKills) return kinds[kills % kinds.length] as Treatment;
  if (drawn < 0.11) return 'refuse';
  if (drawn < 0.15) return 'throttle';
  if (drawn < 0.17) return 'cut before accepting';
  if (drawn < 0.19) return 'cut the answer';
  if (drawn < 0.23) return 'answer late';
  return 'answer';
}

const ids = () => Array.from({ length: stories }, (_, n) => `s${n}`);

/** Four stories at a time come to wait, forty minutes after the last four: the burst limit lets them through. */
async function fill(): Promise<void> {
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  for (const subscriber of [...readers, ...others]) await store.subscribers.put(subscriber);
  for (const [n, id] of ids().entries()) {
    const at = iso(40 * Math.floor(n / 4) - 1);
    const fields = { title: development(n), url: null, match: aMatch, undecidedSince: at };
    await store.stories.putNew(aStory(id, { ...fields, published: at, seen: at }));
  }
}

/** Starts the process again, past the lease, each time it is killed; gives what it was at work on each time it ended. */
async function workUntilDone(): Promise<readonly ReadonlySet<string>[]> {
  const claimedAtEnd: ReadonlySet<string>[] = [];
  let clock = minutes(0).getTime();
  const until = minutes(23 * 60).getTime();
  for (let run = 0; run < mostRuns; run += 1) {
    const work: Work = { dynamoEndpoint: tables.endpoint, table, snsEndpoint: sns.endpoint, run, clock, until };
    const { child, output } = startChild('tests/adapters/alert-faults-child.ts', [JSON.stringify(work)]);
    const closed = once(child, 'close');
    const kill = () => {
      if (publisher.isDying) return;
      publisher.isDying = true;
      kills += 1;
      child.kill('SIGKILL');
    };
    publisher = { run, isDying: false, kill };
    // Some die where nobody publishes.
    const timer = setTimeout(kill, random() < 0.2 && kills < mostKills ? 300 + random() * 2_000 : 600_000);
    const [code, signal] = await closed;
    clearTimeout(timer);
    publisher.isDying = true;
    clock = Number([...output().matchAll(/^clock (\d+)$/gm)].at(-1)?.[1] ?? clock);
    claimedAtEnd.push(await claimedWithinLease(clock));
    if (code === 0) return claimedAtEnd;
    if (signal !== 'SIGKILL') throw new Error(`run ${run} ended by itself with ${code}:\n${output()}`);
    clock += claimLeaseMs + 60_000;
  }
  throw new Error(`there was still work to do after ${mostRuns} runs`);
}

/** Alerts claimed less than a lease ago and not noted as sent. */
async function claimedWithinLease(clock: number): Promise<ReadonlySet<string>> {
  const rows = await store.ledger.unsent('9999', 10_000);
  const held = rows.filter(({ claimed }) => Date.parse(claimed) > clock - claimLeaseMs);
  return new Set(held.map((row) => `${topicOf(row)} ${row.storyline} ${row.state}`));
}

function topicOf({ subscriber }: LedgerRow): string {
  return subscriber === integrationId ? 'arn:integration' : aSubscriber(subscriber).topicArn;
}

function byAlert(accepted: readonly Acceptance[]): ReadonlyMap<string, readonly Acceptance[]> {
  const each = accepted.flatMap((one) => one.alerts.map((alert) => ({ alert: `${one.topicArn} ${alert}`, one })));
  const groups = [...Map.groupBy(each, ({ alert }) => alert)];
  return new Map(groups.map(([alert, rows]) => [alert, rows.map(({ one }) => one)]));
}

function report(acceptances: ReadonlyMap<string, readonly Acceptance[]>, runs: number): void {
  const times = [...acceptances.values()].filter(([first]) => first?.topicArn !== 'arn:integration');
  const repeated = times.filter(({ length }) => length > 1);
  const cut = repeated.filter((all) => all.slice(0, -1).every((one) => one.cut));
  const together = sns.accepted.filter(({ alerts }) => alerts.length > 1).length;
  console.log(
    `${times.length} alerts to readers in ${sns.accepted.length} messages (${together} of several alerts), ${runs} processes, ` +
      `${kills} killed; ${[...sns.counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ` +
      `${repeated.length} told more than once inside the lease (${cut.length} for a cut answer), none lost; FAULTS_SEED=${seed}`,
  );
}
