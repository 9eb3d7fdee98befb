import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { Finding } from './finding.ts';
import type { Log, Publish } from './ports/outside.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';

/** An alert that SNS took, tried to deliver to a reader's endpoint, and gave up. */
export type LostAlert = {
  readonly topicArn: string;
  readonly subject: string | null;
  readonly body: string;
  /** When SNS gave it up. */
  readonly lost: string;
};

/** Null where a message is none that SNS writes. */
export type TakenAlert = { readonly receipt: string; readonly alert: LostAlert | null };

/** The queue where SNS puts them. */
export type LostAlerts = {
  /** Some of those that lie there, each once; all of them stay. */
  look(): Promise<readonly LostAlert[]>;
  /** Some, hidden for minutes from whoever else asks; none where none is left. */
  take(): Promise<readonly TakenAlert[]>;
  remove(receipt: string): Promise<void>;
};

export type SendAgainDeps = {
  readonly lostAlerts: Pick<LostAlerts, 'take' | 'remove'>;
  readonly subscribers: Pick<SubscriberStore, 'list'>;
  readonly publish: Publish;
  readonly log: Log;
};

export type SentAgain = {
  /** Accepted by SNS, which tries the endpoint again; where it fails again, the alert comes back. */
  readonly sent: number;
  /** Not sent and taken out, for the reader has left. */
  readonly ended: number;
  /** Not sent and still there, for the reader has paused. */
  readonly waiting: number;
  /** Still there: SNS did not accept it, or it could not be read. */
  readonly failed: number;
};

/** The most that one call takes on. */
export const mostSentAgain = 500;
/** The most that one look sees. */
export const mostLookedAt = 100;

/**
 * Sends again what endpoints had refused, each once: one that is back already was refused anew and waits for the next call. What
 * is sent is removed only then, so it may come twice and is never lost.
 */
export async function sendLostAgain(deps: SendAgainDeps): Promise<SentAgain> {
  const { lostAlerts, log } = deps;
  const readers = readersByTopic(await deps.subscribers.list());
  const counts = { sent: 0, ended: 0, waiting: 0, failed: 0 };
  const before = new Set<string>();
  for (let seen = 0; seen < mostSentAgain; ) {
    const taken = (await lostAlerts.take()).filter(({ alert }) => alert === null || !before.has(textOf(alert)));
    if (taken.length === 0) break;
    seen += taken.length;
    for (const { receipt, alert } of taken) {
      if (alert !== null) before.add(textOf(alert));
      const reader = alert === null ? undefined : readers.get(alert.topicArn);
      try {
        const outcome = await sendOne(alert, reader, deps);
        counts[outcome] += 1;
        if (outcome !== 'waiting') await lostAlerts.remove(receipt);
      } catch (error) {
        counts.failed += 1;
        log({ event: 'lost alert not sent again', subscriber: reader?.id ?? null, error: String(error) });
      }
    }
  }
  return counts;
}

/** Each reader whose endpoint refuses, by id: what it refuses can be looked at in the queue alone. */
export async function lostAlertFindings(
  lostAlerts: Pick<LostAlerts, 'look'> | undefined,
  subscribers: Pick<SubscriberStore, 'list'>,
): Promise<readonly Finding[]> {
  const found = (await lostAlerts?.look()) ?? [];
  if (found.length === 0) return [];
  const readers = readersByTopic(await subscribers.list());
  const more = found.length >= mostLookedAt ? ' or more' : '';
  return [...Map.groupBy(found, ({ topicArn }) => readers.get(topicArn)?.id ?? null)].map(([id, alerts]) => {
    const oldest = alerts.map(({ lost }) => lost).sort()[0];
    const count = `${alerts.length}${more} alerts`;
    const isPaused = readers.get(alerts[0]?.topicArn ?? '')?.paused === true;
    if (id === null) {
      const what = `${count} to endpoints of subscribers who have left were given up by SNS (LostAlerts)`;
      return { level: 'warning', what, remedy: 'wirewatch redrive takes them out of their queue' };
    }
    return {
      level: 'fault',
      what: `subscriber ${id} (https): its endpoint refused ${count}, which SNS gave up, the first at ${oldest} (LostAlerts)`,
      remedy: `have the endpoint mended, then wirewatch redrive sends them again${isPaused ? ', once the subscriber is no longer paused' : ''}; or wirewatch unsubscribe ${id}`,
    };
  });
}

/** Throws where it is to stay in the queue. */
async function sendOne(
  alert: LostAlert | null,
  reader: Subscriber | undefined,
  { publish }: Pick<SendAgainDeps, 'publish'>,
): Promise<'sent' | 'ended' | 'waiting'> {
  if (alert === null) throw new Error('a message in the queue of lost alerts is none that SNS writes');
  if (reader === undefined) return 'ended';
  if (reader.paused) return 'waiting';
  await publish({ topicArn: alert.topicArn, subject: alert.subject, body: alert.body });
  return 'sent';
}

/** What tells one lost alert from another: SNS gives each a new name when it is sent again. */
function textOf({ topicArn, subject, body }: LostAlert): string {
  return JSON.stringify([topicArn, subject, body]);
}

function readersByTopic(subscribers: readonly Subscriber[]): ReadonlyMap<string, Subscriber> {
  return new Map(subscribers.map((subscriber) => [subscriber.topicArn, subscriber]));
}
