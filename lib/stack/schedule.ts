import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { PollQueue } from './poll-queue.ts';
import type { StoryTable } from './story-table.ts';
import { Ticker } from './ticker.ts';
import type { UndeliveredQueue } from './undelivered-queue.ts';

export type ScheduleProps = {
  readonly stories: StoryTable;
  readonly polls: PollQueue;
  readonly undelivered: UndeliveredQueue;
};

/** Each minute: claims the feeds that are due and sends them to poll. */
export class Schedule extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { stories, polls, undelivered }: ScheduleProps) {
    super(scope, id);
    this.handler = new Handler(this, 'schedule', {
      description: 'Claims the feeds that are due and sends them to poll',
      memoryMb: 256,
      timeoutSeconds: 50,
    });
    stories.open(this.handler, ['Query', 'UpdateItem']);
    polls.openForSending(this.handler);
    new Ticker(this, 'Ticker', { handler: this.handler, rate: 'rate(1 minute)', undelivered: undelivered.queue });
  }
}
