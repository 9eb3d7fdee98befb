import { beforeAll, describe, expect, test } from 'vitest';
import { rightsOf as rights, type Statement } from './rights.ts';
import { named, ofType, plain, type Synthesised, synthesise } from './synthesised.ts';

let template: Synthesised['template'];

beforeAll(() => {
  ({ template } = synthesise());
});

const rightsOf = (policy: string) => rights(template, policy);

const table = '<StoriesTable.Arn>';
const work = '<StoriesTable.Arn>/index/byWork';
const stream = '<StoriesTable.StreamArn>';
const watchlists = '<WatchlistsBucket.Arn>/watchlists/*';
const polls = '<PollsQueue.Arn>';
const undelivered = '<UndeliveredQueue.Arn>';
const lost = '<LostAlertsQueue.Arn>';
const subscribers = 'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:Wirewatch-dev-subscriber-*';
const key = '<TopicsKey.Arn>';

describe('what each function may do, and nothing else', () => {
  test.each([
    ['Schedule', [`dynamodb:Query on ${table}`, `dynamodb:UpdateItem on ${table}`, `sqs:SendMessage on ${polls}`]],
    [
      'Poll',
      [
        `dynamodb:BatchGetItem on ${table}`,
        `dynamodb:GetItem on ${table}`,
        `dynamodb:PutItem on ${table}`,
        `dynamodb:UpdateItem on ${table}`,
        `s3:GetObject on ${watchlists}`,
        `sqs:ChangeMessageVisibility on ${polls}`,
        `sqs:DeleteMessage on ${polls}`,
        `sqs:GetQueueAttributes on ${polls}`,
        `sqs:ReceiveMessage on ${polls}`,
        `sqs:SendMessage on ${polls}`,
      ],
    ],
    [
      'Alert',
      [
        `dynamodb:BatchGetItem on ${table}`,
        `dynamodb:DescribeStream on ${stream}`,
        `dynamodb:GetItem on ${table}`,
        `dynamodb:GetRecords on ${stream}`,
        `dynamodb:GetShardIterator on ${stream}`,
        `dynamodb:ListStreams on ${stream}`,
        `dynamodb:PutItem on ${table}`,
        `dynamodb:Query on ${table}`,
        `dynamodb:UpdateItem on ${table}`,
        `kms:Decrypt on ${key}`,
        `kms:GenerateDataKey on ${key}`,
        `s3:GetObject on ${watchlists}`,
        'sns:Publish on <TopicsIntegration>',
        `sns:Publish on ${subscribers}`,
        `sqs:GetQueueAttributes on ${undelivered}`,
        `sqs:GetQueueUrl on ${undelivered}`,
        `sqs:SendMessage on ${undelivered}`,
      ],
    ],
    [
      'Digest',
      [
        `dynamodb:BatchGetItem on ${table}`,
        `dynamodb:DeleteItem on ${table}`,
        `dynamodb:GetItem on ${table}`,
        `dynamodb:PutItem on ${table}`,
        `dynamodb:Query on ${table}`,
        `dynamodb:Query on ${work}`,
        `dynamodb:UpdateItem on ${table}`,
        `kms:Decrypt on ${key}`,
        `kms:GenerateDataKey on ${key}`,
        `s3:GetObject on ${watchlists}`,
        'sns:CheckIfPhoneNumberIsOptedOut on *',
        'sns:GetSMSAttributes on *',
        'sns:GetSMSSandboxAccountStatus on *',
        'sns:GetSubscriptionAttributes on *',
        'sns:ListOriginationNumbers on *',
        'sns:ListSMSSandboxPhoneNumbers on *',
        `sns:ListSubscriptionsByTopic on ${subscribers}`,
        'sns:Publish on <TopicsIntegration>',
        'sns:Publish on <TopicsOperations>',
        `sns:Publish on ${subscribers}`,
        `sqs:DeleteMessage on ${lost}`,
        `sqs:ReceiveMessage on ${lost}`,
        `sqs:PurgeQueue on <PollsDeadLetters.Arn>`,
        `sqs:PurgeQueue on ${undelivered}`,
      ],
    ],
    [
      'Apply',
      [
        `dynamodb:BatchGetItem on ${table}`,
        `dynamodb:DeleteItem on ${table}`,
        `dynamodb:GetItem on ${table}`,
        `dynamodb:PutItem on ${table}`,
        `dynamodb:Query on ${table}`,
        `dynamodb:UpdateItem on ${table}`,
        `s3:GetObject on ${watchlists}`,
        `s3:PutObject on ${watchlists}`,
        `sns:DeleteTopic on ${subscribers}`,
        'sns:ListTopics on *',
        'sns:SetSubscriptionAttributes on *',
        `sns:SetTopicAttributes on ${subscribers}`,
      ],
    ],
    [
      'Api',
      [
        `dynamodb:BatchGetItem on ${table}`,
        `dynamodb:DeleteItem on ${table}`,
        `dynamodb:GetItem on ${table}`,
        `dynamodb:PutItem on ${table}`,
        `dynamodb:Query on ${table}`,
        `dynamodb:Query on ${work}`,
        `dynamodb:UpdateItem on ${table}`,
        `s3:GetObject on ${watchlists}`,
        'sns:CheckIfPhoneNumberIsOptedOut on *',
        'sns:ListSubscriptions on *',
        `sns:ConfirmSubscription on ${subscribers}`,
        `sns:CreateTopic on ${subscribers}`,
        `sns:DeleteTopic on ${subscribers}`,
        'sns:ListSubscriptionsByTopic on <TopicsOperations>',
        `sns:SetTopicAttributes on ${subscribers}`,
        `sns:Subscribe on ${subscribers}`,
        'sqs:GetQueueAttributes on <PollsDeadLetters.Arn>',
        `sqs:GetQueueAttributes on ${polls}`,
        `sqs:GetQueueAttributes on ${undelivered}`,
        `sqs:ReceiveMessage on ${lost}`,
      ],
    ],
  ])('%s', (name, rows) => {
    expect(rightsOf(`${name}Handler`)).toEqual([...rows].sort());
  });

  test.each(['Schedule', 'Digest'])('the clock of %s may call it, and report what it could not deliver', (name) => {
    expect(rightsOf(`${name}Ticker`)).toEqual([
      `lambda:InvokeFunction on <${name}HandlerFunction.Arn>`,
      `sqs:SendMessage on ${undelivered}`,
    ]);
  });

  test.each(['Schedule', 'Digest'])('the role of the clock of %s is lent to this account alone', (name) => {
    const [trust] = named(template, 'AWS::IAM::Role', `${name}Ticker`).Properties.AssumeRolePolicyDocument.Statement;
    expect(trust).toMatchObject({
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  test('there are no roles but these eight, none with a policy that AWS writes', () => {
    const roles = ofType(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(8);
    expect(ofType(template, 'AWS::IAM::Policy')).toHaveLength(8);
    for (const [, { Properties }] of roles) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toBeUndefined();
    }
  });

  test('each function has a role and a log group of its own and writes to no other log', () => {
    const functions = ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    expect(functions).toHaveLength(6);
    expect(new Set(functions.map(({ Role }) => plain(Role))).size).toBe(6);
    expect(new Set(functions.map(({ LoggingConfig }) => plain(LoggingConfig.LogGroup))).size).toBe(6);
    for (const name of ['Schedule', 'Poll', 'Alert', 'Digest', 'Apply', 'Api']) {
      const policy = named(template, 'AWS::IAM::Policy', `${name}Handler`).Properties.PolicyDocument;
      expect(policy.Statement.filter(({ Action }: Statement) => String(Action).startsWith('logs:'))).toEqual([
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [expect.stringMatching(`^${name}HandlerLogs`), 'Arn'] },
        },
      ]);
    }
  });
});
