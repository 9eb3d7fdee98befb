import { readPreferences } from '../core/subscriber/read-preferences.ts';
import { didYouMean, type Refusal } from '../core/subscriber/refusal.ts';
import { defaultSmsUsd } from '../core/subscriber/sms-caps.ts';
import type { Preferences, Subscriber } from '../core/subscriber/subscriber.ts';
import type { LiveMatcher } from './live-matcher.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';
import { RefusedRequest } from './refused-request.ts';

export type PreferenceDeps = {
  readonly subscribers: SubscriberStore;
  readonly matcher: LiveMatcher | null;
  readonly now: () => Date;
  /** What one SMS is taken to cost, in US dollars. */
  readonly smsUsd?: number;
};

const muteDays = 30;
/** Mutes kept for one subscriber; those that end first give way. */
const mostMuted = 200;

/** Changes what the body names and leaves the rest; throws RefusedRequest with every field that is wrong. */
export async function changePreferences(id: string, body: unknown, deps: PreferenceDeps): Promise<Subscriber> {
  const subscriber = await knownSubscriber(id, deps);
  return save({ ...subscriber, ...preferencesFrom(body, subscriber, deps) }, deps);
}

/** What the body asks for over what held before. */
export function preferencesFrom(
  body: unknown,
  before: Preferences & Pick<Subscriber, 'channel'>,
  { matcher, smsUsd = defaultSmsUsd }: Pick<PreferenceDeps, 'matcher' | 'smsUsd'>,
): Preferences {
  const ids = [...(matcher?.events ?? []), ...(matcher?.entities ?? [])];
  const read = readPreferences(body, { ids, before, smsUsd });
  const refusals = [...(read.kind === 'refused' ? read.refusals : []), ...capsWithoutSms(body, before.channel)];
  const [first, ...more] = refusals;
  if (first !== undefined) throw new RefusedRequest(first.field, first.sentence, more);
  if (read.kind === 'refused') throw new Error('refused without a refusal');
  return read.preferences;
}

function capsWithoutSms(body: unknown, channel: Subscriber['channel']): readonly Refusal[] {
  if (channel === 'sms') return [];
  const asked = Object(body) as Record<string, unknown>;
  return ['smsPerDay', 'smsUsdPerMonth']
    .filter((field) => asked[field] !== undefined && asked[field] !== null)
    .map((field) => ({
      field,
      sentence: `"${field}" caps SMS, and this subscriber is told by ${channel}; leave it out`,
    }));
}

/** Nothing more is told of the storyline for thirty days. */
export async function mute(id: string, storyline: string, deps: PreferenceDeps): Promise<Subscriber> {
  if (!/^\S{1,200}$/.test(storyline))
    throw new RefusedRequest('storyline', `"${storyline.slice(0, 80)}" is no storyline`);
  const subscriber = await knownSubscriber(id, deps);
  const until = new Date(deps.now().getTime() + muteDays * 86_400_000).toISOString();
  const others = stillMuted(subscriber, deps.now()).filter((each) => each.storyline !== storyline);
  return save({ ...subscriber, muted: [...others, { storyline, until }].slice(-mostMuted) }, deps);
}

export async function unmute(id: string, storyline: string, deps: PreferenceDeps): Promise<Subscriber> {
  const subscriber = await knownSubscriber(id, deps);
  const muted = stillMuted(subscriber, deps.now()).filter((each) => each.storyline !== storyline);
  return save({ ...subscriber, muted }, deps);
}

export function stillMuted({ muted }: Preferences, now: Date): Preferences['muted'] {
  return muted.filter(({ until }) => until > now.toISOString());
}

export async function knownSubscriber(
  id: string,
  { subscribers }: Pick<PreferenceDeps, 'subscribers'>,
): Promise<Subscriber> {
  const subscriber = await subscribers.get(id);
  if (subscriber !== null) return subscriber;
  const ids = (await subscribers.list()).map((known) => known.id);
  throw new RefusedRequest('id', `no subscriber "${id}"${didYouMean(id, ids)}; "wirewatch subscribers" lists them`);
}

async function save(subscriber: Subscriber, { subscribers }: PreferenceDeps): Promise<Subscriber> {
  await subscribers.put(subscriber);
  return subscriber;
}
