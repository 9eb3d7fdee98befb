import type { Subscriber } from './subscriber.ts';

const dayMs = 86_400_000;

/**
 * Until when an alert of that time waits for its reader to confirm: one day at least and two at most, which is how long the
 * link in SNS's question is good. Days are counted from the subscription on, so that all alerts of one day end at one time,
 * by which they are found again when the reader confirms.
 */
export function waitsUntil({ created }: Pick<Subscriber, 'created'>, decided: Date): Date {
  const began = Date.parse(created);
  const day = Math.max(0, Math.floor((decided.getTime() - began) / dayMs));
  return new Date(began + (day + 2) * dayMs);
}

/** The times until which alerts of before a confirmation may still wait. */
export function waitingAt(subscriber: Pick<Subscriber, 'created'>, confirmed: Date): readonly Date[] {
  const latest = waitsUntil(subscriber, confirmed);
  return [new Date(latest.getTime() - dayMs), latest];
}

/** Whether SNS is known to send on what is published for this reader: not before they confirmed, nor once they are lost. */
export function isReached({ subscriptionArn }: Pick<Subscriber, 'subscriptionArn'>): boolean {
  return subscriptionArn !== null;
}
