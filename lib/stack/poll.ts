import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { PollQueue } from './poll-queue.ts';
import type { StoryTable } from './story-table.ts';
import type { WatchlistBucket } from './watchlist-bucket.ts';

/** How long one batch of feeds may take, in seconds; the queue's visibility follows from it. */
export const pollTimeoutSeconds = 60;

export type PollProps = {
  readonly stories: StoryTable;
  readonly watchlists: WatchlistBucket;
  readonly polls: PollQueue;
  readonly contactUrl?: string;
};

/** Each message: reads the feeds it names, stores what is new and matches it. */
export class Poll extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { stories, watchlists, polls, contactUrl }: PollProps) {
    super(scope, id);
    this.handler = new Handler(this, 'poll', {
      description: 'Reads due feeds, stores new stories and matches them',
      // Most of its time it waits for publishers, which costs by the memory. Room for the usual; what needs more ends one
      // invocation, and from the second delivery on each feed is alone with it.
      memoryMb: 384,
      timeoutSeconds: pollTimeoutSeconds,
    });
    // Both are for the local run, which polls feeds on this machine and may ask for alerts on what is already there.
    this.handler.env('ALLOW_HOSTS', '');
    this.handler.env('BACKFILL_MINUTES', '0');
    this.handler.env('CONTACT_URL', contactUrl ?? '');
    stories.open(this.handler, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']);
    watchlists.openForReading(this.handler);
    polls.openForSending(this.handler);
    polls.openForReading(this.handler);
    new EventSourceMapping(this, 'Messages', {
      target: this.handler.function,
      eventSourceArn: polls.queue.queueArn,
      // A message holds many feeds already: together with others it would outlast the function.
      // A bound on concurrency is left out: with one, Lambda keeps five readers at an idle queue instead of two, and each asks
      // for money. A shard has one batch under way at a time, so there are never more messages than shards, but for those of a failed message's single feeds.
      batchSize: 1,
      reportBatchItemFailures: true,
    });
  }
}
