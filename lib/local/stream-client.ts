import { region } from './resolve.ts';

/** A change of the table as the stream holds it; the very form in which Lambda hands it to a function. */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime?: number };
};

export type Shard = { readonly ShardId: string; readonly ParentShardId?: string };

export type StreamClient = {
  shards(): Promise<readonly Shard[]>;
  /** Null as the sequence number: from the oldest record that is left. */
  iterator(shardId: string, after: string | null): Promise<string>;
  records(iterator: string): Promise<{ readonly Records: StreamRecord[]; readonly NextShardIterator?: string }>;
};

/** The stream cannot be read from there: trimmed, or the shard is gone. */
export class PositionLostError extends Error {}

const lost = /TrimmedDataAccessException|ResourceNotFoundException|ExpiredIteratorException|ValidationException/;

/**
 * The four calls of DynamoDB Streams. Spoken directly, since the wire form of a record is what Lambda passes on, and the
 * SDK would have to be undone.
 */
export function streamClient(endpoint: string, accessKeyId: string, streamArn: string): StreamClient {
  const call = async (operation: string, body: unknown): Promise<unknown> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { __type?: string; message?: string; Message?: string };
    if (response.ok) return answer;
    const said = `${operation}: ${answer.__type}: ${answer.message ?? answer.Message}`;
    throw lost.test(answer.__type ?? '') ? new PositionLostError(said) : new Error(said);
  };

  return {
    shards: async () => {
      const found: Shard[] = [];
      for (let from: string | undefined; ; ) {
        const { StreamDescription } = (await call('DescribeStream', {
          StreamArn: streamArn,
          ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
        })) as { StreamDescription: { Shards: Shard[]; LastEvaluatedShardId?: string } };
        found.push(...StreamDescription.Shards);
        from = StreamDescription.LastEvaluatedShardId;
        if (from === undefined) return found;
      }
    },
    iterator: async (shardId, after) => {
      const { ShardIterator } = (await call('GetShardIterator', {
        StreamArn: streamArn,
        ShardId: shardId,
        ...(after === null
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
      })) as { ShardIterator: string };
      return ShardIterator;
    },
    records: async (iterator) =>
      (await call('GetRecords', { ShardIterator: iterator, Limit: 1000 })) as Awaited<
        ReturnType<StreamClient['records']>
      >,
  };
}
