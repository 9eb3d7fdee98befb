import { defaultPreferences, type Subscriber } from '../../../lib/core/subscriber/subscriber.ts';

/** Somebody who is told everything at once by e-mail, but for what a test changes. */
export function aSubscriber(change: Partial<Subscriber> = {}): Subscriber {
  return {
    ...defaultPreferences,
    id: 'a1b2c3',
    channel: 'email',
    topicArn: 'arn:aws:sns:eu-central-1:123456789012:wirewatch-subscriber-a1b2c3',
    subscriptionArn: 'arn:aws:sns:eu-central-1:123456789012:wirewatch-subscriber-a1b2c3:1',
    created: '2026-01-01T00:00:00.000Z',
    confirmed: '2026-01-01T00:00:00.000Z',
    consent: null,
    follow: ['*'],
    ...change,
  };
}
