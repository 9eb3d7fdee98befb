import { schedule } from '../lib/pipeline/schedule.ts';
import { metered } from './shared/metered.ts';
import { log, openQueue, openStore } from './shared/world.ts';

const store = openStore();
const send = openQueue();

/** Every minute: sends the feeds that are due. `{"everyFeed": true}` asks for one round of all. */
export const handler = metered(store.control, async (event: { readonly everyFeed?: boolean }) => {
  const summary = await schedule({ feeds: store.feeds, send, log }, new Date(), event.everyFeed === true);
  log({ event: 'scheduled', ...summary });
  return summary;
});
