import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import type { Invoked } from '../../lib/local/function-pool.ts';
import { type QueueSource, startQueueSource } from '../../lib/local/queue-source.ts';
import { startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type Event = { readonly Records: { body: string; messageId: string; attributes: Record<string, string> }[] };

async function reading(answer: (event: Event) => Promise<Invoked>, source: Partial<QueueSource> = {}) {
  const queues = await startQueuesAndBuckets(join(temporaryFolder(), 'queues'));
  const arn = 'arn:aws:sqs:us-east-1:000000000000:';
  queues.queue('dead', {});
  const queueUrl = queues.queue('work', {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${arn}dead`, maxReceiveCount: 2 }),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: queues.endpoint, region: 'us-east-1', credentials });
  const batches: string[][] = [];
  const reader = startQueueSource(
    {
      queueArn: `${arn}work`,
      queueUrl,
      batchSize: 10,
      windowMs: 0,
      reportsFailures: true,
      maxConcurrency: 2,
      toRunTimeMs: (ms) => ms - 1_000_000,
      invoke: async (event) => {
        batches.push((event as Event).Records.map(({ body }) => body));
        return answer(event as Event);
      },
      ...source,
    },
    sqs,
    () => {},
  );
  onTestFinished(async () => {
    await reader.stop();
    sqs.destroy();
    await queues.close();
  });
  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  return { queues, batches, send };
}

const fine: Invoked = { kind: 'returned', payload: null };

test('what is done leaves the queue; times in a message are of the run’s clock', async () => {
  const times: number[] = [];
  const { queues, send } = await reading(async ({ Records }) => {
    times.push(Number(Records[0]?.attributes.SentTimestamp));
    return fine;
  });
  await send('a');
  await eventually('the queue is empty', () => times.length === 1 && queues.depth('work') === 0);
  expect(Math.abs((times[0] as number) - (Date.now() - 1_000_000))).toBeLessThan(5000);
});

test('a message reported as failed comes again, the others do not; one that always fails ends with the dead letters', async () => {
  const { queues, batches, send } = await reading(
    async ({ Records }) => ({
      kind: 'returned',
      payload: {
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
          itemIdentifier: messageId,
        })),
      },
    }),
    { windowMs: 200 },
  );
  await Promise.all([send('good'), send('bad')]);
  await eventually('the bad one is dead', () => queues.depth('dead') === 1);
  expect(queues.depth('work')).toBe(0);
  const seen = batches.flat();
  expect([seen.filter((body) => body === 'good').length, seen.filter((body) => body === 'bad').length]).toEqual([1, 2]);
});

test('a function that fails returns its whole batch', async () => {
  const failed: Invoked = { kind: 'failed', error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
  const { queues, batches, send } = await reading(async () => failed);
  await send('a');
  await eventually('it is dead after two tries', () => queues.depth('dead') === 1);
  expect(batches).toEqual([['a'], ['a']]);
});

test('no more invocations at once than the template allows', async () => {
  let running = 0;
  let most = 0;
  const { queues, send } = await reading(
    async () => {
      most = Math.max(most, ++running);
      await sleep(60);
      running--;
      return fine;
    },
    { batchSize: 1 },
  );
  await Promise.all(Array.from({ length: 8 }, (_, index) => send(String(index))));
  await eventually('all are done', () => queues.depth('work') === 0);
  expect(most).toBe(2);
});

test('messages that were with a reader when the run ended come back at the next start, counted', async () => {
  const dir = join(temporaryFolder(), 'queues');
  const first = await startQueuesAndBuckets(dir);
  const QueueUrl = first.queue('work', { VisibilityTimeout: '600' });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: first.endpoint, region: 'us-east-1', credentials });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  sqs.destroy();
  await first.close();

  const second = await startQueuesAndBuckets(dir);
  const again = new SQSClient({ endpoint: second.endpoint, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    again.destroy();
    await second.close();
  });
  const { Messages } = await again.send(
    new ReceiveMessageCommand({ QueueUrl: second.queueUrl('work'), MessageSystemAttributeNames: ['All'] }),
  );
  expect(Messages?.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount])).toEqual([['a', '2']]);
});
