import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/**
 * Alerts that a reader's HTTPS endpoint kept refusing, where SNS puts them once it has given up. Apart from the undelivered,
 * which only say that something happened: these hold what a reader was to be told, and are sent again rather than purged.
 */
export class LostAlerts extends Construct {
  readonly queue: Queue;

  /** `topics`: the readers' topics, the only ones whose messages may come here. */
  constructor(scope: Construct, id: string, { topics }: { readonly topics: string }) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      // SNS writes here without a right on a key, which it would need with one of KMS.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Longer than digest may run, so that a redrive takes each once.
      visibilityTimeout: Duration.minutes(6),
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': topics } },
      }),
    );
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is itself the dead-letter queue of readers’ subscriptions; wirewatch redrive sends again what lies in it.',
    });
  }

  /** Lets a function name the queue where it subscribes an endpoint. */
  openForNaming(handler: Handler): void {
    handler.env('LOST_ALERTS_ARN', this.queue.queueArn);
  }

  /** Lets a function look at what lies there. */
  openForLooking(handler: Handler): void {
    handler.env('LOST_ALERTS_URL', this.queue.queueUrl);
    handler.allow(['sqs:ReceiveMessage'], this.queue.queueArn);
  }

  /** Lets a function take messages out. */
  openForTaking(handler: Handler): void {
    this.openForLooking(handler);
    handler.allow(['sqs:DeleteMessage'], this.queue.queueArn);
  }
}
