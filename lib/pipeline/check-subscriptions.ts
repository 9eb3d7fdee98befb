import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { mapLimited } from './map-limited.ts';
import { keepArn } from './notice-confirmed.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { Log, Publish } from './ports/outside.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';
import type { SubscriberTopics } from './subscribe.ts';
import { type SubscriptionsChecked, type SubscriptionTrouble, subscriptionRemedy } from './subscription-findings.ts';

/** SNS's word on SMS for the whole account. */
export type SmsAccount = {
  inSandbox(): Promise<boolean>;
  /** The numbers that may be sent to from the sandbox. */
  verifiedNumbers(): Promise<readonly string[]>;
  /** ISO 3166 codes of the countries for which the account has a number of its own to send from. */
  originationCountries(): Promise<readonly string[]>;
  /** US dollars a month for the account; what is beyond, SNS drops in silence. */
  spendLimitUsd(): Promise<number>;
};

export type CheckSubscriptionsDeps = {
  readonly subscribers: SubscriberStore;
  readonly control: ControlStore;
  readonly topics: Pick<SubscriberTopics, 'status' | 'isOptedOut' | 'isProtected'>;
  readonly sms: SmsAccount;
  readonly publish: Publish;
  readonly operationsTopic: string;
  readonly now: () => Date;
  readonly log: Log;
};

export const checkBeat = 'subscriptions';
/** A little less than a day, so that a sweep each quarter of an hour does not slip by one each time. */
const everyMs = 23.5 * 3_600_000;
/** SNS answers thirty questions a second on a topic's subscriptions, for the whole account. */
const questionsAtOnce = 5;
const mostLines = 100;

/**
 * Once a day, however often it is called: reads the state of each subscription from SNS again, and of SMS for the account.
 * The result is kept without addresses for `doctor`; who was lost since the last check is reported to the operations
 * topic, all in one message. What was reported is remembered only after SNS accepted it. Returns null where it is not due.
 */
export async function checkSubscriptions(deps: CheckSubscriptionsDeps): Promise<SubscriptionsChecked | null> {
  const now = deps.now();
  const last = await deps.control.beat(checkBeat);
  if (last !== null && now.getTime() - Date.parse(last.at) < everyMs) return null;
  const before = new Set((last?.note as SubscriptionsChecked | undefined)?.lost ?? []);

  const subscribers = await deps.subscribers.list();
  const hasSms = subscribers.some(({ channel }) => channel === 'sms');
  const sms = hasSms ? await smsOf(subscribers, deps, now) : null;
  const verified = sms?.inSandbox === true ? await deps.sms.verifiedNumbers() : null;
  const found = await mapLimited(subscribers, questionsAtOnce, (one) => checkOne(one, verified, deps));
  const troubles = found.flatMap((trouble) => trouble ?? []);
  const lost = troubles.filter(({ state }) => state === 'lost' || state === 'opted-out');
  const fresh = lost.filter(({ id }) => !before.has(id));
  if (fresh.length > 0) await report(fresh, deps);
  const checked: SubscriptionsChecked = { all: subscribers.length, troubles, lost: lost.map(({ id }) => id), sms };
  await deps.control.putBeat(checkBeat, now.toISOString(), checked);
  deps.log({ event: 'subscriptions checked', all: checked.all, troubles: troubles.length, lostSince: fresh.length });
  return checked;
}

/** What is wrong with one subscription, or null. One that cannot be read is set aside; the others are read. */
async function checkOne(
  subscriber: Subscriber,
  verified: readonly string[] | null,
  deps: CheckSubscriptionsDeps,
): Promise<SubscriptionTrouble | null> {
  const { id, channel } = subscriber;
  try {
    const { state, address, subscriptionArn } = await deps.topics.status(subscriber.topicArn);
    // A link that was followed and not pasted confirms without us: the row learns of it here at the latest.
    await keepArn(subscriber, subscriptionArn, deps);
    if (state !== 'confirmed') return { id, channel, state };
    if (channel === 'sms' && address !== null) {
      if (await deps.topics.isOptedOut(address)) return { id, channel, state: 'opted-out' };
      return verified === null || verified.includes(address) ? null : { id, channel, state: 'unverified' };
    }
    const isProtected = subscriptionArn !== null && (await deps.topics.isProtected(subscriptionArn));
    return isProtected ? null : { id, channel, state: 'removable' };
  } catch (error) {
    deps.log({ event: 'subscription not checked', subscriber: id, error: String(error) });
    return { id, channel, state: 'unknown' };
  }
}

async function smsOf(
  subscribers: readonly Subscriber[],
  { sms, subscribers: store }: CheckSubscriptionsDeps,
  now: Date,
): Promise<SubscriptionsChecked['sms']> {
  const month = now.toISOString().slice(0, 7);
  const tallies = await Promise.all(
    subscribers.filter(({ channel }) => channel === 'sms').map(({ id }) => store.tally(id)),
  );
  const spent = tallies.filter(({ tally }) => tally.smsMonth.month === month);
  const spentUsd = Math.round(spent.reduce((sum, { tally }) => sum + tally.smsMonth.usd, 0) * 100) / 100;
  return {
    inSandbox: await sms.inSandbox(),
    originationCountries: [...new Set(await sms.originationCountries())],
    spendLimitUsd: await sms.spendLimitUsd(),
    spentUsd,
  };
}

async function report(fresh: readonly SubscriptionTrouble[], deps: CheckSubscriptionsDeps): Promise<void> {
  const count = fresh.length === 1 ? '1 subscriber hears' : `${fresh.length} subscribers hear`;
  const lines = fresh
    .slice(0, mostLines)
    .map((trouble) => `${trouble.id} (${trouble.channel}): ${trouble.state}; ${subscriptionRemedy(trouble)}`);
  const more = fresh.length > mostLines ? [`and ${fresh.length - mostLines} more`] : [];
  await deps.publish({
    topicArn: deps.operationsTopic,
    subject: `Wirewatch: ${count} nothing any more`,
    body: `${[...lines, ...more].join('\n')}\n\n"wirewatch doctor" shows all of them.\n`,
  });
}
