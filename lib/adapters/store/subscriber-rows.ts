import { defaultPreferences, type Subscriber } from '../../core/subscriber/subscriber.ts';
import { emptyTally, type Tally } from '../../core/subscriber/tally.ts';
import type { SubscriberStore } from '../../pipeline/ports/subscriber-store.ts';
import type { Key, Row, Table } from './table.ts';

/** Subscribers lie together, for each decision reads them all; their tallies change with each message, and lie apart. */
export function subscriberRows(table: Table): SubscriberStore {
  const key = (id: string): Key => ({ pk: 'SUBSCRIBERS', sk: id });
  const tallyKey = (id: string): Key => ({ pk: `TALLY#${id}`, sk: 'TALLY' });
  return {
    async list() {
      const rows = await table.queryAll({
        KeyConditionExpression: 'pk = :all',
        ExpressionAttributeValues: { ':all': 'SUBSCRIBERS' },
        ConsistentRead: true,
      });
      return rows.map(toSubscriber);
    },
    async get(id) {
      const row = await table.get(key(id));
      return row === null ? null : toSubscriber(row);
    },
    put: (subscriber) => table.put({ ...key(subscriber.id), kind: 'subscriber', v: 2, row: subscriber }),
    async remove(id) {
      await table.remove(tallyKey(id));
      await table.remove(key(id));
    },
    async tally(id) {
      const row = await table.get(tallyKey(id));
      return row === null
        ? { tally: emptyTally, revision: 0 }
        : { tally: row.tally as Tally, revision: row.revision as number };
    },
    putTally: (id, tally, readRevision) =>
      table.putIf(
        { ...tallyKey(id), kind: 'tally', v: 1, tally, revision: readRevision + 1 },
        readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
        readRevision === 0 ? undefined : { ':read': readRevision },
      ),
  };
}

/** A row of the first layout knew fewer preferences: it is read as if its reader had asked for nothing else. */
function toSubscriber(row: Row): Subscriber {
  return {
    ...defaultPreferences,
    consent: null,
    confirmed: null,
    ...(row.row as Omit<Subscriber, 'consent' | 'confirmed'>),
  };
}
