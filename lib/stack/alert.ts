import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { HttpApi } from './http-api.ts';
import type { StoryTable } from './story-table.ts';
import type { Topics } from './topics.ts';
import type { UndeliveredQueue } from './undelivered-queue.ts';
import type { WatchlistBucket } from './watchlist-bucket.ts';

export type AlertProps = {
  readonly stories: StoryTable;
  readonly watchlists: WatchlistBucket;
  readonly topics: Topics;
  readonly web: HttpApi;
  readonly undelivered: UndeliveredQueue;
};

/** Each matched story that waits to be decided: files it, and tells who follows it. */
export class Alert extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { stories, watchlists, topics, web, undelivered }: AlertProps) {
    super(scope, id);
    this.handler = new Handler(this, 'alert', {
      description: 'Decides who is told of a matched story, and tells them',
      memoryMb: 512,
      timeoutSeconds: 60,
    });
    stories.open(this.handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    stories.openStream(this.handler);
    watchlists.openForReading(this.handler);
    topics.openIntegration(this.handler);
    topics.openSubscribers(this.handler, ['Publish']);
    web.openAddress(this.handler);
    new EventSourceMapping(this, 'Stream', {
      target: this.handler.function,
      eventSourceArn: stories.table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 50,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.or('INSERT', 'MODIFY'),
          dynamodb: { NewImage: { workPk: { S: FilterRule.isEqual('WORK#match') } } },
        }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The default retries a bad record for as long as the stream holds it, and everything behind it waits.
      retryAttempts: 5,
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(undelivered.queue),
    });
  }
}
