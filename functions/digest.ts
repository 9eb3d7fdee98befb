import { type DigestSummary, digest } from '../lib/pipeline/digest.ts';
import { reportFeeds } from '../lib/pipeline/report-feeds.ts';
import { openAlertDeps } from './shared/alert-deps.ts';
import { setting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import { log, openPublish, openStore, openWatchlist } from './shared/world.ts';

const store = openStore();
const publish = openPublish();
const watchlist = openWatchlist(store.control);
const depsFor = openAlertDeps(store, publish);

/** Every quarter of an hour: sweeps what was left undecided or unsent; once an hour, reports feeds that are ill. */
export const handler = metered(store.control, async () => {
  const swept = await sweep();
  const reported = await reportFeeds({
    feeds: store.feeds,
    control: store.control,
    publish,
    operationsTopic: setting('OPERATIONS_TOPIC'),
    now: () => new Date(),
    log,
  });
  const summary = { ...swept, reported };
  log({ event: 'swept', ...summary });
  return summary;
});

async function sweep(): Promise<DigestSummary> {
  const matcher = await watchlist();
  // Without a watchlist nothing was ever matched, so nothing waits.
  if (matcher === null) return { decided: 0, redeemed: 0, told: 0, closed: 0, failed: 0 };
  return digest(depsFor(matcher));
}
