import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { named, ofType, plain, type Synthesised, synthesise } from './synthesised.ts';

let dev: Synthesised['template'];
let prod: Synthesised['template'];

beforeAll(() => {
  dev = synthesise().template;
  prod = synthesise({ stage: 'prod', alertEmail: 'desk@example.org', smsBudget: 50 }).template;
});

const properties = (type: string, beginning: string, template = dev) => named(template, type, beginning).Properties;

describe('the topics', () => {
  test('are encrypted by a key that rotates and refuse plain HTTP', () => {
    for (const name of ['TopicsIntegration', 'TopicsOperations']) {
      expect(plain(properties('AWS::SNS::Topic', name).KmsMasterKeyId)).toBe('<TopicsKey.Arn>');
      const [deny] = properties('AWS::SNS::TopicPolicy', `${name}Policy`).PolicyDocument.Statement;
      expect(deny).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    }
    expect(properties('AWS::KMS::Key', 'Topics').EnableKeyRotation).toBe(true);
  });

  test("let this account's alarms through, by the topic and by its key", () => {
    const alarms = { Service: 'cloudwatch.amazonaws.com' };
    const [, allow] = properties('AWS::SNS::TopicPolicy', 'TopicsOperations').PolicyDocument.Statement;
    expect(allow).toMatchObject({ Effect: 'Allow', Action: 'sns:Publish', Principal: alarms });
    expect(plain(allow.Condition.ArnLike['aws:SourceArn'])).toBe(
      'arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*',
    );
    expect(properties('AWS::KMS::Key', 'Topics').KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: alarms,
      Resource: '*',
    });
  });

  test('the alert e-mail hears of operations; without the setting nobody is subscribed', () => {
    expect(properties('AWS::SNS::Subscription', 'Topics', prod)).toEqual({
      Endpoint: 'desk@example.org',
      Protocol: 'email',
      TopicArn: { Ref: expect.stringMatching(/^TopicsOperations/) },
    });
    expect(ofType(dev, 'AWS::SNS::Subscription')).toEqual([]);
  });
});

describe('the alarms', () => {
  test('are these, each telling operations what it means and where to read on', () => {
    const alarms = ofType(prod, 'AWS::CloudWatch::Alarm');
    expect(alarms.map(([id]) => id.replace(/^Alarms|[0-9A-F]{8}$/g, '')).sort()).toEqual([
      'AlertAge',
      'ApiFailures',
      'DigestBeat',
      'DigestErrors',
      'IntegrationFailures',
      'PollDeadLetters',
      'PollQueueAge',
      'ScheduleBeat',
      'ScheduleErrors',
      'SmsSpend',
      'Undelivered',
    ]);
    for (const [id, { Properties }] of alarms) {
      expect(Properties.AlarmActions.map(plain), id).toEqual(['<TopicsOperations>']);
      expect(Properties.AlarmDescription, id).toContain(
        `See docs/operations.md, "${id.replace(/^Alarms|[0-9A-F]{8}$/g, '')}".`,
      );
    }
  });

  test('each has a row in docs/operations.md, and no row is left of one that is gone', () => {
    const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const rows = [...docs.matchAll(/^\| ([A-Z][A-Za-z]+) \|/gm)].map(([, name]) => name as string);
    const alarms = ofType(prod, 'AWS::CloudWatch::Alarm').map(([id]) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ''));
    expect(rows.sort()).toEqual([...alarms].sort());
  });

  test('silence is the failure of the two clocks alone', () => {
    const silent = ofType(prod, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties.TreatMissingData === 'breaching',
    );
    expect(silent.map(([id]) => id.slice(0, -8)).sort()).toEqual(['AlarmsDigestBeat', 'AlarmsScheduleBeat']);
  });

  test('SMS are watched against the budget', () => {
    expect(properties('AWS::CloudWatch::Alarm', 'AlarmsSmsSpend').Threshold).toBe(0.8);
    expect(properties('AWS::CloudWatch::Alarm', 'AlarmsSmsSpend', prod).Threshold).toBe(40);
  });

  test('cost nothing but themselves: every metric is one that AWS gives', () => {
    for (const [id, { Properties }] of ofType(prod, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.Namespace, id).toMatch(/^AWS\//);
      expect(Properties.Metrics, id).toBeUndefined();
    }
  });
});
