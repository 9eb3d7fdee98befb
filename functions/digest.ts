import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { checkSubscriptions } from '../lib/pipeline/check-subscriptions.ts';
import { type DigestSummary, digest, type Redriven } from '../lib/pipeline/digest.ts';
import type { LiveMatcher } from '../lib/pipeline/live-matcher.ts';
import { sendLostAgain } from '../lib/pipeline/lost-alerts.ts';
import { noticeConfirmed } from '../lib/pipeline/notice-confirmed.ts';
import { proveLife } from '../lib/pipeline/proof-of-life.ts';
import { type FeedReport, reportFeeds } from '../lib/pipeline/report-feeds.ts';
import { countClosedHours } from '../lib/pipeline/series.ts';
import { openAlertDeps } from './shared/alert-deps.ts';
import { numberSetting, setting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import {
  log,
  openLostAlerts,
  openPublish,
  openPurge,
  openSmsAccount,
  openStore,
  openTopics,
  openWatchlist,
} from './shared/world.ts';

const store = openStore();
const publish = openPublish();
const watchlist = openWatchlist(store.control);
const depsFor = openAlertDeps(store, publish);

const purge = openPurge();
const lostAlerts = openLostAlerts();

/** A tick sends nothing; `wirewatch redrive` sends `{"redrive": true}`. */
export type DigestEvent = { readonly redrive?: boolean };

const metrics = new Metrics();
const now = () => new Date();
const outside = {
  topics: openTopics(),
  sms: openSmsAccount(),
  publish,
  operationsTopic: setting('OPERATIONS_TOPIC'),
};

/**
 * Every quarter of an hour: tells what was held and is due, and sweeps what was left undecided or unsent. Some chores
 * have their own, slower beat and do nothing in between.
 */
export const handler = metered(store.control, async (event?: DigestEvent) => {
  const matcher = await watchlist();
  if (event?.redrive === true) return redrive(matcher);
  const done = await eachChore({
    // First, for what waits for a confirmation is told in the same run.
    confirmed: () => noticeConfirmed({ ...store, ...outside, now, log }),
    // Without a watchlist nothing was ever matched, so nothing waits.
    ...(matcher === null ? {} : telling(matcher)),
    counted: () => countClosedHours({ ...store, now, log }),
    checked: () => checkSubscriptions({ ...store, ...outside, now, log }),
    reported: () =>
      reportFeeds({
        feeds: store.feeds,
        control: store.control,
        publish,
        operationsTopic: outside.operationsTopic,
        now,
        log,
      }),
  });
  log({ event: 'swept', ...done });
  measure(done);
  return done;
});

/**
 * What is undone, now rather than at the next sweep, and what readers' endpoints had refused. Once nothing is left undone,
 * the queues that said so are emptied.
 */
async function redrive(matcher: LiveMatcher | null): Promise<Redriven> {
  if (matcher === null) throw new Error('no watchlist is live, so nothing can be decided: run wirewatch apply first');
  const swept = await digest(depsFor(matcher), { waitMs: 0 });
  const emptied = swept.failed === 0;
  if (emptied) await purge();
  const again = await sendLostAgain({ lostAlerts, subscribers: store.subscribers, publish, log });
  log({ event: 'redriven', ...swept, emptied, lostAlerts: again });
  return { ...swept, emptied, lostAlerts: again };
}

/** What the alarms of the same names look at. */
function measure({ swept, reported }: { readonly swept?: DigestSummary; readonly reported?: FeedReport }): void {
  if (swept !== undefined) metrics.addMetric('LeftUndone', MetricUnit.Count, swept.failed);
  const percent = reported?.failingPercent ?? null;
  if (percent !== null) metrics.addMetric('FeedsFailing', MetricUnit.Percent, percent);
  metrics.publishStoredMetrics();
}

function telling(matcher: LiveMatcher) {
  const deps = depsFor(matcher);
  return {
    swept: () => digest(deps),
    proved: () =>
      proveLife({
        ...deps,
        feeds: store.feeds,
        publicUrl: setting('PUBLIC_URL'),
        afterDays: numberSetting('PROOF_DAYS'),
      }),
  };
}

/** One chore that fails keeps none of the others from being done; the run fails in the end all the same. */
async function eachChore(chores: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, unknown>> {
  const done: Record<string, unknown> = {};
  const failures: unknown[] = [];
  for (const [name, chore] of Object.entries(chores)) {
    try {
      done[name] = await chore();
    } catch (error) {
      failures.push(error);
      log({ event: 'chore failed', chore: name, error: String(error) });
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} chores of digest failed`);
  return done;
}
