import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Publish } from '../pipeline/ports/outside.ts';
import type { PollMessage } from '../pipeline/schedule.ts';

/** Publishes one message to one topic. Lists become String.Array attributes, which filter policies look into. */
export function snsPublish(client: SNSClient): Publish {
  return async (message) => {
    await client.send(
      new PublishCommand({
        TopicArn: message.topicArn,
        Message: message.body,
        ...(message.subject === null ? {} : { Subject: message.subject }),
        ...(message.attributes === undefined ? {} : { MessageAttributes: toAttributes(message.attributes) }),
      }),
    );
  };
}

function toAttributes(attributes: Readonly<Record<string, string | readonly string[]>>) {
  const entries = Object.entries(attributes).map(([name, value]): [string, MessageAttributeValue] => [
    name,
    typeof value === 'string'
      ? { DataType: 'String', StringValue: value }
      : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
  ]);
  return Object.fromEntries(entries);
}

export function sqsSend(client: SQSClient, queueUrl: string): (batches: readonly PollMessage[]) => Promise<void> {
  return async (batches) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(batches) }));
  };
}

/** The bucket of compiled watchlists: whole objects in, whole objects out, compressed on the way (to a quarter). */
export function s3Objects(client: S3Client, bucket: string) {
  return {
    async getObject(key: string): Promise<Uint8Array> {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (answer.Body === undefined) throw new Error(`object without a body: ${key}`);
      return zstdDecompressSync(await answer.Body.transformToByteArray());
    },
    async putObject(key: string, body: Uint8Array): Promise<void> {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: zstdCompressSync(body),
          ContentType: 'application/zstd',
        }),
      );
    },
  };
}
