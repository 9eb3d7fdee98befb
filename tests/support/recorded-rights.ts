import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request of a function to AWS, as record-calls.cjs writes it. */
type Call = {
  readonly function: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly target?: string;
  readonly body: string;
};

/** What makes workers of a local run write down what they ask. */
export function recordingTo(callsFile: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require ${join(import.meta.dirname, 'record-calls.cjs')}`, CALLS_FILE: callsFile };
}

/** By function, the rights that AWS would have asked for: `dynamodb:Query on <StoriesTable.Arn>`. Each once, sorted. */
export function recordedRights(callsFile: string): ReadonlyMap<string, readonly string[]> {
  const calls = readFileSync(callsFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Call);
  const byFunction = Map.groupBy(calls, (call) => call.function);
  return new Map([...byFunction].map(([name, own]) => [name, [...new Set(own.flatMap(rightsFor))].sort()]));
}

function rightsFor(call: Call): readonly string[] {
  if (call.service === 'dynamodb') return tableRights(operationOf(call), JSON.parse(call.body));
  if (call.service === 'sqs') {
    const { QueueUrl } = JSON.parse(call.body) as { QueueUrl: string };
    return [`sqs:${operationOf(call)} on ${namedIn(QueueUrl)}`];
  }
  if (call.service === 'sns') return topicRights(new URLSearchParams(call.body));
  if (call.service === 's3') return [`s3:${objectActions[call.method]} on ${objectsIn(call.path)}`];
  throw new Error(`a call to a service that nobody expects: ${JSON.stringify(call).slice(0, 300)}`);
}

const operationOf = ({ target = '' }: Call): string => target.split('.').at(-1) ?? '';

const table = '<StoriesTable.Arn>';

type TableInput = {
  readonly IndexName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, unknown>>[];
};

/** A transaction asks for the right of each of its writes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
function tableRights(operation: string, { IndexName, TransactItems = [] }: TableInput): readonly string[] {
  if (operation !== 'TransactWriteItems') {
    return [`dynamodb:${operation} on ${table}${IndexName === undefined ? '' : `/index/${IndexName}`}`];
  }
  const action = (name: string) => (name === 'ConditionCheck' ? 'ConditionCheckItem' : `${name}Item`);
  return TransactItems.flatMap((item) => Object.keys(item).map((name) => `dynamodb:${action(name)} on ${table}`));
}

const subscribers = 'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:Wirewatch-local-subscriber-*';

/** What SNS answers for a whole account alone: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
const ofAccount = [
  'CheckIfPhoneNumberIsOptedOut',
  'GetSMSAttributes',
  'GetSMSSandboxAccountStatus',
  'GetSubscriptionAttributes',
  'ListOriginationNumbers',
  'ListSMSSandboxPhoneNumbers',
  'ListSubscriptions',
  'ListTopics',
  'SetSubscriptionAttributes',
];

function topicRights(form: URLSearchParams): readonly string[] {
  const action = form.get('Action') ?? '';
  const topic = form.get('TopicArn') ?? form.get('Name');
  if (topic === null || ofAccount.includes(action)) return [`sns:${action} on *`];
  const resource = topic.includes('-subscriber-') ? subscribers : namedIn(topic).replace('.Arn', '');
  // A topic that is made with attributes has them set.
  const also = action === 'CreateTopic' && form.has('Attributes.entry.1.key') ? ['SetTopicAttributes'] : [];
  return [action, ...also].map((each) => `sns:${each} on ${resource}`);
}

/** `…/Wirewatch-local-PollsQueue0123ABCD` is `<PollsQueue.Arn>`. */
function namedIn(address: string): string {
  const id = /-local-(\w+?)[0-9A-F]{8}$/.exec(address)?.[1];
  if (id === undefined) throw new Error(`no resource of the template: ${address}`);
  return `<${id}.Arn>`;
}

const objectActions: Readonly<Record<string, string>> = { GET: 'GetObject', PUT: 'PutObject' };

function objectsIn(path: string): string {
  const [, , prefix] = path.split('/');
  return `<WatchlistsBucket.Arn>/${prefix}/*`;
}
