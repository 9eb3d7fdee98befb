import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createTable } from './create-tables.ts';
import type { LocalNames } from './local-names.ts';
import type { Services } from './local-services.ts';
import { region } from './resolve.ts';
import { resourcesOf, type Template } from './template.ts';

type Context = {
  readonly resolve: (value: unknown) => unknown;
  readonly names: LocalNames;
  readonly services: Services;
  /** False where rows are not to expire by the real clock. */
  readonly expires: boolean;
};

type Properties = Readonly<Record<string, unknown>>;

const queueAttributes = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
];

/** Creates the tables, queues, topics, subscriptions and buckets of the template, or finds them as they were left. */
export async function createResources(
  template: Template,
  { resolve, names, services, expires }: Context,
): Promise<void> {
  const of = (type: string) =>
    resourcesOf(template, type).map(({ id, properties }) => ({ id, properties: resolve(properties) as Properties }));

  const tables = of('AWS::DynamoDB::Table').map(async ({ id, properties }) => {
    const streamArn = await createTable(services.dynamo, { name: names.tableName(id), properties, expires });
    if (streamArn !== null) names.setStreamArn(id, streamArn);
  });
  for (const { id, properties } of of('AWS::SQS::Queue')) {
    services.queues.queue(names.queueName(id), attributesOfQueue(properties));
  }
  for (const { id } of of('AWS::S3::Bucket')) services.queues.bucket(names.bucketName(id));
  for (const { id, properties } of of('AWS::SNS::Topic')) {
    const { DisplayName } = properties;
    await services.sns.createTopic(
      names.topicName(id),
      DisplayName === undefined ? {} : { DisplayName: String(DisplayName) },
    );
  }
  await subscribe(of('AWS::SNS::Subscription'), services);
  await Promise.all(tables);
}

function attributesOfQueue(properties: Properties): Record<string, string> {
  const given = queueAttributes.filter((name) => properties[name] !== undefined);
  return {
    ...Object.fromEntries(given.map((name) => [name, String(properties[name])])),
    ...(properties.RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(properties.RedrivePolicy) }),
  };
}

async function subscribe(
  subscriptions: readonly { readonly properties: Properties }[],
  services: Services,
): Promise<void> {
  if (subscriptions.length === 0) return;
  const sns = new SNSClient({
    endpoint: services.sns.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  for (const { properties } of subscriptions) {
    const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope, RawMessageDelivery } = properties;
    // CloudFormation asks a second time for nothing: only what is not there is made.
    if (services.sns.isSubscribed(String(TopicArn), String(Protocol), String(Endpoint))) continue;
    await sns.send(
      new SubscribeCommand({
        TopicArn: String(TopicArn),
        Protocol: String(Protocol),
        Endpoint: String(Endpoint),
        Attributes: {
          ...(FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(FilterPolicy) }),
          ...(FilterPolicyScope === undefined ? {} : { FilterPolicyScope: String(FilterPolicyScope) }),
          ...(RawMessageDelivery === undefined ? {} : { RawMessageDelivery: String(RawMessageDelivery) }),
        },
      }),
    );
  }
  sns.destroy();
}
