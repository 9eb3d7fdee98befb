import { randomBytes, randomUUID } from 'node:crypto';
import { readJsonOr, writeJson } from './json-file.ts';
import { localSmsAccount, type SmsAccount } from './sns-sms.ts';

/** A subscription that a person has to confirm; those of queues are fauxqs's. */
export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: 'email' | 'sms' | 'https';
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly confirmed: boolean;
  /** Confirmed with AuthenticateOnUnsubscribe: the link in a message does not end it. */
  readonly authenticated: boolean;
  readonly tokens: readonly { readonly token: string; readonly expiresMs: number }[];
};

type Stored = {
  readonly topics: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly subscriptions: readonly Subscription[];
  readonly sms?: SmsAccount;
};

export type SnsState = ReturnType<typeof openSnsState>;

const tokenLastsMs = 48 * 3600 * 1000;

/**
 * Topics with their attributes, and subscriptions with their addresses. It is written straight to the data directory,
 * so it is never older than the rows that name a topic.
 */
export function openSnsState(file: string) {
  const stored = readJsonOr<Stored>(file, { topics: {}, subscriptions: [] });
  const topics = new Map(Object.entries(stored.topics));
  const subscriptions = new Map(stored.subscriptions.map((each) => [each.arn, each]));
  let sms = stored.sms ?? localSmsAccount;
  const save = () =>
    writeJson(file, {
      topics: Object.fromEntries(topics),
      subscriptions: [...subscriptions.values()],
      ...(sms === localSmsAccount ? {} : { sms }),
    } satisfies Stored);
  const put = (subscription: Subscription): Subscription => {
    subscriptions.set(subscription.arn, subscription);
    save();
    return subscription;
  };
  const ofTopic = (topicArn: string) => [...subscriptions.values()].filter((each) => each.topicArn === topicArn);

  return {
    smsAccount: (): SmsAccount => sms,
    setSmsAccount: (change: Partial<SmsAccount>) => {
      sms = { ...sms, ...change };
      save();
    },
    topics: (): ReadonlyMap<string, Readonly<Record<string, string>>> => topics,
    setTopic: (arn: string, attributes: Readonly<Record<string, string>>) => {
      const known = topics.get(arn);
      if (known !== undefined && Object.entries(attributes).every(([name, value]) => known[name] === value)) return;
      topics.set(arn, { ...known, ...attributes });
      save();
    },
    deleteTopic: (arn: string) => {
      if (!topics.delete(arn)) return;
      for (const each of ofTopic(arn)) subscriptions.delete(each.arn);
      save();
    },
    subscription: (arn: string): Subscription | undefined => subscriptions.get(arn),
    ofTopic,
    /** The subscription of this address, made where there is none. */
    subscribe: (wanted: Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint' | 'attributes'>): Subscription => {
      const same = ofTopic(wanted.topicArn).find(
        (each) => each.protocol === wanted.protocol && each.endpoint === wanted.endpoint,
      );
      return (
        same ??
        put({
          ...wanted,
          arn: `${wanted.topicArn}:${randomUUID()}`,
          // A text message costs no consent: SNS sends it at once.
          confirmed: wanted.protocol === 'sms',
          authenticated: wanted.protocol === 'sms',
          tokens: [],
        })
      );
    },
    newToken: (subscription: Subscription, nowMs: number): string => {
      const token = randomBytes(64).toString('hex');
      const valid = subscription.tokens.filter(({ expiresMs }) => expiresMs > nowMs);
      put({ ...subscription, tokens: [...valid, { token, expiresMs: nowMs + tokenLastsMs }] });
      return token;
    },
    /** Undefined where no subscription of the topic waits for this token, or it has run out. */
    confirm: (topicArn: string, token: string, authenticated: boolean, nowMs: number): Subscription | undefined => {
      const found = ofTopic(topicArn).find((each) =>
        each.tokens.some((known) => known.token === token && known.expiresMs > nowMs),
      );
      return found && put({ ...found, confirmed: true, authenticated: found.authenticated || authenticated });
    },
    isPending: (topicArn: string, token: string, nowMs: number): boolean =>
      ofTopic(topicArn).some(
        (each) => !each.confirmed && each.tokens.some((known) => known.token === token && known.expiresMs > nowMs),
      ),
    setAttribute: (subscription: Subscription, name: string, value: string) =>
      put({ ...subscription, attributes: { ...subscription.attributes, [name]: value } }),
    unsubscribe: (arn: string) => {
      subscriptions.delete(arn);
      save();
    },
  };
}
