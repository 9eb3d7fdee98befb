import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Usage, usageFields } from '../../core/cost/usage.ts';
import type { LinkKey } from '../../core/subscriber/signed-link.ts';
import { nothingRunning, type RunningState } from '../../core/watchlist/running.ts';
import type { ControlStore, FunctionUsage, WatchlistVersion } from '../../pipeline/ports/control-store.ts';
import type { Store } from '../../pipeline/ports/store.ts';
import { feedRows } from './feed-rows.ts';
import { ledgerRows } from './ledger-rows.ts';
import { seriesRows } from './series-rows.ts';
import { type KeptDays, storyRows } from './story-rows.ts';
import { storylineRows } from './storyline-rows.ts';
import { subscriberRows } from './subscriber-rows.ts';
import { dynamoTable, type Row, type Table } from './table.ts';

/** The store on one DynamoDB table, laid out as docs/decisions/0001 says. */
export function dynamoStore(client: DynamoDBClient, table: { readonly name: string } & KeptDays): Store {
  const rows = dynamoTable(client, table.name);
  return {
    feeds: feedRows(rows),
    stories: storyRows(rows, table),
    storylines: storylineRows(rows, table.retentionDays),
    ledger: ledgerRows(rows, table.retentionDays),
    subscribers: subscriberRows(rows),
    control: controlRows(rows),
    series: seriesRows(rows, table.retentionDays),
  };
}

const usageKey = (name: string, at: string) => ({ pk: `USAGE#${at.slice(0, 7)}`, sk: name });

/** A field that an older version did not count yet is nothing. */
function toUsage(row: Row): FunctionUsage {
  const used = Object.fromEntries(
    usageFields.map((field) => [field, (row[field] as number | undefined) ?? 0]),
  ) as Usage;
  return {
    name: row.sk,
    since: row.since as string,
    until: row.until as string,
    watchlist: (row.watchlist as string | undefined) ?? null,
    used,
  };
}

/** Rows of the first layout hold it as a map. It is written again with each story that keeps one running: so it is packed. */
function runningState(row: Row): RunningState {
  if (row.packed === undefined) return row.state as RunningState;
  return JSON.parse(inflateRawSync(row.packed as Uint8Array).toString('utf8')) as RunningState;
}

function controlRows(table: Table): ControlStore {
  const live = { pk: 'WATCHLIST', sk: 'LIVE' };
  const running = { pk: 'WATCHLIST', sk: 'RUNNING' };
  const links = { pk: 'LINKS', sk: 'KEYS' };
  const beatKey = (name: string) => ({ pk: 'BEAT', sk: name });
  return {
    async liveWatchlist() {
      return ((await table.get(live))?.row as WatchlistVersion | undefined) ?? null;
    },
    async putWatchlist(version) {
      await table.put({ pk: 'WATCHLIST', sk: `VERSION#${version.applied}`, kind: 'watchlist', v: 1, row: version });
      await table.put({ ...live, kind: 'watchlist', v: 1, row: version });
    },
    async watchlistVersions(limit) {
      const { rows } = await table.query({
        KeyConditionExpression: 'pk = :watchlist AND begins_with(sk, :version)',
        ExpressionAttributeValues: { ':watchlist': 'WATCHLIST', ':version': 'VERSION#' },
        ScanIndexForward: false,
        Limit: limit,
      });
      return rows.map(({ row }) => row as WatchlistVersion);
    },
    async running() {
      const row = await table.get(running);
      return row === null
        ? { state: nothingRunning, revision: 0 }
        : { state: runningState(row), revision: row.revision as number };
    },
    putRunning: (state, readRevision) =>
      table.putIf(
        {
          ...running,
          kind: 'running',
          v: 2,
          packed: deflateRawSync(JSON.stringify(state)),
          revision: readRevision + 1,
        },
        readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
        readRevision === 0 ? undefined : { ':read': readRevision },
      ),
    async beat(name) {
      const row = await table.get(beatKey(name));
      return row === null ? null : { at: row.at as string, note: row.note };
    },
    putBeat: (name, at, note) => table.put({ ...beatKey(name), kind: 'beat', v: 1, at, note }),
    async addUsage(name, at, used, watchlist) {
      await table.update(usageKey(name, at), {
        set: `SET kind = :kind, v = :v, since = if_not_exists(since, :at), #until = :at, watchlist = :watchlist ADD ${usageFields.map((field) => `${field} :${field}`).join(', ')}`,
        names: { '#until': 'until' },
        values: {
          ':kind': 'usage',
          ':v': 1,
          ':at': at,
          ':watchlist': watchlist,
          ...Object.fromEntries(usageFields.map((field) => [`:${field}`, used[field]])),
        },
      });
    },
    async usage(month) {
      const rows = await table.queryAll({
        KeyConditionExpression: 'pk = :month',
        ExpressionAttributeValues: { ':month': `USAGE#${month}` },
      });
      return rows.map(toUsage);
    },
    async linkKeys() {
      const row = await table.get(links);
      return row === null
        ? { keys: [], revision: 0 }
        : { keys: row.keys as readonly LinkKey[], revision: row.revision as number };
    },
    putLinkKeys: (keys, readRevision) =>
      table.putIf(
        { ...links, kind: 'links', v: 1, keys, revision: readRevision + 1 },
        readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
        readRevision === 0 ? undefined : { ':read': readRevision },
      ),
  };
}
