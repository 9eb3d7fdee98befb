import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { nothingRunning, type RunningState } from '../../core/watchlist/running.ts';
import type { ControlStore, Store, WatchlistVersion } from '../../pipeline/ports.ts';
import { feedRows } from './feed-rows.ts';
import { ledgerRows } from './ledger-rows.ts';
import { seriesRows } from './series-rows.ts';
import { storyRows } from './story-rows.ts';
import { subscriberRows } from './subscriber-rows.ts';
import { dynamoTable, type Table } from './table.ts';

/** The store on one DynamoDB table, laid out as docs/decisions/0001 says. */
export function dynamoStore(client: DynamoDBClient, table: { name: string; retentionDays: number }): Store {
  const rows = dynamoTable(client, table.name);
  return {
    feeds: feedRows(rows),
    stories: storyRows(rows, table.retentionDays),
    ledger: ledgerRows(rows, table.retentionDays),
    subscribers: subscriberRows(rows),
    control: controlRows(rows),
    series: seriesRows(rows, table.retentionDays),
  };
}

function controlRows(table: Table): ControlStore {
  const live = { pk: 'WATCHLIST', sk: 'LIVE' };
  const running = { pk: 'WATCHLIST', sk: 'RUNNING' };
  const beatKey = (name: string) => ({ pk: 'BEAT', sk: name });
  return {
    async liveWatchlist() {
      return ((await table.get(live))?.row as WatchlistVersion | undefined) ?? null;
    },
    async putWatchlist(version) {
      await table.put({ pk: 'WATCHLIST', sk: `VERSION#${version.applied}`, kind: 'watchlist', v: 1, row: version });
      await table.put({ ...live, kind: 'watchlist', v: 1, row: version });
    },
    async running() {
      const row = await table.get(running);
      return row === null
        ? { state: nothingRunning, revision: 0 }
        : { state: row.state as RunningState, revision: row.revision as number };
    },
    putRunning: (state, readRevision) =>
      table.putIf(
        { ...running, kind: 'running', v: 1, state, revision: readRevision + 1 },
        readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
        readRevision === 0 ? undefined : { ':read': readRevision },
      ),
    async beat(name) {
      const row = await table.get(beatKey(name));
      return row === null ? null : { at: row.at as string, note: row.note };
    },
    putBeat: (name, at, note) => table.put({ ...beatKey(name), kind: 'beat', v: 1, at, note }),
  };
}
