import { randomBytes } from 'node:crypto';
import { readAddress } from '../core/subscriber/read-address.ts';
import { type Channel, defaultPreferences, type Subscriber } from '../core/subscriber/subscriber.ts';
import { knownSubscriber, type PreferenceDeps, preferencesFrom } from './preferences.ts';
import { RefusedRequest } from './refused-request.ts';

/** SNS as subscriptions need it: it alone knows the addresses. */
export type SubscriberTopics = {
  /** Returns the topic's ARN; the same one where the topic is there already. */
  create(id: string, displayName: string): Promise<string>;
  /** Returns the subscription's ARN, or null while SNS waits for a confirmation, for which it asks (again). */
  subscribe(topicArn: string, channel: Channel, address: string): Promise<string | null>;
  confirm(topicArn: string, token: string): Promise<string>;
  status(topicArn: string): Promise<TopicStatus>;
  /** The same for every topic of ours that has a subscription, by the topic's ARN; a topic without one is not there. */
  statuses(): Promise<ReadonlyMap<string, TopicStatus>>;
  remove(topicArn: string): Promise<void>;
  /** Whether a subscription was confirmed in our name, so that nobody ends it by its link alone. */
  isProtected(subscriptionArn: string): Promise<boolean>;
  /** Whether the holder of a number has answered STOP; nothing can be sent to it then. */
  isOptedOut(number: string): Promise<boolean>;
};

export type TopicStatus = {
  readonly state: SubscriptionState;
  readonly address: string | null;
  readonly subscriptionArn: string | null;
};

export type SubscriptionState = 'pending' | 'confirmed' | 'lost';

export type SubscribeDeps = PreferenceDeps & { readonly topics: SubscriberTopics };

export type SubscribeRequest = {
  readonly channel: Channel;
  readonly address: string;
  /** How the holder of a number agreed to SMS; null for the other channels. */
  readonly consent: string | null;
  /** What they want, as `readPreferences` takes it; `follow` must be named. */
  readonly preferences: Readonly<Record<string, unknown>>;
};

export async function subscribe(request: SubscribeRequest, deps: SubscribeDeps): Promise<Subscriber> {
  const address = checkedAddress(request.channel, request.address);
  const consent = checkedConsent(request, address, deps.now());
  const before = { ...defaultPreferences, follow: [], channel: request.channel };
  const preferences = preferencesFrom({ follow: [], ...request.preferences }, before, deps);
  await refuseOptedOut(request.channel, address, deps);
  await refuseTwice(request.channel, address, deps);
  const id = randomBytes(6).toString('hex');
  const topicArn = await deps.topics.create(id, 'Wirewatch');
  const { channel } = request;
  const created = deps.now().toISOString();
  const unconfirmed = { subscriptionArn: null, confirmed: null };
  const subscriber: Subscriber = { ...preferences, id, channel, topicArn, ...unconfirmed, created, consent };
  // The row first: a topic without a row could not be found again to be removed.
  await deps.subscribers.put(subscriber);
  try {
    const subscriptionArn = await deps.topics.subscribe(topicArn, channel, address);
    if (subscriptionArn === null) return subscriber;
    const confirmed = { ...subscriber, subscriptionArn, confirmed: created };
    await deps.subscribers.put(confirmed);
    return confirmed;
  } catch (error) {
    await deps.topics.remove(topicArn);
    await deps.subscribers.remove(id);
    throw asRefusal(error, 'address', `"${address}"`);
  }
}

/**
 * Confirms by the link that SNS sent, pasted whole, so that only the account's owner can end the subscription. It does so
 * too where somebody has followed the link before.
 */
export async function confirm(link: string, deps: SubscribeDeps): Promise<Subscriber> {
  const { topicArn, token } = readConfirmationLink(link);
  const subscriber = (await deps.subscribers.list()).find((known) => known.topicArn === topicArn);
  if (subscriber === undefined) {
    throw new RefusedRequest('link', `no subscriber has the topic ${topicArn}; paste the link from the latest message`);
  }
  try {
    const subscriptionArn = await deps.topics.confirm(topicArn, token);
    // Who had followed the link before is merely protected now.
    const since = subscriber.subscriptionArn === null ? deps.now().toISOString() : subscriber.confirmed;
    const confirmed = { ...subscriber, subscriptionArn, confirmed: since };
    await deps.subscribers.put(confirmed);
    return confirmed;
  } catch (error) {
    throw asRefusal(error, 'link', 'the link; it may be older than two days: subscribe again for a new one');
  }
}

/** Removes the topic, and with it the address, then the row. */
export async function unsubscribe(id: string, deps: SubscribeDeps): Promise<Subscriber> {
  const subscriber = await knownSubscriber(id, deps);
  await deps.topics.remove(subscriber.topicArn);
  await deps.subscribers.remove(id);
  return subscriber;
}

export type ListedSubscriber = Subscriber & { readonly state: SubscriptionState; readonly address: string | null };

/**
 * Every subscriber with what SNS knows of it: whether it is confirmed, and the address. SNS tells of a hundred at a time,
 * where it would answer thirty questions a second on single topics.
 */
export async function listSubscribers(
  deps: Pick<SubscribeDeps, 'subscribers' | 'topics'>,
): Promise<readonly ListedSubscriber[]> {
  const [subscribers, statuses] = await Promise.all([deps.subscribers.list(), deps.topics.statuses()]);
  return subscribers.map((subscriber) => {
    const { state, address } = statuses.get(subscriber.topicArn) ?? { state: 'lost' as const, address: null };
    return { ...subscriber, state, address };
  });
}

function checkedAddress(channel: Channel, text: string): string {
  const read = readAddress(channel, text);
  if ('value' in read) return read.value;
  throw new RefusedRequest('address', read.refused.sentence);
}

const longestConsent = 300;

function checkedConsent({ channel, consent }: SubscribeRequest, address: string, now: Date): Subscriber['consent'] {
  const how = consent?.trim() ?? '';
  if (channel !== 'sms') {
    if (how === '') return null;
    throw new RefusedRequest('consent', `consent is recorded for SMS; ${channel} asks for a confirmation itself`);
  }
  if (how === '') {
    throw new RefusedRequest(
      'consent',
      'an SMS needs the consent of the number’s holder, for SNS asks for none; say how they gave it: --consent "form of 2026-11-20"',
    );
  }
  if (how.length > longestConsent) {
    throw new RefusedRequest(
      'consent',
      `the consent has ${how.length} characters; say it in ${longestConsent} at most`,
    );
  }
  if (how.includes('@') || how.replace(/\D/g, '').includes(address.slice(-6))) {
    throw new RefusedRequest('consent', 'the consent holds an address; leave it out, for SNS alone keeps addresses');
  }
  return { at: now.toISOString(), how };
}

async function refuseOptedOut(channel: Channel, address: string, { topics }: SubscribeDeps): Promise<void> {
  if (channel !== 'sms' || !(await topics.isOptedOut(address))) return;
  throw new RefusedRequest(
    'address',
    `the holder of "${address}" has answered STOP, so no SMS reaches it; they can answer START, or opt it in once in 30 days in the SNS console`,
  );
}

/** One address has one subscriber: two would be told everything twice. */
async function refuseTwice(channel: Channel, address: string, deps: SubscribeDeps): Promise<void> {
  const same = (await listSubscribers(deps)).find(
    (known) => known.channel === channel && known.address?.toLowerCase() === address.toLowerCase(),
  );
  if (same === undefined) return;
  const change = `change it by "wirewatch subscribers set ${same.id}", or "wirewatch unsubscribe ${same.id}" first`;
  if (same.state !== 'pending') {
    throw new RefusedRequest('address', `"${address}" is subscribed already, as ${same.id}; ${change}`);
  }
  await deps.topics.subscribe(same.topicArn, channel, address);
  throw new RefusedRequest(
    'address',
    `"${address}" is subscribed already, as ${same.id}, and has yet to confirm: SNS asks it again now; ${change}`,
  );
}

function readConfirmationLink(link: string): { topicArn: string; token: string } {
  const params = URL.canParse(link.trim()) ? new URL(link.trim()).searchParams : new URLSearchParams();
  const topicArn = params.get('TopicArn');
  const token = params.get('Token');
  if (topicArn === null || token === null) {
    throw new RefusedRequest(
      'link',
      `"${link.slice(0, 80)}" is not a confirmation link; paste the whole address from the message`,
    );
  }
  return { topicArn, token };
}

/** SNS has rules of its own on addresses and tokens; what it refuses is the request's fault, not ours. */
function asRefusal(error: unknown, field: string, what: string): unknown {
  if (error instanceof Error && error.name.startsWith('InvalidParameter')) {
    return new RefusedRequest(field, `SNS refuses ${what}: ${error.message}`);
  }
  return error;
}
