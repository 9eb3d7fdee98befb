import { PlainError } from '../core/plain-error.ts';
import { account, type Names, region } from './resolve.ts';
import type { Resource, Template } from './template.ts';

/** The physical names and addresses of this run, as CloudFormation would give them. */
export type LocalNames = Names & {
  functionName(id: string): string;
  queueName(id: string): string;
  topicName(id: string): string;
  bucketName(id: string): string;
  tableName(id: string): string;
  /** Known once the table is there. */
  setStreamArn(id: string, arn: string): void;
};

/** A function's name in one word, as its file is called: `poll`. */
export function verbOf(resource: Resource): string {
  const environment = (resource.properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  const service = environment.Variables?.POWERTOOLS_SERVICE_NAME;
  return typeof service === 'string' ? service : resource.id;
}

type Addresses = { readonly pageUrl: string; readonly queueUrl: (name: string) => string };

export function localNames(template: Template, { pageUrl, queueUrl }: Addresses): LocalNames {
  const streamArns = new Map<string, string>();
  const resource = (id: string): Resource => {
    const found = template.resources.get(id);
    if (found === undefined) throw new PlainError(`The template refers to ${id}, which it does not have.`);
    return found;
  };
  /** A name that the template gives, else the stack's and the resource's together, the same at each start. */
  const named = (property: string) => (id: string) => {
    const given = resource(id).properties[property];
    return typeof given === 'string' ? given : `${template.stackName}-${id}`;
  };
  const queueName = named('QueueName');
  const topicName = named('TopicName');
  const tableName = named('TableName');
  const bucketName = (id: string) => named('BucketName')(id).toLowerCase();
  const functionName = (id: string) => {
    const given = resource(id).properties.FunctionName;
    return typeof given === 'string' ? given : `${template.stackName}-${verbOf(resource(id))}`;
  };
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

  const refs: Readonly<Record<string, (id: string) => string>> = {
    'AWS::DynamoDB::Table': tableName,
    'AWS::SQS::Queue': (id) => queueUrl(queueName(id)),
    'AWS::SNS::Topic': (id) => arn('sns', topicName(id)),
    'AWS::S3::Bucket': bucketName,
    'AWS::Lambda::Function': functionName,
  };

  const attributes: Readonly<Record<string, (id: string) => string | undefined>> = {
    'AWS::DynamoDB::Table.Arn': (id) => arn('dynamodb', `table/${tableName(id)}`),
    'AWS::DynamoDB::Table.StreamArn': (id) => streamArns.get(id),
    'AWS::SQS::Queue.Arn': (id) => arn('sqs', queueName(id)),
    'AWS::SQS::Queue.QueueName': queueName,
    'AWS::SQS::Queue.QueueUrl': (id) => queueUrl(queueName(id)),
    'AWS::SNS::Topic.TopicArn': (id) => arn('sns', topicName(id)),
    'AWS::SNS::Topic.TopicName': topicName,
    'AWS::S3::Bucket.Arn': (id) => `arn:aws:s3:::${bucketName(id)}`,
    'AWS::Lambda::Function.Arn': (id) => arn('lambda', `function:${functionName(id)}`),
    'AWS::ApiGatewayV2::Api.ApiEndpoint': () => pageUrl,
    'AWS::ApiGatewayV2::Api.ApiId': (id) => id,
  };

  return {
    functionName,
    queueName,
    topicName,
    bucketName,
    tableName,
    setStreamArn: (id, streamArn) => streamArns.set(id, streamArn),
    // An inert resource has a name too, since others say it in their settings.
    ref: (id) => refs[resource(id).type]?.(id) ?? id,
    attribute: (id, name) => {
      const { type } = resource(id);
      const known = attributes[`${type}.${name}`];
      if (known === undefined && refs[type] !== undefined) {
        throw new PlainError(`The local run does not know the attribute ${name} of ${type} (${id}).`);
      }
      return known?.(id) ?? `${id}.${name}`;
    },
  };
}
