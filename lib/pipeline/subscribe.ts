import { randomBytes } from 'node:crypto';
import { nearest } from '../core/config/nearest.ts';
import { type Channel, defaultPreferences, type Subscriber } from '../core/subscriber/subscriber.ts';
import type { Priority } from '../core/watchlist/matched.ts';
import type { LiveMatcher } from './live-matcher.ts';
import type { SubscriberStore } from './ports.ts';
import { RefusedRequest } from './refused-request.ts';

/** SNS as subscriptions need it: it alone knows the addresses. */
export type SubscriberTopics = {
  /** Returns the topic's ARN; the same one where the topic is there already. */
  create(id: string, displayName: string): Promise<string>;
  /** Returns the subscription's ARN, or null while SNS waits for a confirmation. */
  subscribe(topicArn: string, channel: Channel, address: string): Promise<string | null>;
  confirm(topicArn: string, token: string): Promise<string>;
  status(topicArn: string): Promise<{ readonly state: SubscriptionState; readonly address: string | null }>;
  remove(topicArn: string): Promise<void>;
};

export type SubscriptionState = 'pending' | 'confirmed' | 'lost';

export type SubscribeDeps = {
  readonly subscribers: SubscriberStore;
  readonly topics: SubscriberTopics;
  readonly matcher: LiveMatcher | null;
  readonly now: () => Date;
};

export type SubscribeRequest = {
  readonly channel: Channel;
  readonly address: string;
  readonly follow: readonly string[];
  readonly leastPriority: Priority;
  readonly timeZone: string;
};

export async function subscribe(request: SubscribeRequest, deps: SubscribeDeps): Promise<Subscriber> {
  checkAddress(request.channel, request.address);
  checkFollow(request.follow, deps.matcher);
  checkTimeZone(request.timeZone);
  const id = randomBytes(6).toString('hex');
  const topicArn = await deps.topics.create(id, 'Wirewatch');
  const subscriber: Subscriber = {
    ...defaultPreferences,
    id,
    consent: null,
    channel: request.channel,
    topicArn,
    subscriptionArn: null,
    follow: [...new Set(request.follow)],
    leastPriority: request.leastPriority,
    timeZone: request.timeZone,
    created: deps.now().toISOString(),
  };
  // The row first: a topic without a row could not be found again to be removed.
  await deps.subscribers.put(subscriber);
  try {
    const subscriptionArn = await deps.topics.subscribe(topicArn, request.channel, request.address);
    if (subscriptionArn === null) return subscriber;
    const confirmed = { ...subscriber, subscriptionArn };
    await deps.subscribers.put(confirmed);
    return confirmed;
  } catch (error) {
    await deps.topics.remove(topicArn);
    await deps.subscribers.remove(id);
    throw asRefusal(error, 'address', `"${request.address}"`);
  }
}

/** Confirms by the link that SNS sent, pasted whole, so that only the account's owner can end the subscription. */
export async function confirm(link: string, deps: SubscribeDeps): Promise<Subscriber> {
  const { topicArn, token } = readConfirmationLink(link);
  const subscriber = (await deps.subscribers.list()).find((known) => known.topicArn === topicArn);
  if (subscriber === undefined) {
    throw new RefusedRequest('link', `no subscriber has the topic ${topicArn}; paste the link from the latest message`);
  }
  try {
    const confirmed = { ...subscriber, subscriptionArn: await deps.topics.confirm(topicArn, token) };
    await deps.subscribers.put(confirmed);
    return confirmed;
  } catch (error) {
    throw asRefusal(error, 'link', 'the link; it may be older than two days: subscribe again for a new one');
  }
}

/** Removes the topic, and with it the address, then the row. */
export async function unsubscribe(id: string, deps: SubscribeDeps): Promise<Subscriber> {
  const subscriber = await deps.subscribers.get(id);
  if (subscriber === null) {
    const ids = (await deps.subscribers.list()).map((known) => known.id);
    throw new RefusedRequest('id', `no subscriber "${id}"${didYouMean(id, ids)}; "wirewatch subscribers" lists them`);
  }
  await deps.topics.remove(subscriber.topicArn);
  await deps.subscribers.remove(id);
  return subscriber;
}

export type ListedSubscriber = Subscriber & { readonly state: SubscriptionState; readonly address: string | null };

/** Every subscriber with what SNS knows of it: whether it is confirmed, and the address. */
export async function listSubscribers(deps: SubscribeDeps): Promise<readonly ListedSubscriber[]> {
  const subscribers = await deps.subscribers.list();
  return Promise.all(
    subscribers.map(async (subscriber) => ({ ...subscriber, ...(await deps.topics.status(subscriber.topicArn)) })),
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

function checkAddress(channel: Channel, address: string): void {
  if (
    channel === 'email' &&
    !(/^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/.test(address) && address.length <= 254)
  ) {
    throw new RefusedRequest('address', `"${address}" is not an e-mail address; write one like name@example.org`);
  }
  // E.164: a plus sign, the country code, at most fifteen digits.
  if (channel === 'sms' && !/^\+[1-9]\d{6,14}$/.test(address)) {
    throw new RefusedRequest(
      'address',
      `"${address}" is not a phone number in E.164 form; write one like +4915112345678`,
    );
  }
  if (channel === 'https' && !(URL.canParse(address) && new URL(address).protocol === 'https:')) {
    throw new RefusedRequest(
      'address',
      `"${address}" is not an https address; write one like https://example.org/alerts`,
    );
  }
}

function checkFollow(follow: readonly string[], matcher: LiveMatcher | null): void {
  if (follow.length === 0)
    throw new RefusedRequest('follow', 'nothing to follow; name entity or event ids, or "*" for everything');
  const known = [...(matcher?.events ?? []), ...(matcher?.entities ?? [])];
  for (const id of follow) {
    if (id === '*' || known.includes(id)) continue;
    throw new RefusedRequest('follow', `nothing in the watchlist is called "${id}"${didYouMean(id, known)}`);
  }
}

function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? '' : `; did you mean "${near}"?`;
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new RefusedRequest('timeZone', `"${timeZone}" is not a time zone; write an IANA name like Europe/Paris`);
  }
}

/** SNS has rules of its own on addresses and tokens; what it refuses is the request's fault, not ours. */
function asRefusal(error: unknown, field: string, what: string): unknown {
  if (error instanceof Error && error.name.startsWith('InvalidParameter')) {
    return new RefusedRequest(field, `SNS refuses ${what}: ${error.message}`);
  }
  return error;
}
