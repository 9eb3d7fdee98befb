import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { s3Objects, snsPublish, sqsSend } from '../../lib/adapters/aws-messages.ts';
import { liveWatchlist } from '../../lib/adapters/live-watchlist.ts';
import { lostAlerts } from '../../lib/adapters/lost-alerts.ts';
import { purgeQueues, queueCounts } from '../../lib/adapters/queues.ts';
import { snsSmsAccount } from '../../lib/adapters/sns-sms-account.ts';
import { isHeard, snsTopics, type TopicsMade } from '../../lib/adapters/sns-topics.ts';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { usageMeter } from '../../lib/adapters/usage-meter.ts';
import { withoutSecrets } from '../../lib/core/text/without-secrets.ts';
import type { LiveMatcher } from '../../lib/pipeline/live-matcher.ts';
import type { ControlStore } from '../../lib/pipeline/ports/control-store.ts';
import type { Log } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { numberSetting, setting } from './environment.ts';

/** The parts of the world, each made from the settings of the function that asks for it; bundles hold what they use. */

/** How long what matched is kept, and what matched nothing. */
export const keptDays = () => ({
  retentionDays: numberSetting('RETENTION_DAYS'),
  unmatchedDays: numberSetting('UNMATCHED_DAYS'),
});

/** What one SMS is taken to cost, in US dollars. */
export const smsUsd = (): number => numberSetting('SMS_USD');

/** Counts what this process asks of AWS; `metered` adds it to the table. */
export const meter = usageMeter();

export function openStore(): Store {
  return dynamoStore(meter.dynamo(new DynamoDBClient({})), { name: setting('TABLE'), ...keptDays() });
}

export function openBucket() {
  // Path style is what a bucket behind any endpoint understands.
  return s3Objects(meter.s3(new S3Client({ forcePathStyle: true })), setting('BUCKET'));
}

export function openWatchlist(control: ControlStore): () => Promise<LiveMatcher | null> {
  return liveWatchlist({ control, getObject: openBucket().getObject, now: Date.now, log });
}

export const openPublish = () => snsPublish(meter.sns(new SNSClient({})));
/** What they are made with is for who makes topics, or renews them. */
export const openTopics = (made: TopicsMade = {}) =>
  snsTopics(meter.sns(new SNSClient({})), setting('TOPIC_PREFIX'), made);

/** Whether anybody hears what is published to a topic. */
export function openHearing(topicArn: string): () => Promise<boolean> {
  const client = meter.sns(new SNSClient({}));
  return () => isHeard(client, topicArn);
}

export const openSmsAccount = () => snsSmsAccount(meter.sns(new SNSClient({})));
export const openQueue = () => sqsSend(meter.sqs(new SQSClient({})), setting('QUEUE_URL'));

export function openQueueCounts() {
  return queueCounts(meter.sqs(new SQSClient({})), {
    polls: setting('QUEUE_URL'),
    deadLetters: setting('DEAD_LETTERS_URL'),
    undelivered: setting('UNDELIVERED_URL'),
  });
}

export const openLostAlerts = () => lostAlerts(meter.sqs(new SQSClient({})), setting('LOST_ALERTS_URL'));

/** Empties what only says that work was lost on its way: the table knows the work. */
export const openPurge = () =>
  purgeQueues(meter.sqs(new SQSClient({})), [setting('DEAD_LETTERS_URL'), setting('UNDELIVERED_URL')]);

const logger = new Logger();

/** Others' words, which may quote anything. */
const quoted = ['error', 'problem'];

/** One structured line per outcome; trouble is told apart by its level. */
export const log: Log = ({ event, ...fields }) => {
  const line = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      quoted.includes(name) && typeof value === 'string' ? withoutSecrets(value) : value,
    ]),
  );
  if ('error' in fields) logger.error(event, line);
  else logger.info(event, line);
};
