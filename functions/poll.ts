import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createFetchFeed, userAgentWith } from '../lib/adapters/fetch-feed.ts';
import { readPollMessage } from '../lib/adapters/poll-message.ts';
import { type PollDeps, pollTogether, splitBatch } from '../lib/pipeline/poll.ts';
import { numberSetting, optionalSetting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import { log, openQueue, openStore, openWatchlist } from './shared/world.ts';

const store = openStore();
const send = openQueue();
const watchlist = openWatchlist(store.control);
const contact = optionalSetting('CONTACT_URL');
const { fetchFeed } = createFetchFeed({
  allowHosts: optionalSetting('ALLOW_HOSTS').split(',').filter(Boolean),
  ...(contact === '' ? {} : { userAgent: userAgentWith(contact) }),
});
const backfillMs = numberSetting('BACKFILL_MINUTES') * 60_000;

/** What storing the last answers and setting the due times take. */
const settlingMs = 12_000;

/** One message is some batches of due feeds, polled side by side. */
export const handler = metered(
  store.control,
  (event: SQSEvent, context: Context) =>
    processPartialResponse(
      event,
      (record: SQSRecord) => pollRecord(record, context),
      new BatchProcessor(EventType.SQS),
      { context },
    ),
  { matchesBy: watchlist },
);

async function pollRecord(record: SQSRecord, context: Context): Promise<void> {
  const batches = readPollMessage(record.body);
  const deliveries = Number(record.attributes.ApproximateReceiveCount);
  if (deliveries > 1 && batches.flatMap(({ feeds }) => feeds).length > 1) {
    for (const batch of batches) await splitBatch(batch, send);
    return;
  }
  const matcher = await watchlist();
  // Nothing is polled that could not be matched: the message comes back, and after its tries lies in the dead letters.
  if (matcher === null) throw new Error('no watchlist is live');
  const deps: PollDeps = {
    feeds: store.feeds,
    stories: store.stories,
    control: store.control,
    matcher,
    fetchFeed,
    backfillMs,
    random: Math.random,
    now: () => new Date(),
    timeLeftMs: () => context.getRemainingTimeInMillis(),
    timeUp: AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - settlingMs)),
    log,
  };
  await pollTogether(batches, deps);
}
