import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { addUsage, noUsage, type Usage } from '../core/cost/usage.ts';

/** Counts what the clients it watches ask of AWS. One for a whole process. */
export type UsageMeter = {
  dynamo(client: DynamoDBClient): DynamoDBClient;
  s3(client: S3Client): S3Client;
  sns(client: SNSClient): SNSClient;
  sqs(client: SQSClient): SQSClient;
  add(used: Partial<Usage>): void;
  /** What was counted since the last taking. */
  take(): Usage;
};

type Answer = { readonly $metadata?: { readonly attempts?: number; readonly httpStatusCode?: number } };

/** What a command of each service counts as, by its name (`GetItemCommand`). */
type CountsAs = (command: string, answer: unknown) => Partial<Usage>;

export function usageMeter(): UsageMeter {
  let counted = noUsage;
  const add = (used: Partial<Usage>) => {
    counted = addUsage(counted, used);
  };
  const watch = <Client>(client: Client, countsAs: CountsAs): Client => {
    // The SDK types a middleware by its client's own commands; this one looks at none of their fields.
    const { middlewareStack } = client as unknown as DynamoDBClient;
    middlewareStack.add(
      (next, context) => async (args) => {
        const command = String(context.commandName);
        const isDynamo = countsAs === units;
        const input = isDynamo ? { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const } : args.input;
        try {
          const result = await next({ ...args, input });
          add(countsAs(command, result.output));
          add(throttles(result.output));
          return result;
        } catch (error) {
          // A write whose condition fails costs as much as one that goes through, and its answer does not say how much.
          if (isDynamo && isConditionFailure(error)) add({ writeUnits: 1 });
          if (isThrottle(error)) add({ retried: 1 });
          throw error;
        }
      },
      { step: 'initialize', name: 'countUsage', override: true },
    );
    return client;
  };
  return {
    dynamo: (client) => watch(client, units),
    s3: (client) => watch(client, (command) => (command.startsWith('Get') ? { s3Reads: 1 } : { s3Writes: 1 })),
    sns: (client) => watch(client, () => ({ snsRequests: 1 })),
    sqs: (client) => watch(client, () => ({ sqsRequests: 1 })),
    add,
    take() {
      const taken = counted;
      counted = noUsage;
      return taken;
    },
  };
}

const reading = /^(Get|BatchGet|Query)/;

function units(command: string, answer: unknown): Partial<Usage> {
  const consumed = (answer as { ConsumedCapacity?: unknown }).ConsumedCapacity;
  const used = [consumed]
    .flat()
    .reduce((sum: number, one) => sum + ((one as { CapacityUnits?: number } | undefined)?.CapacityUnits ?? 0), 0);
  if (reading.test(command)) return { readUnits: used };
  return command.startsWith('Transact') ? { transactedUnits: used } : { writeUnits: used };
}

/** The SDK tries again by itself, and says how often. */
function throttles(answer: unknown): Partial<Usage> {
  const attempts = (answer as Answer).$metadata?.attempts ?? 1;
  return attempts > 1 ? { retried: attempts - 1 } : {};
}

function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

function isThrottle(error: unknown): boolean {
  return error instanceof Error && /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/.test(error.name);
}
