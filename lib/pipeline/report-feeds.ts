import { type FeedReason, feedReasons } from '../core/feed/feed-report.ts';
import type { PollState } from '../core/feed/poll-state.ts';
import { isPaused } from './paused-feed.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { FeedRow, FeedStore } from './ports/feed-store.ts';
import type { Log, Publish } from './ports/outside.ts';

export type ReportFeedsDeps = {
  readonly feeds: FeedStore;
  readonly control: ControlStore;
  readonly publish: Publish;
  readonly operationsTopic: string;
  readonly now: () => Date;
  readonly log: Log;
};

export type FeedReport = {
  /** Feeds that were reported now. */
  readonly reported: number;
  /** Of the feeds that are polled, those that failed at least twice in a row; null between two hourly looks. */
  readonly failingPercent: number | null;
};

/** How many of the feeds that are polled failed at least twice in a row, at digest's last hourly look. */
export type FeedsFailing = {
  readonly count: number;
  /** Of the feeds that are polled, from 0 to 1. */
  readonly share: number;
  readonly at: string;
};

/** Feed id to the reasons it was reported for. */
type Reported = Readonly<Record<string, readonly FeedReason[]>>;

const everyMs = 55 * 60_000;
const beatName = 'feed-reports';
const failingBeat = 'feeds-failing';
const mostLines = 100;

/**
 * Once an hour: reports feeds that fail or have fallen silent to the operations topic, all in one message, each reason
 * once. What was reported is remembered only after SNS accepted it, so a report may come twice and is never lost.
 */
export async function reportFeeds(deps: ReportFeedsDeps): Promise<FeedReport> {
  const now = deps.now();
  const last = await deps.control.beat(beatName);
  if (last !== null && now.getTime() - Date.parse(last.at) < everyMs) return { reported: 0, failingPercent: null };
  const before = (last?.note ?? {}) as Reported;

  const polled = (await deps.feeds.list('lately')).filter((row) => row.state !== null && !isPaused(row));
  const failing = await countFailing(polled, now, deps.control);
  const ill = polled.flatMap((row) => {
    const reasons = row.state === null ? [] : feedReasons(row.state, now);
    return reasons.length === 0 ? [] : [{ row, reasons }];
  });
  const lines = ill.map(({ row, reasons }) =>
    reasons.filter((reason) => before[row.config.id]?.includes(reason) !== true).map((reason) => line(row, reason)),
  );
  const fresh = lines.flat();
  const feeds = lines.filter((ofFeed) => ofFeed.length > 0).length;
  if (fresh.length > 0) {
    await deps.publish({
      topicArn: deps.operationsTopic,
      subject: `Wirewatch: ${feeds} ${feeds === 1 ? 'feed needs' : 'feeds need'} a look`,
      body: `${fresh.slice(0, mostLines).join('\n')}\n${andMore(fresh.length)}\n"wirewatch doctor" has the remedies.\n`,
    });
    deps.log({ event: 'feeds reported', feeds });
  }
  const reported = Object.fromEntries(ill.map(({ row, reasons }) => [row.config.id, reasons]));
  await deps.control.putBeat(beatName, now.toISOString(), reported);
  return { reported: feeds, failingPercent: 100 * failing.share };
}

/** What the last hourly look counted, so that nobody who asks has to read every feed; null before the first. */
export async function feedsFailing(control: Pick<ControlStore, 'beat'>): Promise<FeedsFailing | null> {
  const last = await control.beat(failingBeat);
  return last === null ? null : { ...(last.note as Omit<FeedsFailing, 'at'>), at: last.at };
}

async function countFailing(polled: readonly FeedRow[], now: Date, control: ControlStore): Promise<FeedsFailing> {
  const count = polled.filter(({ state }) => state !== null && isFailing(state)).length;
  const counted = { count, share: polled.length === 0 ? 0 : count / polled.length };
  await control.putBeat(failingBeat, now.toISOString(), counted);
  return { ...counted, at: now.toISOString() };
}

/** Once may be chance; twice in a row is a feed that is not read. */
function isFailing({ failures, health }: PollState): boolean {
  return failures >= 2 || health === 'gone';
}

function andMore(count: number): string {
  return count <= mostLines ? '' : `and ${count - mostLines} more\n`;
}

function line(row: FeedRow, reason: FeedReason): string {
  const { health, since, problem, recent } = row.state ?? { health: 'new', since: '', problem: '', recent: [] };
  if (reason === 'silent') return `${row.config.id}: silent against its own rhythm, last story ${recent[0]}`;
  return `${row.config.id}: ${reason}, ${health} since ${since}: ${problem.slice(0, 200)}`;
}
