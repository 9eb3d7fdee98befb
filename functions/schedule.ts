import { schedule } from '../lib/pipeline/schedule.ts';
import { metered } from './shared/metered.ts';
import { log, openQueue, openStore } from './shared/world.ts';

const store = openStore();
const send = openQueue();

/** Every minute: sends the feeds that are due. `{"everyFeed": true}` asks for one round of all. */
export const handler = metered(store.control, async (event: { readonly everyFeed?: boolean }) => {
  const now = new Date();
  const summary = await schedule({ feeds: store.feeds, send, log }, now, event.everyFeed === true);
  // A minute in which nothing was due is no news; that there was one, CloudWatch counts.
  if (summary.sent > 0) log({ event: 'scheduled', trace: now.toISOString(), ...summary });
  return summary;
});
