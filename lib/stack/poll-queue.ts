import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

const kept = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };

/** Due feeds on their way from schedule to poll, and the messages that poll gave up. */
export class PollQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { pollTimeoutSeconds }: { readonly pollTimeoutSeconds: number }) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', kept);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the function's limit, so that no message is read again while its first reader still works.
      visibilityTimeout: Duration.seconds(6 * pollTimeoutSeconds),
      // Once as it was sent, once to be split into single feeds; a third failure is no accident.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 3 },
    });
  }

  /** Gives a function the queue's address and the right to send. */
  openForSending(handler: Handler): void {
    handler.env('QUEUE_URL', this.queue.queueUrl);
    handler.allow(['sqs:SendMessage'], this.queue.queueArn);
  }

  /** What an event source needs to read the queue in a function's name. */
  openForReading(handler: Handler): void {
    handler.allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      this.queue.queueArn,
    );
  }

  /** Lets a function see how many messages wait and how many were given up. */
  openForCounting(handler: Handler): void {
    handler.env('QUEUE_URL', this.queue.queueUrl);
    handler.env('DEAD_LETTERS_URL', this.deadLetters.queueUrl);
    handler.allow(['sqs:GetQueueAttributes'], this.queue.queueArn, this.deadLetters.queueArn);
  }

  /** Lets a function empty what poll gave up. */
  openForPurging(handler: Handler): void {
    handler.env('DEAD_LETTERS_URL', this.deadLetters.queueUrl);
    handler.allow(['sqs:PurgeQueue'], this.deadLetters.queueArn);
  }
}
