import { type FeedReason, feedReasons } from '../core/feed/feed-report.ts';
import { isPaused } from './paused-feed.ts';
import type { ControlStore, FeedRow, FeedStore, Log, Publish } from './ports.ts';

export type ReportFeedsDeps = {
  readonly feeds: FeedStore;
  readonly control: ControlStore;
  readonly publish: Publish;
  readonly operationsTopic: string;
  readonly now: () => Date;
  readonly log: Log;
};

/** Feed id to the reasons it was reported for. */
type Reported = Readonly<Record<string, readonly FeedReason[]>>;

const everyMs = 55 * 60_000;
const beatName = 'feed-reports';
const mostLines = 100;

/**
 * Once an hour: reports feeds that fail or have fallen silent to the operations topic, all in one message, each reason
 * once. What was reported is remembered only after SNS accepted it, so a report may come twice and is never lost.
 */
export async function reportFeeds(deps: ReportFeedsDeps): Promise<number> {
  const now = deps.now();
  const last = await deps.control.beat(beatName);
  if (last !== null && now.getTime() - Date.parse(last.at) < everyMs) return 0;
  const before = (last?.note ?? {}) as Reported;

  const ill = (await deps.feeds.list()).flatMap((row) => {
    const reasons = row.state === null || isPaused(row) ? [] : feedReasons(row.state, now);
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
  return feeds;
}

function andMore(count: number): string {
  return count <= mostLines ? '' : `and ${count - mostLines} more\n`;
}

function line(row: FeedRow, reason: FeedReason): string {
  const { health, since, problem, recent } = row.state ?? { health: 'new', since: '', problem: '', recent: [] };
  if (reason === 'silent') return `${row.config.id}: silent against its own rhythm, last story ${recent[0]}`;
  return `${row.config.id}: ${reason}, ${health} since ${since}: ${problem.slice(0, 200)}`;
}
