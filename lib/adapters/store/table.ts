import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Lately } from '../../pipeline/ports/feed-store.ts';

export type Key = { readonly pk: string; readonly sk: string };
export type Row = Key & { readonly [attribute: string]: unknown };

/** The table as the row files use it: plain values in and out, conditions as a boolean. Keys are decision 0001's. */
export type Table = {
  get(key: Key): Promise<Row | null>;
  getMany(keys: readonly Key[], how?: Lately): Promise<readonly Row[]>;
  put(row: Row): Promise<void>;
  /** False where the condition did not hold. */
  putIf(row: Row, condition: string, values?: Record<string, unknown>): Promise<boolean>;
  /** False where the condition did not hold. */
  update(key: Key, change: Change): Promise<boolean>;
  remove(key: Key): Promise<void>;
  /** All or nothing; false where a condition did not hold or another writer was at it. Costs twice its write units. */
  transact(writes: readonly Write[]): Promise<boolean>;
  query(input: Omit<QueryCommandInput, 'TableName'>): Promise<{ rows: readonly Row[]; next: Row | null }>;
  queryAll(input: Omit<QueryCommandInput, 'TableName'>): Promise<readonly Row[]>;
};

export type Write =
  | { readonly put: Row; readonly condition?: string; readonly values?: Record<string, unknown> }
  | { readonly remove: Key };

export type Change = {
  readonly set: string;
  readonly condition?: string;
  readonly values?: Record<string, unknown>;
  readonly names?: Record<string, string>;
};

export function dynamoTable(client: DynamoDBClient, name: string): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  const query: Table['query'] = async (input) => {
    const page = await documents.send(new QueryCommand({ ...input, TableName: name }));
    return { rows: (page.Items ?? []) as Row[], next: (page.LastEvaluatedKey as Row | undefined) ?? null };
  };

  return {
    query,
    async queryAll(input) {
      const rows: Row[] = [];
      let from: Row | null = null;
      do {
        const page = await query({ ...input, ...(from === null ? {} : { ExclusiveStartKey: from }) });
        rows.push(...page.rows);
        from = page.next;
      } while (from !== null);
      return rows;
    },
    async get(key) {
      const answer = await documents.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }));
      return (answer.Item as Row | undefined) ?? null;
    },
    async getMany(asked, how) {
      // A key named twice has the whole call refused.
      const keys = [...new Map(asked.map((key) => [`${key.pk}\n${key.sk}`, key])).values()];
      const rows: Row[] = [];
      // BatchGetItem takes 100 keys and may leave some of them for another call.
      for (let at = 0; at < keys.length; at += 100) {
        let wanted: BatchGetCommandInput['RequestItems'] = {
          [name]: {
            Keys: keys.slice(at, at + 100).map(({ pk, sk }) => ({ pk, sk })),
            ConsistentRead: how !== 'lately',
          },
        };
        while (wanted !== undefined && Object.keys(wanted).length > 0) {
          const answer: Awaited<ReturnType<typeof getBatch>> = await getBatch(wanted);
          rows.push(...((answer.Responses?.[name] ?? []) as Row[]));
          wanted = answer.UnprocessedKeys;
        }
      }
      return rows;
    },
    async put(row) {
      await documents.send(new PutCommand({ TableName: name, Item: row }));
    },
    putIf: (row, condition, values) =>
      held(() =>
        documents.send(
          new PutCommand({
            TableName: name,
            Item: row,
            ConditionExpression: condition,
            ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
          }),
        ),
      ),
    update: (key, change) => held(() => documents.send(new UpdateCommand(updateInput(name, key, change)))),
    async remove(key) {
      await documents.send(new DeleteCommand({ TableName: name, Key: key }));
    },
    transact: (writes) =>
      held(() =>
        documents.send(new TransactWriteCommand({ TransactItems: writes.map((write) => transactItem(name, write)) })),
      ),
  };

  function getBatch(wanted: NonNullable<BatchGetCommandInput['RequestItems']>) {
    return documents.send(new BatchGetCommand({ RequestItems: wanted }));
  }
}

function transactItem(table: string, write: Write) {
  if ('remove' in write) return { Delete: { TableName: table, Key: write.remove } };
  return {
    Put: {
      TableName: table,
      Item: write.put,
      ...(write.condition === undefined ? {} : { ConditionExpression: write.condition }),
      ...(write.values === undefined ? {} : { ExpressionAttributeValues: write.values }),
    },
  };
}

function updateInput(table: string, key: Key, change: Change): UpdateCommandInput {
  return {
    TableName: table,
    Key: key,
    UpdateExpression: change.set,
    ...(change.condition === undefined ? {} : { ConditionExpression: change.condition }),
    ...(change.values === undefined ? {} : { ExpressionAttributeValues: change.values }),
    ...(change.names === undefined ? {} : { ExpressionAttributeNames: change.names }),
  };
}

async function held(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || lostToAnother(error)) return false;
    throw error;
  }
}

/** Whether a transaction was given up for a condition, or for a writer who was at the same rows. */
function lostToAnother(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return codes.every((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}
