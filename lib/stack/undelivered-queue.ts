import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** Where a tick or a stretch of the stream is reported that could not be handed over. Says that it happened, not what was in it. */
export class UndeliveredQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is itself the last stop: the on-failure queue of the stream source and of the two schedules. Nothing reads it but a person whom its alarm has called, and digest does the lost work from the table.',
    });
  }

  /** Lets a function see how much was reported. */
  openForCounting(handler: Handler): void {
    handler.env('UNDELIVERED_URL', this.queue.queueUrl);
    handler.allow(['sqs:GetQueueAttributes'], this.queue.queueArn);
  }

  /** Lets a function empty it. */
  openForPurging(handler: Handler): void {
    handler.env('UNDELIVERED_URL', this.queue.queueUrl);
    handler.allow(['sqs:PurgeQueue'], this.queue.queueArn);
  }
}
