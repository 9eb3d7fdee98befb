import type { Finding } from './finding.ts';
import type { LostAlerts } from './lost-alerts.ts';
import type { FunctionUsage, WatchlistVersion } from './ports/control-store.ts';
import type { Store } from './ports/store.ts';

/** Messages that wait in the stack's queues. */
export type QueueCounts = {
  readonly polls: number;
  readonly deadLetters: number;
  readonly undelivered: number;
};

/** What can be asked where a stack runs, and is left out elsewhere. */
export type RunSources = {
  /** Left out where there are no queues to ask. */
  readonly queues?: () => Promise<QueueCounts>;
  /** Where SNS puts what readers' endpoints refuse. */
  readonly lostAlerts?: Pick<LostAlerts, 'look'>;
  /** Whether anybody has confirmed to hear of alarms; left out where nobody is meant to. */
  readonly alarmsHeard?: () => Promise<boolean>;
};

export type RunFindingDeps = RunSources & { readonly store: Pick<Store, 'control'>; readonly now: () => Date };

/** A function that runs each minute adds to its count every quarter of an hour. */
const silentAfterMs = 40 * 60_000;
/** An applied watchlist is everywhere within a minute, and every function says within a quarter of an hour what it uses. */
const takenUpWithinMs = 2 * 60_000;
/** Of a hundred invocations so many requests that had to be repeated are chance. */
const retriesInAHundred = 1;

/** What is wrong with how the functions run: beats that are missing, a watchlist not taken up, throttles, dead letters. */
export async function runFindings(deps: RunFindingDeps): Promise<readonly Finding[]> {
  const { control } = deps.store;
  const now = deps.now();
  const usage = await control.usage(now.toISOString().slice(0, 7));
  const live = await control.liveWatchlist();
  return [
    ...beats(usage, live, now),
    ...usage.flatMap((one) => [...notTakenUp(one, live), ...throttles(one)]),
    ...(await lettersIn(deps)),
    ...(await unheardAlarms(deps)),
  ];
}

/** In the first hour of a month, and of a stack, nobody had to say anything yet. */
function beats(usage: readonly FunctionUsage[], live: WatchlistVersion | null, now: Date): readonly Finding[] {
  const month = Date.parse(`${now.toISOString().slice(0, 7)}-01T00:00:00Z`);
  const expected = Math.max(month, live === null ? Number.POSITIVE_INFINITY : Date.parse(live.applied));
  const last = Date.parse(usage.find(({ name }) => name === 'schedule')?.until ?? '') || expected;
  if (now.getTime() - last <= silentAfterMs) return [];
  return [
    {
      level: 'fault',
      what: `schedule has not been heard of since ${new Date(last).toISOString()}, so no feed is read`,
      remedy: 'look whether its schedule is enabled (EventBridge Scheduler) and at its log',
    },
  ];
}

function notTakenUp({ name, until, watchlist }: FunctionUsage, live: WatchlistVersion | null): readonly Finding[] {
  if (live === null || watchlist === null || watchlist === live.version) return [];
  if (Date.parse(until) - Date.parse(live.applied) <= takenUpWithinMs) return [];
  return [
    {
      level: 'fault',
      what: `${name} still matched by watchlist ${watchlist} at ${until}, though ${live.version} is live since ${live.applied}`,
      remedy: `its log says why ("watchlist not taken up"); wirewatch apply --rollback makes the one before live again`,
    },
  ];
}

function throttles({ name, since, used }: FunctionUsage): readonly Finding[] {
  if (used.retried <= (used.invocations * retriesInAHundred) / 100) return [];
  return [
    {
      level: 'warning',
      what: `${name} had to repeat ${used.retried} requests to AWS in ${used.invocations} runs since ${since}`,
      remedy:
        'too many at once for the table, SNS or SQS: docs/scale.md says what gives first and which setting moves it',
    },
  ];
}

async function unheardAlarms({ alarmsHeard }: RunFindingDeps): Promise<readonly Finding[]> {
  if (alarmsHeard === undefined || (await alarmsHeard())) return [];
  return [
    {
      level: 'fault',
      what: 'alarms reach nobody: the address of alertEmail has not confirmed, or its subscription was ended',
      remedy:
        'open the link in the message "AWS Notification - Subscription Confirmation"; docs/operations.md says how to have it sent again',
    },
  ];
}

async function lettersIn({ queues }: RunFindingDeps): Promise<readonly Finding[]> {
  if (queues === undefined) return [];
  const { deadLetters, undelivered } = await queues();
  const finding = (count: number, what: string): readonly Finding[] =>
    count === 0
      ? []
      : [
          {
            level: 'fault',
            what: `${count} ${what}`,
            remedy: 'docs/operations.md says how to look; then wirewatch redrive',
          },
        ];
  return [
    ...finding(deadLetters, 'messages of feeds were given up after three tries (PollDeadLetters)'),
    ...finding(undelivered, 'ticks or stretches of the stream never reached their function (Undelivered)'),
  ];
}
