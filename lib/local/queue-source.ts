import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { failedItems } from './batch-failures.ts';
import type { Invoked } from './function-pool.ts';
import type { Log } from './local-event.ts';
import { region } from './resolve.ts';

export type QueueSource = {
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly reportsFailures: boolean;
  readonly maxConcurrency: number;
  invoke(event: unknown): Promise<Invoked>;
  /** From real to the run's own time, for the times in a message's attributes. */
  toRunTimeMs(realMs: number): number;
};

const longestPollSeconds = 20;
const longestBatch = 10;

/** Reads a queue and calls the function, as an event source mapping of Lambda does. Messages it does not confirm return. */
export function startQueueSource(source: QueueSource, sqs: SQSClient, log: Log): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();

  const receive = async (most: number, waitSeconds: number): Promise<readonly Message[]> => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: source.queueUrl,
        MaxNumberOfMessages: Math.min(most, longestBatch),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return Messages ?? [];
  };

  const gather = async (): Promise<readonly Message[]> => {
    const first = await receive(source.batchSize, longestPollSeconds);
    if (first.length === 0) return first;
    const batch = [...first];
    const closes = Date.now() + source.windowMs;
    while (batch.length < source.batchSize) {
      const more = await receive(source.batchSize - batch.length, 0);
      batch.push(...more);
      if (more.length > 0) continue;
      const left = closes - Date.now();
      if (left <= 0) break;
      await sleep(Math.min(left, 50), undefined, { signal: stopping.signal });
    }
    return batch;
  };

  const deliver = async (messages: readonly Message[]): Promise<void> => {
    const invoked = await source.invoke({ Records: messages.map((message) => record(message, source)) });
    const ids = messages.map(({ MessageId }) => MessageId as string);
    const failed = invoked.kind === 'failed' ? ids : source.reportsFailures ? (failedItems(invoked, ids) ?? ids) : [];
    const done = messages.filter(({ MessageId }) => !failed.includes(MessageId as string));
    for (let at = 0; at < done.length; at += longestBatch) {
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: source.queueUrl,
          Entries: done.slice(at, at + longestBatch).map(({ MessageId, ReceiptHandle }) => ({
            Id: MessageId as string,
            ReceiptHandle: ReceiptHandle as string,
          })),
        }),
      );
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (inFlight.size >= source.maxConcurrency) {
        await Promise.race(inFlight);
        continue;
      }
      try {
        const messages = await gather();
        if (messages.length === 0) continue;
        const delivery = deliver(messages)
          .catch((error: unknown) => {
            log({ kind: 'error', message: `reading ${source.queueArn}: ${(error as Error).message}` });
          })
          .finally(() => inFlight.delete(delivery));
        inFlight.add(delivery);
      } catch (error) {
        if (stopping.signal.aborted) return;
        log({ kind: 'error', message: `reading ${source.queueArn}: ${(error as Error).message}` });
        await sleep(500);
      }
    }
  };

  const looping = loop();
  return {
    stop: async () => {
      stopping.abort();
      await looping;
      await Promise.all(inFlight);
    },
  };
}

function record(message: Message, source: QueueSource): unknown {
  const attributes: Record<string, string | undefined> = { ...message.Attributes };
  for (const name of ['SentTimestamp', 'ApproximateFirstReceiveTimestamp']) {
    const realMs = attributes[name];
    if (realMs !== undefined) attributes[name] = String(Math.floor(source.toRunTimeMs(Number(realMs))));
  }
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        { stringValue: value.StringValue, dataType: value.DataType },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: source.queueArn,
    awsRegion: region,
  };
}
