import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { isReached } from '../core/subscriber/until-confirmed.ts';
import { mapLimited } from './map-limited.ts';
import type { Log } from './ports/outside.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';
import type { SubscriberTopics, TopicStatus } from './subscribe.ts';

export type NoticeConfirmedDeps = {
  readonly subscribers: SubscriberStore;
  readonly topics: Pick<SubscriberTopics, 'status'>;
  readonly now: () => Date;
  readonly log: Log;
};

/** Asked at each sweep, the latest subscribed first; of more the daily check learns. */
const mostAsked = 100;
/** SNS answers thirty questions a second on a topic's subscriptions, for the whole account. */
const questionsAtOnce = 5;

/**
 * Asks SNS of those alone who have not confirmed yet: whoever follows the plain link confirms without us, and what waits
 * for them may be told now. Says how many were found so.
 */
export async function noticeConfirmed(deps: NoticeConfirmedDeps): Promise<number> {
  const waiting = (await deps.subscribers.list())
    .filter((reader) => !isReached(reader))
    .sort((a, b) => b.created.localeCompare(a.created))
    .slice(0, mostAsked);
  const noticed = await mapLimited(waiting, questionsAtOnce, async (reader) => {
    try {
      const { subscriptionArn } = await deps.topics.status(reader.topicArn);
      return await keepArn(reader, subscriptionArn, deps);
    } catch (error) {
      // One that cannot be read is asked again at the next sweep; the others are read.
      deps.log({ event: 'subscription not checked', subscriber: reader.id, error: String(error) });
      return false;
    }
  });
  return noticed.filter(Boolean).length;
}

/** Brings a reader's row in line with what SNS has. True where the reader was not reached before and is now. */
export async function keepArn(
  reader: Subscriber,
  subscriptionArn: TopicStatus['subscriptionArn'],
  { subscribers, now }: Pick<NoticeConfirmedDeps, 'subscribers' | 'now'>,
): Promise<boolean> {
  if (reader.subscriptionArn === subscriptionArn) return false;
  // Read again: the row may have been changed, or be gone, since the list was read.
  const current = await subscribers.get(reader.id);
  if (current === null) return false;
  const isNews = !isReached(current) && subscriptionArn !== null;
  const confirmed = isNews ? now().toISOString() : current.confirmed;
  await subscribers.put({ ...current, subscriptionArn, confirmed });
  return isNews;
}
