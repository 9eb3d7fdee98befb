import {
  CheckIfPhoneNumberIsOptedOutCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  type SNSClient,
  type Subscription as SnsSubscription,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { TopicRenewal } from '../pipeline/renew-topics.ts';
import type { SubscriberTopics, TopicStatus } from '../pipeline/subscribe.ts';

const lost: TopicStatus = { state: 'lost', address: null, subscriptionArn: null };

/** What topics and subscriptions are made with; an empty ARN leaves it out. */
export type TopicsMade = {
  /** The key that encrypts topics. */
  readonly keyArn?: string;
  /** The queue for what an HTTPS endpoint keeps refusing. */
  readonly lostAlertsArn?: string;
};

/** The topics of subscribers, one each, under the stack's own prefix. */
export function snsTopics(
  client: SNSClient,
  prefix: string,
  { keyArn = '', lostAlertsArn = '' }: TopicsMade = {},
): SubscriberTopics &
  TopicRenewal & { /** Removes every topic under the prefix; says how many. */ removeAll(): Promise<number> } {
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: lostAlertsArn }) };
  return {
    shape: `${keyArn} ${lostAlertsArn}`,
    async renew({ topicArn, channel, subscriptionArn }) {
      try {
        const key = { AttributeName: 'KmsMasterKeyId', AttributeValue: keyArn };
        await client.send(new SetTopicAttributesCommand({ TopicArn: topicArn, ...key }));
        if (channel !== 'https' || subscriptionArn === null) return;
        const lost = { AttributeName: 'RedrivePolicy', AttributeValue: redrive.RedrivePolicy };
        await client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn, ...lost }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
    async create(id, displayName) {
      const answer = await client.send(
        new CreateTopicCommand({
          Name: `${prefix}${id}`,
          Attributes: { DisplayName: displayName, ...(keyArn === '' ? {} : { KmsMasterKeyId: keyArn }) },
        }),
      );
      return answer.TopicArn ?? '';
    },
    async subscribe(topicArn, channel, address) {
      const subscription = { TopicArn: topicArn, Protocol: channel, Endpoint: address };
      const attributes = channel === 'https' && lostAlertsArn !== '' ? { Attributes: redrive } : {};
      const answer = await client.send(new SubscribeCommand({ ...subscription, ...attributes })).catch((error) => {
        // One that waits for its confirmation since an earlier version; it is asked again as it is.
        if (!/different attributes/.test(String(error))) throw error;
        return client.send(new SubscribeCommand(subscription));
      });
      // SNS answers "pending confirmation" where an ARN is not there yet.
      return answer.SubscriptionArn?.startsWith('arn:') === true ? answer.SubscriptionArn : null;
    },
    async confirm(topicArn, token) {
      const answer = await client.send(
        // Without this, whoever (or whatever mail scanner) opens the unsubscribe link removes the reader.
        new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }),
      );
      return answer.SubscriptionArn ?? '';
    },
    async status(topicArn) {
      try {
        const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
        return Subscriptions?.filter(isThere).map(statusOf)[0] ?? lost;
      } catch (error) {
        if (isNotFound(error)) return lost;
        throw error;
      }
    },
    async statuses() {
      const found = new Map<string, TopicStatus>();
      let token: string | undefined;
      do {
        const page = await client.send(new ListSubscriptionsCommand({ NextToken: token }));
        for (const subscription of page.Subscriptions ?? []) {
          const arn = subscription.TopicArn ?? '';
          if (arn.split(':').at(-1)?.startsWith(prefix) === true && isThere(subscription) && !found.has(arn))
            found.set(arn, statusOf(subscription));
        }
        token = page.NextToken;
      } while (token !== undefined);
      return found;
    },
    async isProtected(subscriptionArn) {
      const { Attributes } = await client.send(
        new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }),
      );
      return Attributes?.ConfirmationWasAuthenticated === 'true';
    },
    async isOptedOut(number) {
      const { isOptedOut } = await client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: number }));
      return isOptedOut === true;
    },
    async remove(topicArn) {
      await client.send(new DeleteTopicCommand({ TopicArn: topicArn }));
    },
    async removeAll() {
      const ours: string[] = [];
      let token: string | undefined;
      // All are listed before the first is deleted: a page's token may count what is no longer there.
      do {
        const page = await client.send(new ListTopicsCommand({ NextToken: token }));
        for (const { TopicArn: arn } of page.Topics ?? []) {
          if (arn?.split(':').at(-1)?.startsWith(prefix) === true) ours.push(arn);
        }
        token = page.NextToken;
      } while (token !== undefined);
      for (const arn of ours) await client.send(new DeleteTopicCommand({ TopicArn: arn }));
      return ours.length;
    },
  };
}

/** Whether anything that is published to a topic reaches somebody: one confirmed subscription at least, of the first hundred. */
export async function isHeard(client: SNSClient, topicArn: string): Promise<boolean> {
  const { Subscriptions = [] } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  return Subscriptions.filter(isThere).some((one) => statusOf(one).state === 'confirmed');
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('NotFound');
}

/** One that was ended stays in the list for some days. */
function isThere({ SubscriptionArn }: SnsSubscription): boolean {
  return SubscriptionArn !== 'Deleted';
}

function statusOf({ SubscriptionArn, Endpoint }: SnsSubscription): TopicStatus {
  const arn = SubscriptionArn?.startsWith('arn:') === true ? SubscriptionArn : null;
  return { state: arn === null ? 'pending' : 'confirmed', address: Endpoint ?? null, subscriptionArn: arn };
}
