import { schedule } from '../lib/pipeline/schedule.ts';
import { log, openQueue, openStore } from './shared/world.ts';

const store = openStore();
const send = openQueue();

/** Every minute: sends the feeds that are due. */
export const handler = async () => {
  const summary = await schedule({ feeds: store.feeds, send, log }, new Date());
  log({ event: 'scheduled', ...summary });
  return summary;
};
