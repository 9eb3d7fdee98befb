import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';
import { nextDigest } from './digest-time.ts';
import { quietUntil } from './quiet-hours.ts';
import { capsUntil, countSms, defaultSmsUsd } from './sms-caps.ts';
import type { Subscriber } from './subscriber.ts';
import type { Tally } from './tally.ts';
import { takeToken, tokenAt } from './token-bucket.ts';
import { isReached, waitsUntil } from './until-confirmed.ts';

/** An alert as the decision about its time sees it. */
export type AlertAtHand = {
  readonly storyline: string;
  readonly state: StorylineState;
  readonly priority: Priority;
  readonly lang: string;
};

/** What becomes of one alert for one subscriber. */
export type Verdict =
  | { readonly kind: 'now' }
  /** Told together with whatever else is held, at the first sweep after that time. */
  | { readonly kind: 'hold'; readonly until: string; readonly why: HoldReason }
  /** Never told. */
  | { readonly kind: 'not'; readonly why: 'paused' | 'muted' | 'language' | 'priority' | 'state' | 'unconfirmed' };

export type HoldReason = 'digest' | 'quiet hours' | 'burst' | 'sms cap' | 'confirmation';

/** What one message costs: the parts of an SMS by the price of a part. */
export type Price = { readonly smsUsd: number };

/** Whether a new alert is told now, later with others, or never. Nothing that is wanted is dropped: it is held. */
export function whenToTell(
  subscriber: Subscriber,
  tally: Tally,
  alert: AlertAtHand,
  now: Date,
  { smsUsd }: Price = { smsUsd: defaultSmsUsd },
): Verdict {
  const unwanted = whyNot(subscriber, alert, now);
  if (unwanted !== null) return { kind: 'not', why: unwanted };
  if (!isReached(subscriber)) return hold(waitsUntil(subscriber, now), 'confirmation');
  const digest = nextDigest(subscriber.delivery, subscriber.timeZone, now);
  if (digest !== null) return hold(digest, 'digest');
  const isCritical = alert.priority === 'critical';
  const loud = quietEnd(subscriber, isCritical, now);
  if (loud !== null) return hold(loud, 'quiet hours');
  const token = tokenAt(tally, isCritical, now);
  if (token > now) return hold(token, 'burst');
  return withinCaps(subscriber, tally, now, smsUsd);
}

/**
 * The same for an alert that was held and whose time has come, by what the subscriber wants by now: quiet hours and caps
 * still hold it, while the digest and the burst limit do not, since it is told together with others as one message.
 */
export function whenToRelease(
  subscriber: Subscriber,
  tally: Tally,
  alert: AlertAtHand,
  now: Date,
  { smsUsd }: Price = { smsUsd: defaultSmsUsd },
): Verdict {
  const unwanted = whyNot(subscriber, alert, now);
  if (unwanted !== null) return { kind: 'not', why: unwanted };
  const loud = quietEnd(subscriber, alert.priority === 'critical', now);
  if (loud !== null) return hold(loud, 'quiet hours');
  return withinCaps(subscriber, tally, now, smsUsd);
}

/**
 * The same for an alert, decided at a time, whose reader SNS does not reach: it is published into nothing and would count as
 * told, so it goes on to wait until it has waited long enough.
 */
export function whileUnconfirmed(subscriber: Subscriber, decided: Date, now: Date): Verdict {
  const until = waitsUntil(subscriber, decided);
  return until <= now ? { kind: 'not', why: 'unconfirmed' } : hold(until, 'confirmation');
}

/** What the subscriber has been sent after one more message, of one alert or of many, that SNS accepted. */
export function afterTelling(subscriber: Subscriber, tally: Tally, now: Date, { smsUsd }: Price): Tally {
  return {
    ...tally,
    ...takeToken(tally, now),
    ...(subscriber.channel === 'sms' ? countSms(subscriber, tally, now, smsUsd) : {}),
    lastTold: now.toISOString(),
  };
}

function whyNot(subscriber: Subscriber, alert: AlertAtHand, now: Date): (Verdict & { kind: 'not' })['why'] | null {
  if (subscriber.paused) return 'paused';
  const isMuted = subscriber.muted.some(
    ({ storyline, until }) => storyline === alert.storyline && now.toISOString() < until,
  );
  if (isMuted) return 'muted';
  // Who was told what was wrong is told what is right, in whatever language and however little it weighs.
  if (alert.state === 'corrected') return null;
  if (!speaks(subscriber.langs, alert.lang)) return 'language';
  if (order[alert.priority] < order[subscriber.leastPriority]) return 'priority';
  return subscriber.states.includes(alert.state) ? null : 'state';
}

/** A story whose language nobody knows is rather told than lost. */
function speaks(langs: readonly string[], lang: string): boolean {
  const primary = primaryOf(lang);
  return langs.length === 0 || primary === '' || primary === 'und' || langs.some((each) => primaryOf(each) === primary);
}

/** Feeds name some languages by an older or a narrower code than readers do. */
const sameAs: Readonly<Record<string, string>> = {
  nb: 'no',
  nn: 'no',
  iw: 'he',
  in: 'id',
  ji: 'yi',
  tl: 'fil',
  prs: 'fa',
};

function primaryOf(tag: string): string {
  const primary = (tag.split(/[-_]/)[0] ?? '').toLowerCase();
  return sameAs[primary] ?? primary;
}

function quietEnd({ quiet, timeZone }: Subscriber, isCritical: boolean, now: Date): Date | null {
  return isCritical && quiet?.criticalPasses === true ? null : quietUntil(quiet, timeZone, now);
}

function withinCaps(subscriber: Subscriber, tally: Tally, now: Date, smsUsd: number): Verdict {
  const free = capsUntil(subscriber, tally, now, smsUsd);
  return free === null ? { kind: 'now' } : hold(free, 'sms cap');
}

function hold(until: Date, why: HoldReason): Verdict {
  return { kind: 'hold', until: until.toISOString(), why };
}

const order: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2, critical: 3 };
