import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type LostAlert, type LostAlerts, mostLookedAt } from '../pipeline/lost-alerts.ts';

/** The most that SQS hands out at once. */
const handful = 10;
/** So long a look hides what it sees, so that its next question is answered by others. */
const lookHidesSeconds = 2;
const lookWaitsSeconds = 1;
/** Longer than a look hides: a redrive right after doctor finds what doctor saw. */
const takeWaitsSeconds = 3;

/** The queue to which SNS redrives what a reader's endpoint kept refusing. */
export function lostAlerts(client: SQSClient, url: string): LostAlerts {
  // One that waits asks all of SQS's servers; else some, and may miss what is there.
  const receive = async (waitSeconds: number, hideSeconds?: number): Promise<readonly Message[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: handful,
        MessageSystemAttributeNames: ['SentTimestamp'],
        WaitTimeSeconds: waitSeconds,
        ...(hideSeconds === undefined ? {} : { VisibilityTimeout: hideSeconds }),
      }),
    );
    return Messages;
  };
  return {
    async look() {
      const seen = new Map<string, LostAlert>();
      for (let asked = 0; asked < mostLookedAt / handful; asked += 1) {
        const messages = await receive(lookWaitsSeconds, lookHidesSeconds);
        for (const message of messages) {
          const alert = readLostAlert(message);
          if (alert !== null) seen.set(message.MessageId ?? '', alert);
        }
        if (messages.length === 0) break;
      }
      return [...seen.values()];
    },
    take: async () =>
      (await receive(takeWaitsSeconds)).map((message) => ({
        receipt: message.ReceiptHandle ?? '',
        alert: readLostAlert(message),
      })),
    async remove(receipt) {
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
    },
  };
}

/** SNS writes to the queue what it had posted to the endpoint. Null for anything else. */
export function readLostAlert({ Body = '', Attributes }: Message): LostAlert | null {
  let posted: unknown;
  try {
    posted = JSON.parse(Body);
  } catch {
    return null;
  }
  if (typeof posted !== 'object' || posted === null) return null;
  const { TopicArn, Subject, Message: body } = posted as Readonly<Record<string, unknown>>;
  if (typeof TopicArn !== 'string' || typeof body !== 'string' || body === '') return null;
  const lost = new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString();
  return { topicArn: TopicArn, subject: typeof Subject === 'string' ? Subject : null, body, lost };
}
