export type PlannedFeed = {
  readonly id: string;
  readonly host: string;
  readonly paused: boolean;
  /** Nothing is known of it (any more), so a due time learnt at an earlier address does not hold. */
  readonly dueNow?: boolean;
};

export type ShardMembers = {
  readonly id: string;
  readonly feeds: Readonly<
    Record<string, { readonly due: string; readonly claim: string | null; readonly paused: boolean }>
  >;
};

export type ShardPlan = {
  /** Shards to write, because their feeds changed. */
  readonly write: readonly ShardMembers[];
  /** Shards left without a feed. */
  readonly remove: readonly string[];
};

/**
 * Where feeds of several hosts share a shard: so many that its row, which is written at each claim and each settling, stays
 * within one write unit. A host with more feeds has a shard of its own, however large.
 */
export const roomInShard = 25;

/**
 * Places feeds in shards: who is placed stays (with its claim, and with its due time if that still holds), who is new joins the shard of its host, else
 * one with room, else a new one, and is due at once. All feeds of one host are in one shard, and a shard is polled by one
 * batch at a time, so the fetcher's bound on connections to a host holds across invocations.
 */
export function planShards(existing: readonly ShardMembers[], wanted: readonly PlannedFeed[], now: string): ShardPlan {
  const byId = new Map(wanted.map((feed) => [feed.id, feed]));
  const shards = existing.map((shard) => ({ id: shard.id, feeds: { ...shard.feeds } }));
  const changed = new Set<string>();
  const placed = new Map<string, string>();

  for (const shard of shards) {
    for (const [id, entry] of Object.entries(shard.feeds)) {
      const feed = byId.get(id);
      if (feed === undefined || placed.has(id)) {
        delete shard.feeds[id];
        changed.add(shard.id);
        continue;
      }
      placed.set(id, shard.id);
      const due = feed.dueNow === true && entry.due > now ? now : entry.due;
      if (feed.paused === entry.paused && due === entry.due) continue;
      shard.feeds[id] = { ...entry, due, paused: feed.paused };
      changed.add(shard.id);
    }
  }

  const shardOfHost = new Map<string, string>();
  for (const [id, shard] of placed) shardOfHost.set(byId.get(id)?.host ?? '', shard);
  const hasRoom = (shard: ShardMembers) => Object.keys(shard.feeds).length < roomInShard;

  for (const feed of wanted) {
    if (placed.has(feed.id)) continue;
    let shard = shards.find(({ id }) => id === shardOfHost.get(feed.host)) ?? shards.find(hasRoom);
    if (shard === undefined) {
      shard = { id: freeName(shards), feeds: {} };
      shards.push(shard);
    }
    shard.feeds[feed.id] = { due: now, claim: null, paused: feed.paused };
    shardOfHost.set(feed.host, shard.id);
    changed.add(shard.id);
  }

  const isEmpty = (shard: ShardMembers) => Object.keys(shard.feeds).length === 0;
  return {
    write: shards.filter((shard) => changed.has(shard.id) && !isEmpty(shard)),
    remove: shards.filter(isEmpty).map(({ id }) => id),
  };
}

function freeName(shards: readonly { readonly id: string }[]): string {
  const taken = new Set(shards.map(({ id }) => id));
  let index = 0;
  while (taken.has(String(index).padStart(3, '0'))) index += 1;
  return String(index).padStart(3, '0');
}
