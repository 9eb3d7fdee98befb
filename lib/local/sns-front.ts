import { createServer, type IncomingMessage } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from './local-event.ts';
import { listenOnLoopback, readBody, refusesStrangers } from './loopback.ts';
import { account, region } from './resolve.ts';
import type { Parameters, SnsActions, SnsContext } from './sns-context.ts';
import { httpsPosting } from './sns-https.ts';
import { publishActions } from './sns-publish.ts';
import { SnsRefusal } from './sns-rules.ts';
import { smsActions } from './sns-sms.ts';
import { subscriptionActions } from './sns-subscriptions.ts';
import { createTopic, topicActions } from './sns-topics.ts';
import { snsFault } from './sns-wire.ts';

export type SnsFront = {
  readonly endpoint: string;
  createTopic(name: string, attributes: Readonly<Record<string, string>>): Promise<string>;
  confirm(topicArn: string, token: string): { readonly confirmed: boolean };
  /** The token would confirm a subscription that nobody has confirmed yet. */
  isPending(topicArn: string, token: string): boolean;
  isSubscribed(topicArn: string, protocol: string, endpoint: string): boolean;
  close(): Promise<void>;
};

type Parts = Omit<SnsContext, 'toQueues' | 'posting'> & { readonly queuesEndpoint: string; readonly log: Log };

/** SNS as the functions see it: its rules, subscriptions that wait for their confirmation, and an outbox for the post. */
export async function startSnsFront({ queuesEndpoint, log, ...parts }: Parts): Promise<SnsFront> {
  const { state, nowMs } = parts;
  const sqs = new SQSClient({ endpoint: queuesEndpoint, region, credentials: local });
  const giveUp = async (queueArn: string, body: string): Promise<void> => {
    const QueueUrl = `${queuesEndpoint}/${account}/${queueArn.split(':').at(-1)}`;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  };
  const posting = httpsPosting({ nowMs, giveUp, report: (message) => log({ kind: 'error', message }) });
  const context: SnsContext = { ...parts, posting, toQueues: (parameters) => askFauxqs(queuesEndpoint, parameters) };
  const actions: SnsActions = {
    ...topicActions(context),
    ...subscriptionActions(context),
    ...publishActions(context),
    ...smsActions(context),
  };

  // fauxqs's copy may be older, from a backup.
  for (const [arn] of state.topics()) await createTopic(context, arn.split(':').at(-1) as string, {});

  const server = createServer(async (request, response) => {
    if (refusesStrangers(request, response)) return;
    const { status, xml } = await reply(request, actions, context);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  const { url, close } = await listenOnLoopback(server, 0);
  return {
    endpoint: url,
    createTopic: (name, attributes) => createTopic(context, name, attributes),
    // A person who clicks the link, not the API: SNS counts that as not authenticated.
    confirm: (topicArn, token) => ({ confirmed: state.confirm(topicArn, token, false, nowMs()) !== undefined }),
    isPending: (topicArn, token) => state.isPending(topicArn, token, nowMs()),
    isSubscribed: (topicArn, protocol, endpoint) =>
      state.ofTopic(topicArn).some((each) => each.protocol === protocol && each.endpoint === endpoint),
    close: async () => {
      await close();
      await posting.close();
      sqs.destroy();
    },
  };
}

const local = { accessKeyId: 'local', secretAccessKey: 'local' };

async function reply(
  request: IncomingMessage,
  actions: SnsActions,
  { toQueues }: SnsContext,
): Promise<{ readonly status: number; readonly xml: string }> {
  try {
    const parameters = new Map(new URLSearchParams((await readBody(request)).toString('utf8')));
    const action = parameters.get('Action') ?? '';
    const own = actions[action];
    // Tags are of no use here, but fauxqs keeps them.
    if (own === undefined && !/^(Tag|Untag|ListTags)/.test(action)) {
      throw new SnsRefusal('InvalidAction', `the local run does not know the SNS action ${action}`);
    }
    return { status: 200, xml: await (own ?? toQueues)(parameters) };
  } catch (error) {
    if (error instanceof SnsRefusal) return { status: error.status, xml: snsFault(error.code, error.message) };
    return { status: 500, xml: snsFault('InternalError', (error as Error).message, 'Receiver') };
  }
}

async function askFauxqs(endpoint: string, parameters: Parameters): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/sns/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams([...parameters]).toString(),
  });
  const answer = await response.text();
  if (response.ok) return answer;
  const code = /<Code>([^<]*)</.exec(answer)?.[1] ?? 'InternalError';
  throw new SnsRefusal(code, /<Message>([^<]*)</.exec(answer)?.[1] ?? answer, response.status);
}
