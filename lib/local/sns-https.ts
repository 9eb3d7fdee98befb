import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopbackName } from './loopback.ts';
import type { Subscription } from './sns-state.ts';

export type Posting = {
  /** Posts to an endpoint of this machine in the background. Any other is for the outbox alone: nothing leaves here. */
  post(subscription: Subscription, message: { readonly subject: string | undefined; readonly body: string }): void;
  /** Ends with what is on its way given up. */
  close(): Promise<void>;
};

type Parts = {
  readonly nowMs: () => number;
  /** Puts what is given up into the queue of an ARN. */
  readonly giveUp: (queueArn: string, body: string) => Promise<void>;
  /** Hears of what could not even be given up. */
  readonly report: (message: string) => void;
};

/** SNS tries three times more, twenty seconds apart; nobody wants to wait for that here. */
const retryAfterMs = [200, 400, 800];
const answerWithinMs = 15_000;

/**
 * Posts to HTTPS endpoints as SNS does: again after an answer of 5xx or 429, or none; given up at once after any other that
 * is no success; and what is given up goes where the subscription's RedrivePolicy says.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function httpsPosting({ nowMs, giveUp, report }: Parts): Posting {
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();

  const deliver = async (subscription: Subscription, body: string): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await postOnce(subscription, body, ending.signal);
      if (outcome === 'taken') return;
      const waitMs = retryAfterMs[attempt];
      if (outcome === 'refused' || waitMs === undefined || ending.signal.aborted) break;
      await sleep(waitMs, undefined, { signal: ending.signal }).catch(() => {});
    }
    const queueArn = deadLetterTarget(subscription.attributes.RedrivePolicy);
    if (queueArn === null) return;
    try {
      await giveUp(queueArn, body);
    } catch (error) {
      report(`what ${subscription.arn} refused did not reach ${queueArn}: ${(error as Error).message}`);
    }
  };

  return {
    post(subscription, { subject, body }) {
      if (!isLoopbackName(new URL(subscription.endpoint).hostname)) return;
      const envelope = {
        ...{ Type: 'Notification', MessageId: randomUUID(), TopicArn: subscription.topicArn },
        ...(subject === undefined ? {} : { Subject: subject }),
        ...{ Message: body, Timestamp: new Date(nowMs()).toISOString() },
      };
      const delivery = deliver(subscription, JSON.stringify(envelope)).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    async close() {
      ending.abort();
      await Promise.allSettled(underWay);
    },
  };
}

/** The queue's ARN in a RedrivePolicy; null where there is none, or it is not one. */
export function deadLetterTarget(policy: string | undefined): string | null {
  try {
    const { deadLetterTargetArn: arn } = JSON.parse(policy ?? 'null') as { readonly deadLetterTargetArn?: unknown };
    return typeof arn === 'string' && /^arn:[^:]+:sqs:[^:]+:[^:]+:[^:]+$/.test(arn) ? arn : null;
  } catch {
    return null;
  }
}

function postOnce(
  { endpoint, arn, topicArn }: Subscription,
  body: string,
  signal: AbortSignal,
): Promise<'taken' | 'refused' | 'failed'> {
  return new Promise((resolve) => {
    const asked = request(
      endpoint,
      {
        method: 'POST',
        headers: {
          'content-type': 'text/plain; charset=UTF-8',
          'x-amz-sns-message-type': 'Notification',
          'x-amz-sns-topic-arn': topicArn,
          'x-amz-sns-subscription-arn': arn,
        },
        // Nobody has a certificate that others trust for this machine's own loopback.
        rejectUnauthorized: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      },
      (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 0;
        const isTaken = status >= 200 && status < 300;
        resolve(isTaken ? 'taken' : status >= 500 || status === 429 ? 'failed' : 'refused');
      },
    );
    asked.on('error', () => resolve('failed'));
    asked.end(body);
  });
}
