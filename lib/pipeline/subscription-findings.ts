import type { Channel, Subscriber } from '../core/subscriber/subscriber.ts';
import type { Finding } from './finding.ts';

/** What a daily check found, without an address: small enough for a beat. */
export type SubscriptionsChecked = {
  readonly all: number;
  /** Only those with which something is wrong. */
  readonly troubles: readonly SubscriptionTrouble[];
  /** Ids that were reported to the operations topic; each is once. */
  readonly lost: readonly string[];
  /** Null where nobody is told by SMS. */
  readonly sms: {
    readonly inSandbox: boolean;
    readonly originationCountries: readonly string[];
    readonly spendLimitUsd: number;
    /** This month, as the caps reckon it. */
    readonly spentUsd: number;
  } | null;
};

export type SubscriptionTrouble = {
  readonly id: string;
  readonly channel: Channel;
  readonly state: 'pending' | 'lost' | 'removable' | 'opted-out' | 'unverified' | 'unknown';
};

const what: Readonly<Record<SubscriptionTrouble['state'], string>> = {
  pending: 'has not confirmed and is told nothing',
  lost: 'is no longer subscribed at SNS',
  removable: 'was confirmed by the plain link: a mail scanner that opens links can end it',
  'opted-out': 'has answered STOP: no SMS reaches the number',
  unverified: 'has a number that is not verified: nothing is sent to it from the SMS sandbox',
  unknown: 'could not be read from SNS at the last check',
};

export function subscriptionRemedy({ id, state }: SubscriptionTrouble): string {
  const again = `wirewatch unsubscribe ${id}, then subscribe again`;
  switch (state) {
    case 'pending':
      return 'wirewatch confirm LINK, with the link from the message that SNS sent';
    case 'lost':
      return again;
    case 'removable':
      return `wirewatch confirm LINK, with the same link, while it is not two days old; later ${again} and confirm so`;
    case 'opted-out':
      return `respect it: wirewatch unsubscribe ${id}; its holder can answer START to hear again`;
    case 'unverified':
      return 'verify the number in the SNS console, or ask AWS to move the account out of the SMS sandbox';
    case 'unknown':
      return 'look at the log of the digest function; it is read again tomorrow';
  }
}

export function subscriptionFinding(trouble: SubscriptionTrouble): Finding {
  const isFault = trouble.state === 'lost' || trouble.state === 'opted-out' || trouble.state === 'unverified';
  return {
    level: isFault ? 'fault' : 'warning',
    what: `subscriber ${trouble.id} (${trouble.channel}) ${what[trouble.state]}`,
    remedy: subscriptionRemedy(trouble),
  };
}

/** From this share of the account's limit on, somebody should look. */
const nearLimit = 0.8;

/** What the last daily check says beyond the state of each subscription, which `doctor` reads anew. */
export function accountFindings(
  sms: SubscriptionsChecked['sms'],
  subscribers: readonly (Pick<Subscriber, 'channel'> & { readonly address: string | null })[],
): readonly Finding[] {
  if (sms === null) return [];
  const findings: Finding[] = [];
  if (sms.inSandbox) {
    findings.push({
      level: 'warning',
      what: 'the AWS account is in the SMS sandbox: only verified numbers are sent to',
      remedy: 'ask AWS in the SNS console, under text messaging, to move it out',
    });
  }
  // The countries of the North American plan share +1; the United States send nothing without an own number.
  const american = subscribers.some(({ channel, address }) => channel === 'sms' && address?.startsWith('+1') === true);
  if (american && !sms.originationCountries.includes('US')) {
    findings.push({
      level: 'fault',
      what: 'there is no origination number for the United States, where SMS need one, and a subscriber has a number of +1',
      remedy: 'request one in AWS End User Messaging (toll-free, 10DLC or short code)',
    });
  }
  if (sms.spentUsd >= sms.spendLimitUsd * nearLimit) {
    findings.push({
      level: 'fault',
      what: `SMS of this month cost about $${sms.spentUsd} of the $${sms.spendLimitUsd} that the AWS account may spend; beyond it SNS drops them in silence`,
      remedy: 'ask AWS for a higher spend limit, or cap subscribers: wirewatch subscribers set ID --sms-usd N',
    });
  }
  return findings;
}
