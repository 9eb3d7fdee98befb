import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { itemBytes } from '../../../lib/adapters/store/item-size.ts';

/** By `pk` and `sk` in one string. */
export type StoredRows = ReadonlyMap<string, StoredRow>;

export type StoredRow = {
  readonly bytes: number;
  readonly isInIndex: boolean;
  /** Epoch seconds; null where the row stays. */
  readonly expires: number | null;
};

/** Bytes held on a day once as much ends as is written. */
export type Kept = {
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** Of both, if each row were kept as long as those that are kept longest. */
  readonly bytesIfAllAsLong: number;
};

/** What AWS adds to each item, and to each item of an index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const bytesOfItem = 100;
/** Expired rows go within a few days: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
const lateDays = 2;
const dayMs = 86_400_000;

export async function storedRows(client: DynamoDBClient, table: string): Promise<StoredRows> {
  const rows = new Map<string, StoredRow>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) {
      const row = unmarshall(item);
      const expires = typeof row.expires === 'number' ? row.expires : null;
      const isInIndex = row.workPk !== undefined;
      rows.set(`${row.pk}\n${row.sk}`, { bytes: itemBytes(row) + bytesOfItem, isInIndex, expires });
    }
  }
  return rows;
}

/** From the rows that a stretch added, each for as long as its own `expires` says, and those that stay. */
export function keptOnceFull(before: StoredRows, after: StoredRows, from: Date, hours: number): Kept {
  const added = [...after].flatMap(([key, row]) => (row.expires === null || before.has(key) ? [] : [row]));
  const staying = [...after.values()].filter(({ expires }) => expires === null);
  const daysOf = ({ expires }: StoredRow) => ((expires ?? 0) * 1_000 - from.getTime()) / dayMs + lateDays;
  const longest = Math.max(0, ...added.map(daysOf));
  const held = (daysEach: (row: StoredRow) => number, weigh: (row: StoredRow) => number) =>
    added.reduce((sum, row) => sum + (weigh(row) * daysEach(row) * 24) / hours, 0) +
    staying.reduce((sum, row) => sum + weigh(row), 0);
  const inTable = ({ bytes }: StoredRow) => bytes;
  const inIndex = ({ bytes, isInIndex }: StoredRow) => (isInIndex ? bytes : 0);
  return {
    tableBytes: held(daysOf, inTable),
    indexBytes: held(daysOf, inIndex),
    bytesIfAllAsLong: held(() => longest, inTable) + held(() => longest, inIndex),
  };
}
