import { GetQueueAttributesCommand, PurgeQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueCounts } from '../pipeline/run-findings.ts';

/** How many messages wait in each of these queues. */
export function queueCounts(
  client: SQSClient,
  urls: Readonly<Record<keyof QueueCounts, string>>,
): () => Promise<QueueCounts> {
  const count = async (url: string): Promise<number> => {
    const answer = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(answer.Attributes?.ApproximateNumberOfMessages ?? 0);
  };
  return async () => {
    const [polls, deadLetters, undelivered] = await Promise.all([
      count(urls.polls),
      count(urls.deadLetters),
      count(urls.undelivered),
    ]);
    return { polls, deadLetters, undelivered };
  };
}

/** Empties queues. Twice within a minute is once: SQS says so by an error, which is none for us. */
export function purgeQueues(client: SQSClient, urls: readonly string[]): () => Promise<void> {
  return async () => {
    for (const url of urls) {
      try {
        await client.send(new PurgeQueueCommand({ QueueUrl: url }));
      } catch (error) {
        if (!(error instanceof Error && error.name.endsWith('PurgeQueueInProgress'))) throw error;
      }
    }
  };
}
