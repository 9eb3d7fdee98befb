import { PlainError } from '../core/plain-error.ts';
import type { Resource, Template } from './template.ts';

/**
 * `run`: the local run does what it says. `inert`: accepted, does nothing here, and is said so at the start. A nested
 * shape looks further down; one in brackets at each element of a list.
 */
type Shape = 'run' | 'inert' | { readonly [property: string]: Shape } | readonly [Shape];

const keySchema: Shape = [{ AttributeName: 'run', KeyType: 'run' }];
const projection: Shape = { ProjectionType: 'run', NonKeyAttributes: 'run' };

const shapes: Readonly<Record<string, Shape>> = {
  'AWS::DynamoDB::Table': {
    TableName: 'run',
    AttributeDefinitions: 'run',
    KeySchema: keySchema,
    BillingMode: 'run',
    GlobalSecondaryIndexes: [{ IndexName: 'run', KeySchema: keySchema, Projection: projection }],
    StreamSpecification: { StreamViewType: 'run' },
    TimeToLiveSpecification: { AttributeName: 'run', Enabled: 'run' },
    PointInTimeRecoverySpecification: 'inert',
    DeletionProtectionEnabled: 'inert',
    SSESpecification: 'inert',
    Tags: 'inert',
  },
  'AWS::SQS::Queue': {
    QueueName: 'run',
    VisibilityTimeout: 'run',
    MessageRetentionPeriod: 'run',
    DelaySeconds: 'run',
    MaximumMessageSize: 'run',
    ReceiveMessageWaitTimeSeconds: 'run',
    RedrivePolicy: { deadLetterTargetArn: 'run', maxReceiveCount: 'run' },
    SqsManagedSseEnabled: 'inert',
    KmsMasterKeyId: 'inert',
    Tags: 'inert',
  },
  'AWS::SNS::Topic': { TopicName: 'run', DisplayName: 'run', KmsMasterKeyId: 'inert', Tags: 'inert' },
  'AWS::SNS::Subscription': {
    TopicArn: 'run',
    Protocol: 'run',
    Endpoint: 'run',
    FilterPolicy: 'run',
    FilterPolicyScope: 'run',
    RawMessageDelivery: 'run',
  },
  'AWS::S3::Bucket': {
    BucketName: 'run',
    // fauxqs keeps the newest version of an object alone.
    VersioningConfiguration: 'inert',
    BucketEncryption: 'inert',
    PublicAccessBlockConfiguration: 'inert',
    LifecycleConfiguration: 'inert',
    OwnershipControls: 'inert',
    Tags: 'inert',
  },
  'AWS::Lambda::Function': {
    FunctionName: 'run',
    Code: { S3Bucket: 'run', S3Key: 'run' },
    Handler: 'run',
    Runtime: 'run',
    Environment: { Variables: 'run' },
    Timeout: 'run',
    MemorySize: 'run',
    Architectures: 'inert',
    Description: 'inert',
    LoggingConfig: 'inert',
    ReservedConcurrentExecutions: 'run',
    Role: 'inert',
    TracingConfig: 'inert',
    Tags: 'inert',
  },
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: 'run',
    FunctionName: 'run',
    BatchSize: 'run',
    MaximumBatchingWindowInSeconds: 'run',
    FunctionResponseTypes: 'run',
    ScalingConfig: { MaximumConcurrency: 'run' },
    FilterCriteria: { Filters: [{ Pattern: 'run' }] },
    BisectBatchOnFunctionError: 'run',
    MaximumRetryAttempts: 'run',
    MaximumRecordAgeInSeconds: 'run',
    DestinationConfig: { OnFailure: { Destination: 'run' } },
    // Both positions mean the same here: the reader is there before the first record.
    StartingPosition: 'run',
    Enabled: 'run',
    Tags: 'inert',
  },
  'AWS::Scheduler::Schedule': {
    ScheduleExpression: 'run',
    State: 'run',
    FlexibleTimeWindow: { Mode: 'run' },
    Target: {
      Arn: 'run',
      Input: 'run',
      RetryPolicy: { MaximumRetryAttempts: 'run', MaximumEventAgeInSeconds: 'run' },
      DeadLetterConfig: { Arn: 'run' },
      RoleArn: 'inert',
    },
    Name: 'inert',
    GroupName: 'inert',
    Description: 'inert',
  },
  'AWS::ApiGatewayV2::Api': { Name: 'inert', Description: 'inert', ProtocolType: 'run', Tags: 'inert' },
  'AWS::ApiGatewayV2::Integration': {
    ApiId: 'run',
    IntegrationType: 'run',
    IntegrationUri: 'run',
    PayloadFormatVersion: 'run',
  },
  'AWS::ApiGatewayV2::Route': {
    ApiId: 'run',
    RouteKey: 'run',
    Target: 'run',
    AuthorizationType: 'run',
    AuthorizerId: 'inert',
    AuthorizationScopes: 'inert',
  },
  'AWS::ApiGatewayV2::Stage': {
    ApiId: 'run',
    StageName: 'run',
    AutoDeploy: 'inert',
    AccessLogSettings: 'inert',
    DefaultRouteSettings: 'inert',
    RouteSettings: 'inert',
    Tags: 'inert',
  },
};

/** Everything in it is an argument of ours, so no property can be unknown. */
const customResource = /^(AWS::CloudFormation::CustomResource|Custom::.*)$/;

const inertTypes =
  /^AWS::(IAM|Logs|CloudWatch|KMS|Budgets|Cognito|CDK)::|^AWS::(SQS::QueuePolicy|SNS::TopicPolicy|S3::BucketPolicy|Lambda::Permission|ApiGatewayV2::Authorizer)$/;

/** Throws at the first resource or property that the local run does not know; returns the names of what is inert. */
export function checkTypes(template: Template): { readonly resources: string[]; readonly properties: string[] } {
  const resources: string[] = [];
  const properties: string[] = [];
  for (const resource of template.resources.values()) {
    const shape = shapes[resource.type];
    if (inertTypes.test(resource.type)) resources.push(`${resource.type} ${resource.id}`);
    else if (shape !== undefined) properties.push(...inertProperties(resource, resource.properties, shape, ''));
    else if (!customResource.test(resource.type)) {
      throw new PlainError(
        `The template has a resource that the local run does not know: ${resource.type} (${resource.id}); add it to lib/local, or to its list of inert types.`,
      );
    }
  }
  return { resources, properties: [...new Set(properties)] };
}

export function isCustomResource(resource: Resource): boolean {
  return customResource.test(resource.type);
}

function inertProperties(resource: Resource, value: unknown, shape: Shape, path: string): string[] {
  if (shape === 'run') return [];
  if (shape === 'inert') return [`${resource.type}${path}`];
  if (Array.isArray(shape)) {
    const elements = Array.isArray(value) ? value : [];
    return elements.flatMap((each) => inertProperties(resource, each, shape[0] as Shape, path));
  }
  const known = shape as Readonly<Record<string, Shape>>;
  return Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([name, each]) => {
    const next = known[name];
    if (next === undefined) {
      throw new PlainError(
        `The local run does not know the property ${`${path}.${name}`.slice(1)} of ${resource.type} (${resource.id}); add it to lib/local.`,
      );
    }
    return inertProperties(resource, each, next, `${path}.${name}`);
  });
}
