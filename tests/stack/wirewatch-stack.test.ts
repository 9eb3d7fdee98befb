import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { watchlistLayout } from '../../lib/core/watchlist/serialize.ts';
import { configFolder, named, ofType, plain, type Resource, type Synthesised, synthesise } from './synthesised.ts';

type Template = Synthesised['template'];

const config = configFolder();
let dev: Template;
let prod: Template;

beforeAll(() => {
  dev = synthesise({ config }).template;
  prod = synthesise({ stage: 'prod', alertEmail: 'desk@example.org', smsBudget: 50, config }).template;
});

const properties = (type: string, beginning: string, template = dev) => named(template, type, beginning).Properties;

function environmentOf(name: string): Record<string, string> {
  const { Variables } = properties('AWS::Lambda::Function', `${name}Handler`).Environment;
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, plain(value)]));
}

describe('the table', () => {
  test('has the keys, the index, the stream and the expiry of decision 0001', () => {
    expect(properties('AWS::DynamoDB::Table', 'Stories')).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byWork',
          KeySchema: [
            { AttributeName: 'workPk', KeyType: 'HASH' },
            { AttributeName: 'workSk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });
});

describe('what is left when the stack is deleted', () => {
  const kept = (template: Template) =>
    Object.entries(template.Resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
      .map(([, { Type }]) => Type)
      .sort();

  test('in prod the table, the accounts and the compiled watchlists; the first two cannot be deleted at all', () => {
    expect(kept(prod)).toEqual(['AWS::Cognito::UserPool', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket']);
    expect(properties('AWS::DynamoDB::Table', 'Stories', prod).DeletionProtectionEnabled).toBe(true);
    expect(properties('AWS::Cognito::UserPool', 'SignIn', prod).DeletionProtection).toBe('ACTIVE');
  });

  test('what is kept is kept as well where a change would replace it', () => {
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of Object.entries(prod.Resources))
      if (DeletionPolicy === 'Retain') expect(UpdateReplacePolicy, id).toBe('Retain');
  });

  test('in any other stage the compiled watchlists alone', () => {
    expect(kept(dev)).toEqual(['AWS::S3::Bucket']);
    expect(properties('AWS::DynamoDB::Table', 'Stories').DeletionProtectionEnabled).toBe(false);
  });
});

describe('an upgrade', () => {
  test('keeps what holds data: its logical id says to CloudFormation that it is the same thing', () => {
    const holdsData = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool'];
    const ids = Object.entries(prod.Resources).filter(([, { Type }]) => holdsData.includes(Type));
    expect(ids.map(([id]) => id).sort()).toEqual([
      'SignInPoolFD298EFA',
      'StoriesTableC5354398',
      'WatchlistsBucket633AC294',
    ]);
  });

  test('keeps the custom resource: CloudFormation deletes one of another id, and with it every subscriber’s topic', () => {
    expect(ofType(prod, 'AWS::CloudFormation::CustomResource').map(([id]) => id)).toEqual(['ApplyReleaseA93D129A']);
  });

  test('keeps what others have subscribed to or bookmarked', () => {
    expect(Object.keys(prod.Resources)).toEqual(
      expect.arrayContaining(['TopicsIntegration05ABCFA5', 'WebApiB39B331B', 'TopicsKey64CE8550']),
    );
  });
});

describe('the queues', () => {
  test('poll has a sixth of the time for which its message is hidden, and three tries', () => {
    const { VisibilityTimeout, RedrivePolicy } = properties('AWS::SQS::Queue', 'PollsQueue');
    const { Timeout } = properties('AWS::Lambda::Function', 'PollHandler');
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(RedrivePolicy.maxReceiveCount).toBe(3);
    expect(plain(RedrivePolicy.deadLetterTargetArn)).toBe('<PollsDeadLetters.Arn>');
  });

  test('what was given up is kept for two weeks', () => {
    for (const name of ['PollsDeadLetters', 'UndeliveredQueue']) {
      expect(properties('AWS::SQS::Queue', name).MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });

  test('all are encrypted and refuse plain HTTP', () => {
    const queues = ofType(dev, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(4);
    for (const [id, { Properties }] of queues) {
      expect(Properties.SqsManagedSseEnabled, id).toBe(true);
      const policy = ofType(dev, 'AWS::SQS::QueuePolicy').find(([, each]) => each.Properties.Queues[0].Ref === id);
      expect(policy?.[1].Properties.PolicyDocument.Statement[0], id).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });
});

test('what readers’ endpoints refuse comes from the topics of this stack’s readers alone, and is kept for fourteen days', () => {
  const { MessageRetentionPeriod, VisibilityTimeout } = properties('AWS::SQS::Queue', 'LostAlerts');
  expect(MessageRetentionPeriod).toBe(14 * 86_400);
  expect(VisibilityTimeout).toBeGreaterThan(properties('AWS::Lambda::Function', 'DigestHandler').Timeout);
  const allowed = properties('AWS::SQS::QueuePolicy', 'LostAlerts').PolicyDocument.Statement.filter(
    ({ Effect }: { Effect: string }) => Effect === 'Allow',
  );
  expect(allowed).toHaveLength(1);
  expect(allowed[0]).toMatchObject({ Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' });
  expect(Object.keys(allowed[0].Condition)).toEqual(['ArnLike']);
  expect(plain(allowed[0].Condition.ArnLike['aws:SourceArn'])).toBe(
    'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:Wirewatch-dev-subscriber-*',
  );
});

describe('the event sources', () => {
  test('poll takes one message at a time and says which failed; no bound keeps five readers at an idle queue', () => {
    const source = properties('AWS::Lambda::EventSourceMapping', 'Poll');
    expect(source).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(source.ScalingConfig).toBeUndefined();
  });

  test('alert sees matches that wait, and a bad record blocks nothing for ever', () => {
    const source = properties('AWS::Lambda::EventSourceMapping', 'Alert');
    expect(source.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { workPk: { S: ['WORK#match'] } } } },
    ]);
    expect(source).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 6 * 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(plain(source.EventSourceArn)).toBe('<StoriesTable.StreamArn>');
    expect(plain(source.DestinationConfig.OnFailure.Destination)).toBe('<UndeliveredQueue.Arn>');
  });

  test.each([
    ['Schedule', 'rate(1 minute)'],
    ['Digest', 'rate(15 minutes)'],
  ])('%s is called at %s, and a call that fails is reported', (name, rate) => {
    const { ScheduleExpression, Target } = properties('AWS::Scheduler::Schedule', name);
    expect(ScheduleExpression).toBe(rate);
    expect(plain(Target.Arn)).toBe(`<${name}HandlerFunction.Arn>`);
    expect(plain(Target.DeadLetterConfig.Arn)).toBe('<UndeliveredQueue.Arn>');
    expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 });
  });
});

describe('the functions', () => {
  const common = {
    POWERTOOLS_METRICS_NAMESPACE: 'Wirewatch-dev',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    STAGE: 'dev',
    RETENTION_DAYS: '90',
    UNMATCHED_DAYS: '30',
    TABLE: '<StoriesTable>',
  };
  const watchlists = { BUCKET: '<WatchlistsBucket>' };
  const polls = { QUEUE_URL: '<PollsQueue>' };
  const subscribers = { TOPIC_PREFIX: 'Wirewatch-dev-subscriber-' };
  const made = { TOPIC_KEY: '<TopicsKey.Arn>', LOST_ALERTS_ARN: '<LostAlertsQueue.Arn>' };
  const lost = { LOST_ALERTS_URL: '<LostAlertsQueue>' };
  const web = { PUBLIC_URL: '<WebApi.ApiEndpoint>' };
  const integration = { INTEGRATION_TOPIC: '<TopicsIntegration>' };
  const price = { SMS_USD: '0.1' };
  test.each([
    ['Schedule', polls],
    ['Poll', { ...watchlists, ...polls, ALLOW_HOSTS: '', BACKFILL_MINUTES: '0', CONTACT_URL: '' }],
    ['Alert', { ...watchlists, ...integration, ...subscribers, ...web, ...price }],
    [
      'Digest',
      {
        ...watchlists,
        ...integration,
        OPERATIONS_TOPIC: '<TopicsOperations>',
        ...subscribers,
        ...web,
        ...price,
        PROOF_DAYS: '7',
        ...lost,
        DEAD_LETTERS_URL: '<PollsDeadLetters>',
        UNDELIVERED_URL: '<UndeliveredQueue>',
      },
    ],
    ['Apply', { ...watchlists, ...subscribers, ...made, CONFIG_DIR: 'config' }],
    [
      'Api',
      {
        ...watchlists,
        ...polls,
        DEAD_LETTERS_URL: '<PollsDeadLetters>',
        UNDELIVERED_URL: '<UndeliveredQueue>',
        ...subscribers,
        ...web,
        ...price,
        ...made,
        ...lost,
        OPERATIONS_TOPIC: '',
        PAGE_DIR: 'page',
        SIGN_IN_ISSUER: '<SignInPool.ProviderURL>',
        SIGN_IN_CLIENT: '<SignInPage>',
        SIGN_IN_URL: expect.stringMatching(/^https:\/\/.*auth.*amazoncognito\.com$/),
      },
    ],
  ])('%s reads these settings', (name, own) => {
    expect(environmentOf(name)).toEqual({ ...common, POWERTOOLS_SERVICE_NAME: name.toLowerCase(), ...own });
  });

  test('api looks whether alarms are heard where somebody is meant to hear them', () => {
    const { Variables } = properties('AWS::Lambda::Function', 'ApiHandler', prod).Environment;
    expect(plain(Variables.OPERATIONS_TOPIC)).toBe('<TopicsOperations>');
  });

  test('run on Node 24 and arm64, with logs kept for a month', () => {
    for (const [, { Properties }] of ofType(dev, 'AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      // Of Lambda's own lines those of failures alone: the others are more bytes than ours.
      expect(Properties.LoggingConfig).toMatchObject({
        ...{ LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
      });
    }
    for (const [, { Properties }] of ofType(dev, 'AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(30);
  });
});

describe('apply at a deploy', () => {
  const release = (template: Template) => properties('AWS::CloudFormation::CustomResource', 'Apply', template);

  test('is called with the fingerprint of the config, and has five minutes', () => {
    expect(release(dev)).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: 300,
      configHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      watchlistLayout,
      retentionDays: 90,
      readerLinks: 1,
      readerTopics: 2,
    });
    expect(plain(release(dev).ServiceToken)).toBe('<ApplyHandlerFunction.Arn>');
    expect(properties('AWS::Lambda::Function', 'ApplyHandler').Timeout).toBeLessThan(300);
  });

  test('is called again by code alone where that reads compiled watchlists of another layout', () => {
    const next = release(synthesise({ config, watchlistLayout: watchlistLayout + 1 }).template);
    expect(next).toEqual({ ...release(dev), watchlistLayout: watchlistLayout + 1 });
  });

  test('is else called again only when a file or its name has changed', () => {
    expect(release(prod).configHash).toBe(release(dev).configHash);
    const changed = configFolder();
    writeFileSync(join(changed, 'watchlist.yaml'), 'entities: { nato: {} }\n');
    expect(release(synthesise({ config: changed }).template).configHash).not.toBe(release(dev).configHash);
  });
});

describe('the template', () => {
  test('tells the command and the local run what to find the stack by', () => {
    expect(Object.fromEntries(Object.entries(dev.Outputs).map(([name, { Value }]) => [name, plain(Value)]))).toEqual({
      ApiFunctionName: '<ApiHandlerFunction>',
      ApplyFunctionName: '<ApplyHandlerFunction>',
      DigestFunctionName: '<DigestHandlerFunction>',
      ScheduleFunctionName: '<ScheduleHandlerFunction>',
      TableName: '<StoriesTable>',
      IntegrationTopicArn: '<TopicsIntegration>',
      ApiUrl: '<WebApi.ApiEndpoint>',
      SignInUrl: 'https://<SignInPoolDomain>.<SignInIsGovCloud ? auth-fips : auth>.<AWS::Region>.amazoncognito.com',
      SignInClientId: '<SignInPage>',
    });
  });

  test('names no account, region or partition', () => {
    const text = JSON.stringify(prod).replaceAll(/[0-9a-f]{64}/g, '');
    expect(text).not.toMatch(/arn:aws/);
    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d\b/);
  });

  test('knows that GovCloud has its sign-in elsewhere', () => {
    expect(Object.values(dev.Conditions ?? {})).toContainEqual({
      'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-us-gov'],
    });
  });

  test('gives no resource a name of its own, so that two stages and a replacement never collide', () => {
    const fixed = ['TableName', 'QueueName', 'TopicName', 'BucketName', 'FunctionName', 'RoleName', 'LogGroupName'];
    const physical = fixed.concat('AlarmName', 'AliasName', 'UserPoolName', 'ClientName');
    const creating = Object.entries(prod.Resources).filter(
      ([, { Type }]) => Type !== 'AWS::Lambda::EventSourceMapping' && Type !== 'AWS::Lambda::Permission',
    );
    for (const [id, { Properties }] of creating) {
      expect(
        Object.keys(Properties ?? {}).filter((key) => physical.includes(key)),
        id,
      ).toEqual([]);
    }
  });

  test('has no resource that waits for itself', () => {
    expect(firstCircle(prod.Resources)).toBeNull();
  });
});

/** A chain of logical ids that leads back to its beginning, or null. */
function firstCircle(resources: Readonly<Record<string, Resource>>): readonly string[] | null {
  const done = new Set<string>();
  const walk = (id: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(id)) return [...way, id];
    if (done.has(id)) return null;
    for (const next of references(resources[id])) {
      const circle = next in resources ? walk(next, [...way, id]) : null;
      if (circle !== null) return circle;
    }
    done.add(id);
    return null;
  };
  for (const id of Object.keys(resources)) {
    const circle = walk(id, []);
    if (circle !== null) return circle;
  }
  return null;
}

function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [inner];
    if (key === 'Fn::GetAtt') return [inner[0]];
    if (key === 'DependsOn') return inner;
    return references(inner);
  });
}
