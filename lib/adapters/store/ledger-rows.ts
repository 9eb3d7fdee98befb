import type { LedgerRow, LedgerStore } from '../../pipeline/ports/ledger-store.ts';
import type { Key, Row, Table } from './table.ts';

const ledgerKey = (row: Pick<LedgerRow, 'storyline' | 'state' | 'subscriber'>): Key => ({
  pk: `STORYLINE#${row.storyline}`,
  sk: `ALERT#${row.state}#${row.subscriber}`,
});

export function ledgerRows(table: Table, retentionDays: number): LedgerStore {
  return {
    claim: (row) =>
      table.putIf(
        {
          ...ledgerKey(row),
          kind: 'alert',
          v: 1,
          row: { ...row, sent: null },
          ...(row.held === null
            ? { workPk: 'WORK#claim', workSk: row.claimed }
            : { workPk: 'WORK#held', workSk: heldKey(row) }),
          expires: Math.floor(Date.parse(row.seen) / 1000) + retentionDays * 86_400,
        },
        'attribute_not_exists(pk)',
      ),
    async due(before, limit) {
      const page = await table.query({
        IndexName: 'byWork',
        KeyConditionExpression: 'workPk = :work AND workSk < :before',
        ExpressionAttributeValues: { ':work': 'WORK#held', ':before': before },
        Limit: limit,
      });
      return page.rows.map(toLedgerRow);
    },
    async heldUntil(until, subscriber, limit) {
      const page = await table.query({
        IndexName: 'byWork',
        KeyConditionExpression: 'workPk = :work AND workSk = :held',
        ExpressionAttributeValues: {
          ':work': 'WORK#held',
          ':held': heldKey({ subscriber, held: { until, why: 'confirmation' } }),
        },
        Limit: limit,
      });
      return page.rows.map(toLedgerRow);
    },
    take: (row, now) =>
      table.update(ledgerKey(row), {
        set: 'SET #row.held = :none, #row.waited = :why, #row.claimed = :now, workPk = :claim, workSk = :now',
        condition: 'workPk = :held AND workSk = :before',
        names: { '#row': 'row' },
        values: {
          ':none': null,
          ':why': row.held?.why ?? null,
          ':now': now,
          ':claim': 'WORK#claim',
          ':held': 'WORK#held',
          ':before': heldKey(row),
        },
      }),
    async postpone(row, held) {
      await table.update(ledgerKey(row), {
        set: 'SET #row.held = :held, workSk = :later',
        condition: 'workPk = :work AND workSk = :before',
        names: { '#row': 'row' },
        values: { ':held': held, ':later': heldKey({ ...row, held }), ':work': 'WORK#held', ':before': heldKey(row) },
      });
    },
    reclaim: (row, now) =>
      table.update(ledgerKey(row), {
        set: 'SET #row.claimed = :now, workSk = :now',
        condition: 'workPk = :work AND workSk = :before',
        names: { '#row': 'row' },
        values: { ':now': now, ':work': 'WORK#claim', ':before': row.claimed },
      }),
    async markSent(row, sent) {
      await table.update(ledgerKey(row), {
        set: 'SET #row.sent = :sent, workPk = :day, workSk = :sent',
        names: { '#row': 'row' },
        values: { ':sent': sent, ':day': `SENT#${sent.slice(0, 10)}`, ':work': 'WORK#claim' },
        // Sent once is enough: a late second sender does not move the time.
        condition: 'workPk = :work',
      });
    },
    async end(row) {
      await table.update(ledgerKey(row), {
        set: 'REMOVE workPk, workSk',
        condition: 'workPk = :work',
        values: { ':work': 'WORK#claim' },
      });
    },
    async unsent(before, limit) {
      const page = await table.query({
        IndexName: 'byWork',
        KeyConditionExpression: 'workPk = :work AND workSk < :before',
        ExpressionAttributeValues: { ':work': 'WORK#claim', ':before': before },
        Limit: limit,
      });
      return page.rows.map(toLedgerRow);
    },
    async sentOn(day, limit) {
      const page = await table.query({
        IndexName: 'byWork',
        KeyConditionExpression: 'workPk = :day',
        ExpressionAttributeValues: { ':day': `SENT#${day}` },
        ScanIndexForward: false,
        Limit: limit,
      });
      return page.rows.map(toLedgerRow);
    },
    async ofStoryline(storyline) {
      const rows = await table.queryAll({
        KeyConditionExpression: 'pk = :storyline AND begins_with(sk, :alert)',
        ExpressionAttributeValues: { ':storyline': `STORYLINE#${storyline}`, ':alert': 'ALERT#' },
        // Who was told a moment ago is not told that it is new, but what has come since.
        ConsistentRead: true,
      });
      return rows.map(toLedgerRow);
    },
  };
}

/** Held rows are read in the order of their time, and those of one reader and time side by side. */
function heldKey(row: Pick<LedgerRow, 'held' | 'subscriber'>): string {
  return `${row.held?.until ?? ''}#${row.subscriber}`;
}

/** Rows of the first layout were never held. */
function toLedgerRow(row: Row): LedgerRow {
  return { held: null, waited: null, ...(row.row as Omit<LedgerRow, 'held' | 'waited'>) };
}
