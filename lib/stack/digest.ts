import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { HttpApi } from './http-api.ts';
import type { LostAlerts } from './lost-alerts.ts';
import type { PollQueue } from './poll-queue.ts';
import type { StoryTable } from './story-table.ts';
import { Ticker } from './ticker.ts';
import type { Topics } from './topics.ts';
import type { UndeliveredQueue } from './undelivered-queue.ts';
import type { WatchlistBucket } from './watchlist-bucket.ts';

export type DigestProps = {
  readonly stories: StoryTable;
  readonly watchlists: WatchlistBucket;
  readonly topics: Topics;
  readonly web: HttpApi;
  readonly polls: PollQueue;
  readonly undelivered: UndeliveredQueue;
  readonly lostAlerts: LostAlerts;
  /** After how many days of silence a reader hears that somebody watches. */
  readonly proofOfLifeDays: number;
};

/** Each quarter of an hour: what alert left undecided or unsent, and what is told together. */
export class Digest extends Construct {
  readonly handler: Handler;

  constructor(
    scope: Construct,
    id: string,
    { stories, watchlists, topics, web, polls, undelivered, lostAlerts, proofOfLifeDays }: DigestProps,
  ) {
    super(scope, id);
    this.handler = new Handler(this, 'digest', {
      description: 'Sweeps what was left undecided or unsent, and tells held alerts together',
      memoryMb: 512,
      timeoutSeconds: 300,
    });
    stories.open(this.handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], {
      workQueries: true,
    });
    watchlists.openForReading(this.handler);
    topics.openIntegration(this.handler);
    topics.openOperations(this.handler);
    topics.openSubscribers(this.handler, ['Publish', 'ListSubscriptionsByTopic']);
    // Once a day it looks whether each subscriber can still be told.
    topics.openAccount(this.handler, [
      'CheckIfPhoneNumberIsOptedOut',
      'GetSMSAttributes',
      'GetSMSSandboxAccountStatus',
      'GetSubscriptionAttributes',
      'ListOriginationNumbers',
      'ListSMSSandboxPhoneNumbers',
    ]);
    web.openAddress(this.handler);
    // For a redrive, which does the work from the table and then ends what told of it.
    polls.openForPurging(this.handler);
    undelivered.openForPurging(this.handler);
    lostAlerts.openForTaking(this.handler);
    this.handler.env('PROOF_DAYS', String(proofOfLifeDays));
    new Ticker(this, 'Ticker', { handler: this.handler, rate: 'rate(15 minutes)', undelivered: undelivered.queue });
  }
}
