import type { SubscriberTopics } from '../../lib/pipeline/subscribe.ts';

/** SNS as far as subscriptions see it: SMS needs no confirmation, the others wait for their token. */
export function fakeTopics(fields: Partial<SubscriberTopics> = {}) {
  const topics = new Map<string, { address: string | null; confirmed: boolean }>();
  const made: SubscriberTopics = {
    async create(id) {
      const arn = `arn:aws:sns:eu-west-1:000000000000:ww-${id}`;
      topics.set(arn, { address: null, confirmed: false });
      return arn;
    },
    async subscribe(arn, channel, address) {
      topics.set(arn, { address, confirmed: channel === 'sms' });
      return channel === 'sms' ? `${arn}:sub` : null;
    },
    async confirm(arn, token) {
      if (token !== 'good') throw Object.assign(new Error('Invalid token'), { name: 'InvalidParameterException' });
      topics.set(arn, { address: topics.get(arn)?.address ?? null, confirmed: true });
      return `${arn}:sub`;
    },
    async status(arn) {
      const topic = topics.get(arn);
      if (topic === undefined || topic.address === null) return { state: 'lost', address: null, subscriptionArn: null };
      const { address } = topic;
      return topic.confirmed
        ? { state: 'confirmed', address, subscriptionArn: `${arn}:sub` }
        : { state: 'pending', address, subscriptionArn: null };
    },
    async statuses() {
      const all = await Promise.all([...topics.keys()].map(async (arn) => [arn, await made.status(arn)] as const));
      return new Map(all.filter(([, { state }]) => state !== 'lost'));
    },
    isProtected: async () => true,
    isOptedOut: async () => false,
    async remove(arn) {
      topics.delete(arn);
    },
    ...fields,
  };
  return { made, topics };
}
