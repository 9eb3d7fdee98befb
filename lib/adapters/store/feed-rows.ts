import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FeedConfig } from '../../core/config/feeds-file.ts';
import { noPollCounts, type PollCounts } from '../../core/feed/poll-counts.ts';
import type { PollState } from '../../core/feed/poll-state.ts';
import type { FeedRow, FeedStore, Lately, Shard, ShardFeed } from '../../pipeline/ports/feed-store.ts';
import type { Key, Row, Table } from './table.ts';

const feedKey = (id: string): Key => ({ pk: `FEED#${id}`, sk: 'FEED' });
const shardKey = (id: string): Key => ({ pk: 'DUE', sk: `SHARD#${id}` });

/**
 * Of a feed's row: since 2 its state is packed, for it is written with each poll that brings news, and paid by the kilobyte; since
 * 3 with a dictionary, under another name, so that most rows are within one.
 */
const layout = 3;

/** What every state has in it, so that none has to hold it. Part of layout 3: a state is read with the words it was written with. */
const dictionary = Buffer.from(
  '{"health":"ok","since":"2026-01-01T00:00:00.000Z","problem":"","failures":0,"etag":"W/\\"","lastModified":"Mon, 01 Jan 2026 00:00:00 GMT",' +
    '"moved":null,"url":null,"recent":["2026-01-01T00:00:00.000Z","2026-01-01T00:00:00.000Z"],' +
    '"hints":{"ttlMinutes":null,"updatePeriodMinutes":null,"skipHours":[],"skipDays":[]}}',
);

export function feedRows(table: Table): FeedStore {
  const shards = async (how?: Lately) =>
    (
      await table.queryAll({
        KeyConditionExpression: 'pk = :due',
        ExpressionAttributeValues: { ':due': 'DUE' },
        ConsistentRead: how !== 'lately',
      })
    ).map(toShard);
  const get = async (ids: readonly string[], how?: Lately) =>
    (await table.getMany(ids.map(feedKey), how)).filter((row) => row.config !== undefined).map(toFeedRow);

  return {
    get,
    async getForPoll(ids) {
      const polled = (await get(ids, 'lately')).filter(({ known }) => known.length > 0);
      const found = new Set(polled.map(({ config }) => config.id));
      return [...polled, ...(await get(ids.filter((id) => !found.has(id))))];
    },
    shards,
    list: async (how) =>
      get(
        (await shards(how)).flatMap((shard) => Object.keys(shard.feeds)),
        how,
      ),
    async putConfig(config, origin) {
      const set = 'SET config = :config, origin = :origin, kind = :kind, v = :v';
      const values = { ':config': config, ':origin': origin, ':kind': 'feed', ':v': layout };
      const kept = await table.update(feedKey(config.id), {
        set,
        condition: 'attribute_not_exists(config) OR config.#url = :address',
        names: { '#url': 'url' },
        values: { ...values, ':address': config.url },
      });
      if (kept) return;
      // Validators, a move and a "gone" belong to the old address.
      await table.update(feedKey(config.id), {
        set: `${set}, revision = if_not_exists(revision, :none) + :one REMOVE learnt, packed, pollState`,
        values: { ...values, ':none': 0, ':one': 1 },
      });
    },
    async putPausedByHand(id, paused) {
      await table.update(feedKey(id), {
        set: 'SET pausedByHand = :paused',
        condition: 'attribute_exists(config)',
        values: { ':paused': paused },
      });
    },
    remove: (id) => table.remove(feedKey(id)),
    putPoll: (id, poll) =>
      table.update(feedKey(id), {
        set: 'SET learnt = :state, known = :known, revision = :next, v = :v REMOVE packed, pollState',
        // A feed removed meanwhile has no config: writing its state would bring half of it back.
        condition:
          poll.readRevision === 0
            ? 'attribute_exists(config) AND attribute_not_exists(revision)'
            : 'attribute_exists(config) AND revision = :read',
        values: {
          ':state': deflateRawSync(JSON.stringify(poll.state), { dictionary }),
          ':v': layout,
          ':known': poll.known,
          ':next': poll.readRevision + 1,
          ...(poll.readRevision === 0 ? {} : { ':read': poll.readRevision }),
        },
      }),
    async shard(id) {
      const row = await table.get(shardKey(id));
      return row === null ? null : toShard(row);
    },
    async putShard(id, feeds) {
      await table.update(shardKey(id), {
        set: 'SET feeds = :feeds, counts = if_not_exists(counts, :none), kind = :kind, v = :v',
        values: { ':feeds': packFeeds(feeds), ':none': noPollCounts, ':kind': 'shard', ':v': 1 },
      });
    },
    removeShard: (id) => table.remove(shardKey(id)),
    claim: (shard, feeds, tick) => claim(table, shard, feeds, tick),
    async postpone(shard, feed, until) {
      await table.update(shardKey(shard), {
        set: 'SET feeds.#feed.d = :until',
        condition: 'feeds.#feed.d < :until',
        names: { '#feed': feed },
        values: { ':until': packTime(until) },
      });
    },
    finish: (shard, held, due, counts) => finish(table, shard, held, due, counts),
  };
}

/** Every claimed feed must still be as it was read, so of two ticks that read the same shard one wins. */
function claim(table: Table, shard: Shard, feeds: readonly string[], tick: string): Promise<boolean> {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = { ':tick': packTime(tick) };
  const sets: string[] = [];
  const conditions: string[] = [];
  feeds.forEach((feed, index) => {
    names[`#f${index}`] = feed;
    values[`:c${index}`] = packTime(shard.feeds[feed]?.claim ?? null);
    values[`:d${index}`] = packTime(shard.feeds[feed]?.due ?? null);
    sets.push(`feeds.#f${index}.c = :tick`);
    conditions.push(`feeds.#f${index}.c = :c${index}`, `feeds.#f${index}.d = :d${index}`);
  });
  return table.update(shardKey(shard.id), {
    set: `SET ${sets.join(', ')}`,
    condition: conditions.join(' AND '),
    names,
    values,
  });
}

async function finish(
  table: Table,
  shard: string,
  held: string,
  due: Readonly<Record<string, string>>,
  counts: PollCounts,
): Promise<void> {
  // The counts are the new totals as read and added by the caller's batch; a lost race costs a count, never a feed.
  const whole = finishChange(Object.entries(due), held, counts);
  if (await table.update(shardKey(shard), whole)) return;
  // A feed of the batch was removed or claimed anew: the others are still set, each alone.
  for (const entry of Object.entries(due)) await table.update(shardKey(shard), finishChange([entry], held, counts));
}

function finishChange(due: readonly (readonly [string, string])[], held: string, counts: PollCounts) {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = { ':none': 0, ':held': packTime(held), ':counts': counts };
  const sets = ['counts = :counts'];
  const conditions: string[] = ['attribute_exists(pk)'];
  due.forEach(([feed, at], index) => {
    names[`#f${index}`] = feed;
    values[`:d${index}`] = packTime(at);
    sets.push(`feeds.#f${index}.d = :d${index}`, `feeds.#f${index}.c = :none`);
    conditions.push(`feeds.#f${index}.c = :held`);
  });
  return {
    set: `SET ${sets.join(', ')}`,
    condition: conditions.join(' AND '),
    values: due.length === 0 ? { ':counts': counts } : values,
    ...(due.length === 0 ? {} : { names }),
  };
}

function toFeedRow(row: Row): FeedRow {
  return {
    // What the first version did not know yet.
    config: { wire: false, ...(row.config as Omit<FeedConfig, 'wire'>) },
    origin: row.origin === 'run-time' ? 'run-time' : 'file',
    pausedByHand: row.pausedByHand === true,
    state: toState(row),
    known: (row.known as Uint8Array | undefined) ?? new Uint8Array(),
    revision: (row.revision as number | undefined) ?? 0,
  };
}

/** Rows of the first layout hold the state as a map, those of the second without a dictionary; the next poll that changes it packs it. */
function toState({ learnt, packed, pollState }: Row): PollState | null {
  const read = (bytes: unknown, by: { dictionary?: Buffer }) =>
    JSON.parse(inflateRawSync(bytes as Uint8Array, by).toString('utf8')) as PollState;
  if (learnt !== undefined) return read(learnt, { dictionary });
  if (packed !== undefined) return read(packed, {});
  return (pollState as PollState | undefined) ?? null;
}

function toShard(row: Row): Shard {
  return {
    id: row.sk.slice('SHARD#'.length),
    feeds: unpackFeeds((row.feeds as Record<string, PackedFeed> | undefined) ?? {}),
    // A version of before counted less.
    counts: { ...noPollCounts, ...(row.counts as Partial<PollCounts> | undefined) },
  };
}

/** Times in a shard are epoch milliseconds, 0 for none, under one-letter names: 25 feeds fit one write unit. */
type PackedFeed = { readonly d: number; readonly c: number; readonly p?: true };

function packFeeds(feeds: Readonly<Record<string, ShardFeed>>): Record<string, PackedFeed> {
  return Object.fromEntries(
    Object.entries(feeds).map(([id, feed]) => [
      id,
      { d: packTime(feed.due), c: packTime(feed.claim), ...(feed.paused ? { p: true as const } : {}) },
    ]),
  );
}

function unpackFeeds(feeds: Readonly<Record<string, PackedFeed>>): Record<string, ShardFeed> {
  return Object.fromEntries(
    Object.entries(feeds).map(([id, feed]) => [
      id,
      {
        due: new Date(feed.d).toISOString(),
        claim: feed.c === 0 ? null : new Date(feed.c).toISOString(),
        paused: feed.p === true,
      },
    ]),
  );
}

function packTime(time: string | null): number {
  return time === null ? 0 : Date.parse(time);
}
