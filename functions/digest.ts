import { digest } from '../lib/pipeline/digest.ts';
import { alertDeps } from './shared/alert-deps.ts';
import { log, openPublish, openStore, openWatchlist } from './shared/world.ts';

const store = openStore();
const publish = openPublish();
const watchlist = openWatchlist(store.control);

/** Every quarter of an hour: sweeps what was left undecided or unsent. */
export const handler = async () => {
  const matcher = await watchlist();
  if (matcher === null) {
    log({ event: 'nothing to sweep', reason: 'no watchlist is live' });
    return { decided: 0, redeemed: 0, failed: 0 };
  }
  const summary = await digest({ ...alertDeps(store, publish, matcher), control: store.control });
  log({ event: 'swept', ...summary });
  return summary;
};
