import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { PlainError } from '../core/plain-error.ts';

export type TableOptions = {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** False where the clock is not ours: DynamoDB Local would expire rows by the real one. */
  readonly expires: boolean;
};

/** Creates the table as the template has it, or brings an existing one up to it. Returns its stream's ARN, if it has one. */
export async function createTable(client: DynamoDBClient, options: TableOptions): Promise<string | null> {
  const existing = await describe(client, options.name);
  if (existing !== null) return bringUpToDate(client, existing, options);
  const { TableDescription: made } = await client.send(new CreateTableCommand(createInput(options)));
  const ttl = options.properties.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean } | undefined;
  if (ttl?.Enabled === true && options.expires) {
    await client.send(new UpdateTimeToLiveCommand({ TableName: options.name, TimeToLiveSpecification: ttl }));
  }
  return made?.LatestStreamArn ?? null;
}

function createInput({ name, properties }: TableOptions): CreateTableCommandInput {
  const stream = properties.StreamSpecification as { StreamViewType: 'NEW_IMAGE' } | undefined;
  return {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions as CreateTableCommandInput['AttributeDefinitions'],
    KeySchema: properties.KeySchema as CreateTableCommandInput['KeySchema'],
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes as CreateTableCommandInput['GlobalSecondaryIndexes'],
    // Nothing is throttled here, so provisioned units would say nothing.
    BillingMode: 'PAY_PER_REQUEST',
    ...(stream === undefined ? {} : { StreamSpecification: { ...stream, StreamEnabled: true } }),
  };
}

async function bringUpToDate(
  client: DynamoDBClient,
  existing: TableDescription,
  options: TableOptions,
): Promise<string | null> {
  const wanted = createInput(options);
  if (keysOf(existing.KeySchema) !== keysOf(wanted.KeySchema)) {
    throw new PlainError(
      `The table ${options.name} in this data directory has the keys ${keysOf(existing.KeySchema)}, and the template wants ${keysOf(wanted.KeySchema)}; choose another directory with --data.`,
    );
  }
  const known = new Set(existing.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  for (const index of wanted.GlobalSecondaryIndexes ?? []) {
    if (known.has(index.IndexName)) continue;
    await client.send(
      new UpdateTableCommand({
        TableName: options.name,
        AttributeDefinitions: wanted.AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      }),
    );
  }
  return existing.LatestStreamArn ?? null;
}

function keysOf(schema: CreateTableCommandInput['KeySchema']): string {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ');
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | null> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}
