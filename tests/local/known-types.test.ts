import { describe, expect, test } from 'vitest';
import { checkTypes } from '../../lib/local/known-types.ts';
import { rateMs } from '../../lib/local/schedule-rate.ts';
import { readTemplate } from '../../lib/local/template.ts';
import { changedAssembly, tinyAssembly } from './support/assembly.ts';

const check = (change: Parameters<typeof changedAssembly>[0]) => () =>
  checkTypes(readTemplate(changedAssembly(change)));

describe('what the local run does not know is an error that names it', () => {
  test.each([
    [
      'a type',
      'Cache',
      { Type: 'AWS::ElastiCache::CacheCluster', Properties: {} },
      'AWS::ElastiCache::CacheCluster (Cache)',
    ],
    [
      'a property',
      'Extra',
      { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      'FifoQueue of AWS::SQS::Queue (Extra)',
    ],
    [
      'a property further down',
      'Extra',
      { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ScalingConfig: { Burst: 3 } } },
      'ScalingConfig.Burst of AWS::Lambda::EventSourceMapping (Extra)',
    ],
    [
      'a property of a list element',
      'Extra',
      {
        Type: 'AWS::DynamoDB::Table',
        Properties: { GlobalSecondaryIndexes: [{ IndexName: 'a', WarmThroughput: {} }] },
      },
      'GlobalSecondaryIndexes.WarmThroughput of AWS::DynamoDB::Table (Extra)',
    ],
  ])('%s', (_, id, resource, named) => {
    expect(check(({ Resources }) => Object.assign(Resources, { [id]: resource }))).toThrow(named);
  });
});

test('rights and alarms are inert, and so are properties that mean nothing here; both are listed', () => {
  const { resources, properties } = checkTypes(readTemplate(tinyAssembly));
  expect(resources).toEqual(['AWS::IAM::Role Role', 'AWS::CloudWatch::Alarm Alarm']);
  expect(properties).toContain('AWS::S3::Bucket.VersioningConfiguration');
  expect(properties).not.toContain('AWS::DynamoDB::Table.KeySchema');
});

test('an assembly that is not there is told as such', () => {
  expect(() => readTemplate('/nowhere')).toThrow('The assembly cannot be read (/nowhere/manifest.json');
});

test.each([
  ['rate(1 minute)', 60_000],
  ['rate(15 minutes)', 900_000],
  ['rate(1 day)', 86_400_000],
])('%s', (expression, everyMs) => {
  expect(rateMs(expression)).toBe(everyMs);
});

test.each(['cron(0 8 * * ? *)', 'rate(0 minutes)', 'rate(5 seconds)'])('%s is refused', (expression) => {
  expect(() => rateMs(expression)).toThrow(expression);
});
