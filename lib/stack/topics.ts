import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** What SNS answers for an account as a whole, without a resource to narrow it to. */
export type AccountAction =
  | 'CheckIfPhoneNumberIsOptedOut'
  | 'GetSMSAttributes'
  | 'GetSMSSandboxAccountStatus'
  | 'GetSubscriptionAttributes'
  | 'ListOriginationNumbers'
  | 'ListSMSSandboxPhoneNumbers'
  | 'ListSubscriptions'
  | 'SetSubscriptionAttributes';

/** The stack's own two topics with their key, and the name space in which api creates one topic a subscriber. */
export class Topics extends Construct {
  readonly integration: Topic;
  readonly operations: Topic;
  readonly #key: Key;
  readonly #alertEmail: string | undefined;
  readonly #subscriberPrefix: string;
  /** The ARN pattern of readers' topics. */
  readonly subscriberTopics: string;

  constructor(scope: Construct, id: string, { alertEmail }: { readonly alertEmail?: string }) {
    super(scope, id);
    const stack = Stack.of(this);
    this.#key = new Key(this, 'Key', {
      description: 'Encrypts the topics of Wirewatch',
      enableKeyRotation: true,
      // Each rotation adds a dollar to every month that follows, for a key that messages see in passing.
      rotationPeriod: Duration.days(2560),
      // A topic keeps nothing that would have to be read after the stack is gone.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#alertEmail = alertEmail;
    this.integration = new Topic(this, 'Integration', { masterKey: this.#key, enforceSSL: true });
    this.operations = new Topic(this, 'Operations', { masterKey: this.#key, enforceSSL: true });
    this.#letAlarmsPublish(stack);
    if (alertEmail !== undefined) {
      new Subscription(this, 'AlertEmail', {
        topic: this.operations,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: alertEmail,
      });
    }
    this.#subscriberPrefix = `${stack.stackName}-subscriber-`;
    this.subscriberTopics = stack.formatArn({
      service: 'sns',
      resource: `${this.#subscriberPrefix}*`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }

  openIntegration(handler: Handler): void {
    handler.env('INTEGRATION_TOPIC', this.integration.topicArn);
    this.#publish(handler, this.integration.topicArn);
  }

  openOperations(handler: Handler): void {
    handler.env('OPERATIONS_TOPIC', this.operations.topicArn);
    this.#publish(handler, this.operations.topicArn);
  }

  /** Lets a function see whether anybody hears what operations are told, where somebody is meant to. */
  openOperationsForAsking(handler: Handler): void {
    handler.env('OPERATIONS_TOPIC', this.#alertEmail === undefined ? '' : this.operations.topicArn);
    handler.allow(['sns:ListSubscriptionsByTopic'], this.operations.topicArn);
  }

  /** Gives a function the subscribers' name space and what it may do in it: SNS actions on any topic of that prefix. */
  openSubscribers(handler: Handler, actions: readonly string[]): void {
    handler.env('TOPIC_PREFIX', this.#subscriberPrefix);
    // Who publishes there has the key for the integration topic.
    if (actions.includes('SetTopicAttributes')) handler.env('TOPIC_KEY', this.#key.keyArn);
    handler.allow(
      actions.map((action) => `sns:${action}`),
      this.subscriberTopics,
    );
    handler.acknowledgeWildcard(
      `Resource::arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:${this.#subscriberPrefix}*`,
      'A subscriber has a topic of its own, created at run time under this prefix, which belongs to this stack alone.',
    );
  }

  /** Lets a function find every topic of the prefix. SNS lists an account's topics or none. */
  openListing(handler: Handler): void {
    handler.allow(['sns:ListTopics'], '*');
    handler.acknowledgeWildcard(
      'Resource::*',
      'sns:ListTopics knows no resource; what is found is deleted under the prefix alone.',
    );
  }

  /** Lets a function ask SNS what it knows of subscriptions and SMS in this account. */
  openAccount(handler: Handler, actions: readonly AccountAction[]): void {
    handler.allow(
      actions.map((action) => `sns:${action}`),
      '*',
    );
    handler.acknowledgeWildcard(
      'Resource::*',
      `These know no resource: ${actions.join(', ')}. Each only reads, but SetSubscriptionAttributes, which is asked for readers' own.`,
    );
  }

  #publish(handler: Handler, topicArn: string): void {
    handler.allow(['sns:Publish'], topicArn);
    handler.allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
  }

  /** Without both the topic's and the key's leave an alarm on an encrypted topic says nothing, and nobody learns of it. */
  #letAlarmsPublish(stack: Stack): void {
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    const alarmsHere = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.operations.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ['sns:Publish'],
        resources: [this.operations.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': alarmsHere } },
      }),
    );
    // CloudWatch calls KMS itself, and AWS documents this leave without a condition; one that never holds would silence
    // every alarm. The topic's condition keeps other accounts out.
    this.#key.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
    );
  }
}
