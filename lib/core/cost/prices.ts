/**
 * List prices of us-east-1 in US dollars as they were known in `pricesOf`, free tiers ignored, each with AWS's page of it. Of
 * services that are paid by volume the first tier. What they were compared with stands in docs/cost.md.
 */
export const pricesOf = '2026-11';

export type Price = { readonly usd: number; readonly per: string; readonly source: string };

const price = (usd: number, per: string, source: string): Price => ({ usd, per, source });

const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamo = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const sns = 'https://aws.amazon.com/sns/pricing/';
const s3 = 'https://aws.amazon.com/s3/pricing/';
const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';

export const prices = {
  lambdaGbSecond: price(0.0000133334, 'GB-second on arm64', lambda),
  lambdaRequest: price(0.2e-6, 'invocation', lambda),
  writeUnit: price(0.625e-6, 'write request unit', dynamo),
  readUnit: price(0.125e-6, 'read request unit', dynamo),
  tableGb: price(0.25, 'GB of table a month', dynamo),
  tableBackupGb: price(0.2, 'GB of point-in-time recovery a month', dynamo),
  sqsRequest: price(0.4e-6, 'request', 'https://aws.amazon.com/sqs/pricing/'),
  snsRequest: price(0.5e-6, 'request', sns),
  emailDelivery: price(2 / 100_000, 'e-mail', sns),
  httpsDelivery: price(0.6e-6, 'HTTPS delivery', sns),
  s3Read: price(0.4e-6, 'GET', s3),
  s3Write: price(5e-6, 'PUT', s3),
  schedulerCall: price(1e-6, 'invocation', 'https://aws.amazon.com/eventbridge/pricing/'),
  outGb: price(0.09, 'GB sent to the internet', 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer'),
  logGb: price(0.5, 'GB of logs taken in', cloudwatch),
  alarm: price(0.1, 'alarm a month', cloudwatch),
  metric: price(0.3, 'metric of our own a month', cloudwatch),
  dashboard: price(3, 'dashboard a month', cloudwatch),
  key: price(1, 'key a month', 'https://aws.amazon.com/kms/pricing/'),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;
