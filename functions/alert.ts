import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { unpackStory } from '../lib/adapters/store/pack-story.ts';
import type { Row } from '../lib/adapters/store/table.ts';
import { plainLine } from '../lib/core/alert/plain-text.ts';
import { type AlertDeps, decide } from '../lib/pipeline/alert.ts';
import { openAlertDeps } from './shared/alert-deps.ts';
import { metered } from './shared/metered.ts';
import { log, openPublish, openStore, openWatchlist } from './shared/world.ts';

const store = openStore();
const publish = openPublish();
const watchlist = openWatchlist(store.control);
const depsFor = openAlertDeps(store, publish);
const metrics = new Metrics();

/** One record is one matched story that waits to be decided. */
export const handler = metered(
  store.control,
  async (event: DynamoDBStreamEvent, context: Context) => {
    const matcher = await watchlist();
    if (matcher === null) throw new Error('no watchlist is live');
    const deps = depsFor(matcher);
    const processor = new BatchProcessor(EventType.DynamoDBStreams);
    const response = await processPartialResponse(
      event,
      (record: DynamoDBRecord) => decideRecord(record, deps),
      processor,
      { context },
    );
    metrics.publishStoredMetrics();
    return response;
  },
  { matchesBy: watchlist },
);

/** A stream's event is JSON, so its binary values come as base64 and not as the bytes that the SDK gives. */
function rowOf(image: NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>): Row {
  const values = Object.entries(image).map(([name, value]) => [
    name,
    typeof value.B === 'string' ? { B: Buffer.from(value.B, 'base64') } : value,
  ]);
  return unmarshall(Object.fromEntries(values) as Record<string, AttributeValue>) as Row;
}

async function decideRecord(record: DynamoDBRecord, deps: AlertDeps): Promise<void> {
  const image = record.dynamodb?.NewImage;
  if (image === undefined) return;
  const story = unpackStory(rowOf(image));
  const summary = await decide(story, deps);
  log({
    event: 'decided',
    story: story.id,
    trace: story.trace,
    title: plainLine(story.title).slice(0, 80),
    matched: [...(story.match?.events ?? []), ...(story.match?.entities ?? [])],
    tell: story.tell,
    ...summary,
  });
  metrics.addMetric('AlertsSent', MetricUnit.Count, summary.sent);
  if (summary.sent > 0) metrics.addMetric('TimeToAlert', MetricUnit.Milliseconds, Date.now() - Date.parse(story.seen));
}
