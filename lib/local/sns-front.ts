import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback, readBody, refusesStrangers } from './loopback.ts';
import type { Outbox } from './outbox.ts';
import { account, region } from './resolve.ts';
import {
  checkEndpoint,
  checkMessage,
  checkSubject,
  checkTopicAttribute,
  checkTopicName,
  messageFor,
  SnsRefusal,
} from './sns-rules.ts';
import type { SnsState, Subscription } from './sns-state.ts';
import { escapeXml, listParameter, mapParameter, snsAnswer, snsFault } from './sns-wire.ts';

type Parameters = ReadonlyMap<string, string>;

export type SnsFront = {
  readonly endpoint: string;
  createTopic(name: string, attributes: Readonly<Record<string, string>>): Promise<string>;
  confirm(topicArn: string, token: string): { readonly confirmed: boolean };
  /** The token would confirm a subscription that nobody has confirmed yet. */
  isPending(topicArn: string, token: string): boolean;
  isSubscribed(topicArn: string, protocol: string, endpoint: string): boolean;
  close(): Promise<void>;
};

type Parts = {
  readonly state: SnsState;
  readonly outbox: Outbox;
  /** Where fauxqs answers: it carries messages to queues. */
  readonly queuesEndpoint: string;
  /** Where the page answers; a confirmation's link leads there. */
  readonly pageUrl: string;
  readonly nowMs: () => number;
};

const person = ['email', 'sms', 'https'];

/** SNS as the functions see it: its rules, subscriptions that wait for their confirmation, and an outbox for the post. */
export async function startSnsFront({ state, outbox, queuesEndpoint, pageUrl, nowMs }: Parts): Promise<SnsFront> {
  const at = () => new Date(nowMs()).toISOString();

  /** fauxqs's answer to the same request. */
  const toQueues = async (parameters: Parameters): Promise<string> => {
    const response = await fetch(queuesEndpoint, {
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
  };

  const existing = (arn: string | undefined): string => {
    if (arn === undefined || !state.topics().has(arn)) throw new SnsRefusal('NotFound', 'Topic does not exist', 404);
    return arn;
  };

  const askToConfirm = (subscription: Subscription): void => {
    const token = state.newToken(subscription, nowMs());
    const { topicArn, endpoint, protocol } = subscription;
    const name = state.topics().get(topicArn)?.DisplayName ?? topicArn.split(':').at(-1);
    const link = `${pageUrl}/confirmation.html?${new URLSearchParams({ TopicArn: topicArn, Token: token, Endpoint: endpoint })}`;
    outbox.add({
      at: at(),
      channel: protocol,
      to: endpoint,
      kind: 'confirmation',
      subject: 'AWS Notification - Subscription Confirmation',
      body: [
        `You have chosen to subscribe to the topic: ${topicArn} (${name})`,
        '',
        'To confirm this subscription, click or visit the link below (If this was in error no action is necessary):',
        link,
        '',
      ].join('\n'),
      topicArn,
      token,
    });
  };

  const createTopic = async (name: string, attributes: Readonly<Record<string, string>>): Promise<string> => {
    checkTopicName(name);
    for (const [key, value] of Object.entries(attributes)) checkTopicAttribute(key, value);
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    await toQueues(
      new Map([
        ['Action', 'CreateTopic'],
        ['Version', '2010-03-31'],
        ['Name', name],
      ]),
    );
    state.setTopic(arn, attributes);
    return arn;
  };

  const publish = async (parameters: Parameters): Promise<string> => {
    const topicArn = existing(parameters.get('TopicArn') ?? parameters.get('TargetArn'));
    const [message, subject] = [parameters.get('Message'), parameters.get('Subject')];
    checkSubject(subject);
    checkMessage(message, attributeBytes(parameters));
    const structure = parameters.get('MessageStructure');
    const confirmed = state.ofTopic(topicArn).filter((each) => each.confirmed);
    const texts = confirmed.map(({ protocol }) => messageFor(protocol, message, structure));
    const toQueue = messageFor('sqs', message, structure);
    const answer = await toQueues(new Map([...parameters, ['TopicArn', topicArn], ['Message', toQueue]]));
    for (const [index, { protocol, endpoint }] of confirmed.entries()) {
      outbox.add({
        at: at(),
        channel: protocol,
        to: endpoint,
        kind: 'message',
        subject: protocol === 'sms' ? null : (subject ?? 'AWS Notification Message'),
        body: texts[index] as string,
        topicArn,
        token: null,
      });
    }
    return answer;
  };

  const subscribe = async (parameters: Parameters): Promise<string> => {
    const topicArn = existing(parameters.get('TopicArn'));
    const protocol = parameters.get('Protocol') ?? '';
    if (protocol === 'sqs') return toQueues(parameters);
    if (!person.includes(protocol)) {
      throw new SnsRefusal(
        'InvalidParameter',
        `Invalid parameter: the local run does not know the protocol ${protocol}`,
      );
    }
    const endpoint = parameters.get('Endpoint') ?? '';
    checkEndpoint(protocol, endpoint);
    const subscription = state.subscribe({
      topicArn,
      protocol: protocol as Subscription['protocol'],
      endpoint,
      attributes: mapParameter(parameters, 'Attributes.entry', 'key', 'value'),
    });
    if (!subscription.confirmed) askToConfirm(subscription);
    const tellArn = subscription.confirmed || parameters.get('ReturnSubscriptionArn') === 'true';
    return snsAnswer(
      'Subscribe',
      `<SubscriptionArn>${tellArn ? subscription.arn : 'pending confirmation'}</SubscriptionArn>`,
    );
  };

  const ours = (parameters: Parameters): Subscription | undefined =>
    state.subscription(parameters.get('SubscriptionArn') ?? '');

  const answers: Readonly<Record<string, (parameters: Parameters) => Promise<string> | string>> = {
    CreateTopic: async (parameters) => {
      const arn = await createTopic(
        parameters.get('Name') ?? '',
        mapParameter(parameters, 'Attributes.entry', 'key', 'value'),
      );
      return snsAnswer('CreateTopic', `<TopicArn>${arn}</TopicArn>`);
    },
    // Deleting what is not there is fine, as with SNS.
    DeleteTopic: async (parameters) => {
      state.deleteTopic(parameters.get('TopicArn') ?? '');
      await toQueues(parameters).catch(() => {});
      return snsAnswer('DeleteTopic', '');
    },
    ListTopics: (parameters) => {
      const page = 100;
      const from = Number(parameters.get('NextToken') ?? 0);
      const arns = [...state.topics().keys()].sort();
      const members = arns.slice(from, from + page).map((arn) => `<member><TopicArn>${arn}</TopicArn></member>`);
      const next = from + page < arns.length ? `<NextToken>${from + page}</NextToken>` : '';
      return snsAnswer('ListTopics', `<Topics>${members.join('')}</Topics>${next}`);
    },
    GetTopicAttributes: (parameters) => {
      const arn = existing(parameters.get('TopicArn'));
      const own = state.ofTopic(arn);
      return snsAnswer(
        'GetTopicAttributes',
        entries({
          TopicArn: arn,
          Owner: account,
          DisplayName: '',
          SubscriptionsConfirmed: String(own.filter((each) => each.confirmed).length),
          SubscriptionsPending: String(own.filter((each) => !each.confirmed).length),
          ...state.topics().get(arn),
        }),
      );
    },
    SetTopicAttributes: (parameters) => {
      const arn = existing(parameters.get('TopicArn'));
      const [name, value] = [parameters.get('AttributeName') ?? '', parameters.get('AttributeValue') ?? ''];
      checkTopicAttribute(name, value);
      state.setTopic(arn, { [name]: value });
      return snsAnswer('SetTopicAttributes', '');
    },
    Subscribe: subscribe,
    ConfirmSubscription: (parameters) => {
      const arn = existing(parameters.get('TopicArn'));
      const authenticated = parameters.get('AuthenticateOnUnsubscribe')?.toLowerCase() === 'true';
      const confirmed = state.confirm(arn, parameters.get('Token') ?? '', authenticated, nowMs());
      if (confirmed === undefined) throw new SnsRefusal('InvalidParameter', 'Invalid parameter: Token');
      return snsAnswer('ConfirmSubscription', `<SubscriptionArn>${confirmed.arn}</SubscriptionArn>`);
    },
    Unsubscribe: (parameters) => {
      const subscription = ours(parameters);
      if (subscription === undefined) return toQueues(parameters);
      if (!subscription.confirmed) {
        throw new SnsRefusal(
          'InvalidParameter',
          'Invalid parameter: SubscriptionArn Reason: it is pending confirmation',
        );
      }
      state.unsubscribe(subscription.arn);
      return snsAnswer('Unsubscribe', '');
    },
    ListSubscriptionsByTopic: async (parameters) => {
      const arn = existing(parameters.get('TopicArn'));
      const queues = /<Subscriptions>([\s\S]*)<\/Subscriptions>/.exec(await toQueues(parameters))?.[1] ?? '';
      return snsAnswer(
        'ListSubscriptionsByTopic',
        `<Subscriptions>${state.ofTopic(arn).map(member).join('')}${queues}</Subscriptions>`,
      );
    },
    ListSubscriptions: async (parameters) => {
      const queues = /<Subscriptions>([\s\S]*)<\/Subscriptions>/.exec(await toQueues(parameters))?.[1] ?? '';
      const all = [...state.topics().keys()].flatMap((arn) => state.ofTopic(arn));
      return snsAnswer('ListSubscriptions', `<Subscriptions>${all.map(member).join('')}${queues}</Subscriptions>`);
    },
    GetSubscriptionAttributes: (parameters) => {
      const subscription = ours(parameters);
      if (subscription === undefined) return toQueues(parameters);
      const { arn, topicArn, protocol, endpoint, confirmed, authenticated, attributes } = subscription;
      return snsAnswer(
        'GetSubscriptionAttributes',
        entries({
          ...attributes,
          SubscriptionArn: arn,
          TopicArn: topicArn,
          Protocol: protocol,
          Endpoint: endpoint,
          Owner: account,
          PendingConfirmation: String(!confirmed),
          ConfirmationWasAuthenticated: String(authenticated),
        }),
      );
    },
    SetSubscriptionAttributes: (parameters) => {
      const subscription = ours(parameters);
      if (subscription === undefined) return toQueues(parameters);
      state.setAttribute(subscription, parameters.get('AttributeName') ?? '', parameters.get('AttributeValue') ?? '');
      return snsAnswer('SetSubscriptionAttributes', '');
    },
    Publish: publish,
    PublishBatch: async (parameters) => {
      const topicArn = existing(parameters.get('TopicArn'));
      const outcomes = await Promise.all(
        listParameter(parameters, 'PublishBatchRequestEntries.member').map(async (entry) => {
          const id = `<Id>${escapeXml(entry.get('Id') ?? '')}</Id>`;
          try {
            const answer = await publish(new Map([...entry, ['Action', 'Publish'], ['TopicArn', topicArn]]));
            return { ok: `<member>${id}${/<MessageId>[^<]*<\/MessageId>/.exec(answer)?.[0]}</member>`, failed: '' };
          } catch (error) {
            if (!(error instanceof SnsRefusal)) throw error;
            const why = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
            return { ok: '', failed: `<member>${id}${why}<SenderFault>true</SenderFault></member>` };
          }
        }),
      );
      const joined = (part: 'ok' | 'failed') => outcomes.map((each) => each[part]).join('');
      return snsAnswer('PublishBatch', `<Successful>${joined('ok')}</Successful><Failed>${joined('failed')}</Failed>`);
    },
  };

  const reply = async (request: IncomingMessage): Promise<{ status: number; xml: string }> => {
    try {
      const parameters = new Map(new URLSearchParams((await readBody(request)).toString('utf8')));
      const action = parameters.get('Action') ?? '';
      const own = answers[action];
      // Tags are of no use here, but fauxqs keeps them.
      if (own === undefined && !/^(Tag|Untag|ListTags)/.test(action)) {
        throw new SnsRefusal('InvalidAction', `the local run does not know the SNS action ${action}`);
      }
      return { status: 200, xml: await (own ?? toQueues)(parameters) };
    } catch (error) {
      if (error instanceof SnsRefusal) return { status: error.status, xml: snsFault(error.code, error.message) };
      return { status: 500, xml: snsFault('InternalError', (error as Error).message, 'Receiver') };
    }
  };

  // fauxqs's copy may be older, from a backup.
  for (const [arn] of state.topics()) await createTopic(arn.split(':').at(-1) as string, {});

  const server = createServer(async (request, response) => {
    if (refusesStrangers(request, response)) return;
    const { status, xml } = await reply(request);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  const { url, close } = await listenOnLoopback(server, 0);
  return {
    endpoint: url,
    createTopic,
    // A person who clicks the link, not the API: SNS counts that as not authenticated.
    confirm: (topicArn, token) => ({ confirmed: state.confirm(topicArn, token, false, nowMs()) !== undefined }),
    isPending: (topicArn, token) => state.isPending(topicArn, token, nowMs()),
    isSubscribed: (topicArn, protocol, endpoint) =>
      state.ofTopic(topicArn).some((each) => each.protocol === protocol && each.endpoint === endpoint),
    close,
  };
}

function member(subscription: Subscription): string {
  const { arn, topicArn, protocol, endpoint, confirmed } = subscription;
  return `<member><SubscriptionArn>${confirmed ? arn : 'PendingConfirmation'}</SubscriptionArn><TopicArn>${topicArn}</TopicArn><Protocol>${protocol}</Protocol><Endpoint>${escapeXml(endpoint)}</Endpoint><Owner>${account}</Owner></member>`;
}

function entries(attributes: Readonly<Record<string, string>>): string {
  const each = Object.entries(attributes).map(
    ([key, value]) => `<entry><key>${escapeXml(key)}</key><value>${escapeXml(value)}</value></entry>`,
  );
  return `<Attributes>${each.join('')}</Attributes>`;
}

function attributeBytes(parameters: Parameters): number {
  let bytes = 0;
  for (const [name, value] of parameters) {
    if (/^MessageAttributes\.entry\.\d+\.(Name|Value\.)/.test(name)) bytes += Buffer.byteLength(value);
  }
  return bytes;
}
