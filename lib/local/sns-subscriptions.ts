import { account } from './resolve.ts';
import { existingTopic, type Parameters, type SnsActions, type SnsContext, timeOf } from './sns-context.ts';
import { deadLetterTarget } from './sns-https.ts';
import { checkEndpoint, SnsRefusal } from './sns-rules.ts';
import type { Subscription } from './sns-state.ts';
import { attributeEntries, escapeXml, mapParameter, snsAnswer } from './sns-wire.ts';

const subscriptionsAPage = 100;
/** The protocols whose messages go to the outbox; queues are fauxqs's. */
const person = ['email', 'sms', 'https'];

export function subscriptionActions(context: SnsContext): SnsActions {
  const { state, outbox, pageUrl, nowMs, toQueues } = context;

  const askToConfirm = (subscription: Subscription): void => {
    const token = state.newToken(subscription, nowMs());
    const { topicArn, endpoint, protocol } = subscription;
    const name = state.topics().get(topicArn)?.DisplayName ?? topicArn.split(':').at(-1);
    const link = `${pageUrl}/confirmation.html?${new URLSearchParams({ TopicArn: topicArn, Token: token, Endpoint: endpoint })}`;
    outbox.add({
      at: timeOf(context),
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

  const subscribe = async (parameters: Parameters): Promise<string> => {
    const topicArn = existingTopic(state, parameters.get('TopicArn'));
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
    const attributes = mapParameter(parameters, 'Attributes.entry', 'key', 'value');
    for (const [name, value] of Object.entries(attributes)) checkSubscriptionAttribute(name, value);
    const wanted = { topicArn, protocol: protocol as Subscription['protocol'], endpoint, attributes };
    const subscription = state.subscribe(wanted);
    if (Object.entries(attributes).some(([name, value]) => subscription.attributes[name] !== value)) {
      throw new SnsRefusal(
        'InvalidParameter',
        'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
      );
    }
    if (!subscription.confirmed) askToConfirm(subscription);
    const tellArn = subscription.confirmed || parameters.get('ReturnSubscriptionArn') === 'true';
    return snsAnswer(
      'Subscribe',
      `<SubscriptionArn>${tellArn ? subscription.arn : 'pending confirmation'}</SubscriptionArn>`,
    );
  };

  const ours = (parameters: Parameters): Subscription | undefined =>
    state.subscription(parameters.get('SubscriptionArn') ?? '');

  return {
    Subscribe: subscribe,
    ConfirmSubscription: (parameters) => {
      const arn = existingTopic(state, parameters.get('TopicArn'));
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
      const arn = existingTopic(state, parameters.get('TopicArn'));
      const queues = /<Subscriptions>([\s\S]*)<\/Subscriptions>/.exec(await toQueues(parameters))?.[1] ?? '';
      return snsAnswer(
        'ListSubscriptionsByTopic',
        `<Subscriptions>${state.ofTopic(arn).map(member).join('')}${queues}</Subscriptions>`,
      );
    },
    ListSubscriptions: async (parameters) => {
      const queues = /<Subscriptions>([\s\S]*)<\/Subscriptions>/.exec(await toQueues(parameters))?.[1] ?? '';
      const all = [...state.topics().keys()].flatMap((arn) => state.ofTopic(arn));
      const from = Number(parameters.get('NextToken') ?? 0);
      const page = all
        .slice(from, from + subscriptionsAPage)
        .map(member)
        .join('');
      const isLast = from + subscriptionsAPage >= all.length;
      const next = isLast ? '' : `<NextToken>${from + subscriptionsAPage}</NextToken>`;
      return snsAnswer('ListSubscriptions', `<Subscriptions>${page}${isLast ? queues : ''}</Subscriptions>${next}`);
    },
    GetSubscriptionAttributes: (parameters) => {
      const subscription = ours(parameters);
      if (subscription === undefined) return toQueues(parameters);
      const { arn, topicArn, protocol, endpoint, confirmed, authenticated, attributes } = subscription;
      return snsAnswer(
        'GetSubscriptionAttributes',
        attributeEntries({
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
      const [name, value] = [parameters.get('AttributeName') ?? '', parameters.get('AttributeValue') ?? ''];
      checkSubscriptionAttribute(name, value);
      state.setAttribute(subscription, name, value);
      return snsAnswer('SetSubscriptionAttributes', '');
    },
  };
}

function checkSubscriptionAttribute(name: string, value: string): void {
  if (name !== 'RedrivePolicy' || deadLetterTarget(value) !== null) return;
  throw new SnsRefusal('InvalidParameter', 'Invalid parameter: RedrivePolicy: deadLetterTargetArn is no queue’s ARN');
}

function member(subscription: Subscription): string {
  const { arn, topicArn, protocol, endpoint, confirmed } = subscription;
  return `<member><SubscriptionArn>${confirmed ? arn : 'PendingConfirmation'}</SubscriptionArn><TopicArn>${topicArn}</TopicArn><Protocol>${protocol}</Protocol><Endpoint>${escapeXml(endpoint)}</Endpoint><Owner>${account}</Owner></member>`;
}
