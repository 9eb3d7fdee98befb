import { readdirSync, readFileSync } from 'node:fs';
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
      'FeedsFailing',
      'IntegrationFailures',
      'LeftUndone',
      'LostAlerts',
      'PollDeadLetters',
      'PollErrors',
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

  test('each has a section in docs/operations.md with a command, and none is left of one that is gone', () => {
    const sections = operationsPage().split(/^### /m).slice(1);
    const alarms = ofType(prod, 'AWS::CloudWatch::Alarm').map(([id]) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ''));
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual([...alarms].sort());
    for (const section of sections) expect(section).toMatch(/```bash\n\S/);
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

  test('stand on metrics that AWS gives, and on two of our own, kept apart by stack', () => {
    const ours = ofType(prod, 'AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => !Properties.Namespace.startsWith('AWS/'))
      .map(([, { Properties }]) => [Properties.Namespace, Properties.MetricName]);
    expect(ours.sort()).toEqual([
      ['Wirewatch-prod', 'FeedsFailing'],
      ['Wirewatch-prod', 'LeftUndone'],
    ]);
    for (const [id, { Properties }] of ofType(prod, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.Metrics, id).toBeUndefined();
    }
  });

  test('sound at the share of failing feeds that the setting names', () => {
    expect(properties('AWS::CloudWatch::Alarm', 'AlarmsFeedsFailing').Threshold).toBe(25);
    const strict = synthesise({ feedsFailing: 5 }).template;
    expect(properties('AWS::CloudWatch::Alarm', 'AlarmsFeedsFailing', strict).Threshold).toBe(5);
  });
});

describe('what is counted', () => {
  const root = new URL('../../', import.meta.url);
  const sourcesBelow = (...folders: string[]) =>
    folders.flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(new URL(`${folder}/${name}`, root), 'utf8')),
    );

  test('metrics of our own are at most six, and the docs name each', () => {
    const named = sourcesBelow('functions').flatMap((text) => [...text.matchAll(/addMetric\('(\w+)'/g)]);
    const metrics = [...new Set(named.map(([, name]) => name as string))];
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.length).toBeLessThanOrEqual(6);
    for (const name of metrics) expect(operationsPage()).toContain(`\`${name}\``);
  });

  test('each failure that the code logs is in the docs, with the alarm, doctor or function that tells of it', () => {
    const code = sourcesBelow('functions', 'lib/pipeline', 'lib/adapters').join('\n');
    const failures = [...code.matchAll(/event: '([^']+)',[^}]*?error:/g)].map(([, name]) => name as string);
    const alarms = ofType(prod, 'AWS::CloudWatch::Alarm').map(([id]) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ''));
    const rows = new Map(
      [
        ...(operationsPage().split('## What the log says')[1] ?? '').matchAll(/^\| `([^`]+)` \|[^|]+\| ([^|]+) \|$/gm),
      ].map(([, line, who]) => [line, who ?? '']),
    );
    expect(failures.length).toBeGreaterThan(5);
    expect([...rows.keys()].sort()).toEqual([...new Set(failures)].sort());
    for (const who of rows.values()) {
      expect(
        [...alarms, 'doctor', 'nobody: it loses nothing'].some((teller) => who.includes(teller)),
        who,
      ).toBe(true);
    }
  });
});

test('a dashboard is made only where it is asked for, and shows every alarm', () => {
  expect(ofType(prod, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  const shown = synthesise({ dashboard: true }).template;
  const body = JSON.stringify(properties('AWS::CloudWatch::Dashboard', 'Board', shown).DashboardBody);
  for (const [id] of ofType(shown, 'AWS::CloudWatch::Alarm')) expect(body).toContain(id);
});

test('two stages of one account share no name', () => {
  const namesOf = (template: Synthesised['template']) =>
    Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
      Object.entries(Properties ?? {})
        .filter(([name, value]) => /Name$/.test(name) && typeof value === 'string' && Type.startsWith('AWS::'))
        .map(([name, value]) => `${Type} ${id} ${name} ${value}`),
    );
  const shared = namesOf(dev).filter((row) => namesOf(prod).includes(row));
  // A name inside something that belongs to the stack (a role's policy, a pool's group, an API's authorizer) is no name in the account.
  expect(
    shared.filter(
      (row) => !/MetricName|StageName|^AWS::(IAM::Policy|Cognito::UserPoolGroup|ApiGatewayV2::Authorizer) /.test(row),
    ),
  ).toEqual([]);
});

test('no region, partition or account is written down', () => {
  const text = JSON.stringify([dev, prod]);
  expect(text).not.toMatch(/arn:aws:|\b(us|eu|ap)-[a-z]+-\d\b|\b\d{12}\b/);
});

function operationsPage(): string {
  return readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
}
