import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createFetchFeed, userAgentWith } from '../lib/adapters/fetch-feed.ts';
import { poll, splitBatch } from '../lib/pipeline/poll.ts';
import type { PollMessage } from '../lib/pipeline/schedule.ts';
import { numberSetting, optionalSetting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import { log, openQueue, openStore, openWatchlist } from './shared/world.ts';

const store = openStore();
const send = openQueue();
const watchlist = openWatchlist(store.control);
const metrics = new Metrics();
const contact = optionalSetting('CONTACT_URL');
const { fetchFeed } = createFetchFeed({
  allowHosts: optionalSetting('ALLOW_HOSTS').split(',').filter(Boolean),
  ...(contact === '' ? {} : { userAgent: userAgentWith(contact) }),
});
const backfillMs = numberSetting('BACKFILL_MINUTES') * 60_000;

/** What storing the last answers and setting the due times take. */
const settlingMs = 12_000;

/** One message is one batch of due feeds. */
export const handler = metered(store.control, async (event: SQSEvent, context: Context) => {
  const processor = new BatchProcessor(EventType.SQS);
  const response = await processPartialResponse(event, (record: SQSRecord) => pollRecord(record, context), processor, {
    context,
  });
  metrics.publishStoredMetrics();
  return response;
});

async function pollRecord(record: SQSRecord, context: Context): Promise<void> {
  const message = JSON.parse(record.body) as PollMessage;
  const deliveries = Number(record.attributes.ApproximateReceiveCount);
  if (deliveries > 1 && message.feeds.length > 1) return splitBatch(message, send);

  const matcher = await watchlist();
  // Nothing is polled that could not be matched: the message comes back, and after its tries lies in the dead letters.
  if (matcher === null) throw new Error('no watchlist is live');
  const summary = await poll(message, {
    feeds: store.feeds,
    stories: store.stories,
    control: store.control,
    matcher,
    fetchFeed,
    backfillMs,
    random: Math.random,
    now: () => new Date(),
    send,
    timeLeftMs: () => context.getRemainingTimeInMillis(),
    timeUp: AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - settlingMs)),
    log,
  });
  metrics.addMetric('Polls', MetricUnit.Count, summary.polled);
  metrics.addMetric('PollsFailed', MetricUnit.Count, summary.failed);
  metrics.addMetric('NewStories', MetricUnit.Count, summary.stories);
  metrics.addMetric('Matches', MetricUnit.Count, summary.matches);
}
