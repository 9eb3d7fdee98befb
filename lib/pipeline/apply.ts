import { createHash } from 'node:crypto';
import { type FeedConfig, readFeedsFile } from '../core/config/feeds-file.ts';
import { planShards } from '../core/feed/shard-plan.ts';
import type { Problem } from '../core/problem.ts';
import { compileWatchlist } from '../core/watchlist/compile.ts';
import { encodeWatchlist } from '../core/watchlist/serialize.ts';
import { readWatchlist } from '../core/watchlist/watchlist-file.ts';
import type { WatchlistSource } from '../core/watchlist/watchlist-source.ts';
import { hostOf } from './feed-address.ts';
import { mapLimited } from './map-limited.ts';
import { asScheduled } from './paused-feed.ts';
import type { ControlStore, WatchlistVersion } from './ports/control-store.ts';
import type { FeedRow, FeedStore } from './ports/feed-store.ts';
import type { Log } from './ports/outside.ts';
import { type Difference, differenceLine, noDifference, watchlistDifference } from './watchlist-difference.ts';

/** The texts of the two files a user edits, under the names that messages give them. */
export type ConfigTexts = {
  readonly feeds: { readonly name: string; readonly text: string };
  readonly watchlist: { readonly name: string; readonly text: string };
};

export type ApplyDeps = {
  readonly feeds: FeedStore;
  readonly control: ControlStore;
  readonly putObject: (key: string, body: Uint8Array) => Promise<void>;
  readonly getObject: (key: string) => Promise<Uint8Array>;
  readonly now: () => Date;
  readonly log: Log;
};

export type ApplyRequest = ConfigTexts & {
  readonly by: WatchlistVersion['by'];
  /** Says what would change and changes nothing. */
  readonly dryRun: boolean;
};

export type Applied = {
  readonly applied: boolean;
  /** Errors refuse the config whole: the live version stays. Warnings do not. */
  readonly problems: readonly Problem[];
  readonly version: string | null;
  readonly entities: number;
  readonly events: number;
  readonly feeds: Difference;
  /** Against what is live; null where nothing is, or where its text was not kept. */
  readonly watchlist: Difference | null;
};

/** Checks a config, compiles it, stores it as a version, and makes it live; all of it or, where it has an error, none. */
export async function applyConfig(request: ApplyRequest, deps: ApplyDeps): Promise<Applied> {
  const feedsFile = readFeedsFile(request.feeds.text, request.feeds.name);
  const watchlistFile = readWatchlist(request.watchlist.text, request.watchlist.name);
  const problems = [...feedsFile.problems, ...watchlistFile.problems];
  const refused = {
    applied: false,
    problems,
    version: null,
    entities: 0,
    events: 0,
    feeds: noDifference,
    watchlist: null,
  };
  if (watchlistFile.watchlist === null || problems.some(({ severity }) => severity === 'error')) return refused;

  const version = versionOf(watchlistFile.watchlist);
  const live = await deps.control.liveWatchlist();
  const before = live === null ? null : await liveSource(live, deps);
  const watchlist = before === null ? null : watchlistDifference(before, watchlistFile.watchlist);
  // Newer code compiles the same file into another version: then the text tells that nobody's change would be lost.
  const same = live?.version === version || live?.textHash === sha256(request.watchlist.text);
  if (request.by === 'deploy' && live?.by === 'command' && !same) {
    return { ...refused, watchlist, problems: [...problems, appliedByHand(live, watchlist, request.watchlist.name)] };
  }

  const difference = await compareFeeds(feedsFile.feeds, deps.feeds);
  const counts = {
    entities: Object.keys(watchlistFile.watchlist.entities).length,
    events: Object.keys(watchlistFile.watchlist.events).length,
  };
  if (!request.dryRun) {
    const { text } = request.watchlist;
    await putWatchlist({ text, watchlist: watchlistFile.watchlist, by: request.by }, live, deps);
    await putFeeds(feedsFile.feeds, difference, deps);
  }
  return { applied: !request.dryRun, problems, version, ...counts, feeds: difference, watchlist };
}

/** Where the text lies of which a version was compiled: a rule is tried against it. */
export function sourceKey(compiledKey: string): string {
  return compiledKey.replace(/\.bin$/, '.yaml');
}

/** Stores a watchlist as a version and makes it the live one. Resolves to the version's name. */
export async function putWatchlist(
  {
    text,
    watchlist,
    by,
  }: { readonly text: string; readonly watchlist: WatchlistSource; readonly by: WatchlistVersion['by'] },
  live: WatchlistVersion | null,
  deps: Pick<ApplyDeps, 'control' | 'putObject' | 'now' | 'log'>,
): Promise<string> {
  const compiled = encodeWatchlist(compileWatchlist(watchlist));
  const version = sha256(compiled).slice(0, 12);
  const textHash = sha256(text);
  if (live?.version === version && live.by === by && live.textHash === textHash) return version;
  const key = `watchlists/${version}.bin`;
  await deps.putObject(key, compiled);
  await deps.putObject(sourceKey(key), new TextEncoder().encode(text));
  // The objects lie in the bucket before the pointer names them.
  const counts = {
    entities: Object.keys(watchlist.entities).length,
    events: Object.keys(watchlist.events).length,
  };
  await deps.control.putWatchlist({ version, by, textHash, ...counts, key, applied: deps.now().toISOString() });
  deps.log({ event: 'watchlist live', version, by });
  return version;
}

function versionOf(watchlist: WatchlistSource): string {
  return sha256(encodeWatchlist(compileWatchlist(watchlist))).slice(0, 12);
}

/** Null where the live watchlist was applied before texts were kept. */
async function liveSource(live: WatchlistVersion, deps: ApplyDeps): Promise<WatchlistSource | null> {
  try {
    const text = new TextDecoder().decode(await deps.getObject(sourceKey(live.key)));
    return readWatchlist(text, live.version).watchlist;
  } catch {
    return null;
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

async function compareFeeds(wanted: readonly FeedConfig[], store: FeedStore): Promise<Difference> {
  const rows = new Map((await store.list()).map((row) => [row.config.id, row]));
  const ids = new Set(wanted.map(({ id }) => id));
  return {
    added: wanted.filter(({ id }) => !rows.has(id)).map(({ id }) => id),
    changed: wanted.filter((config) => isChanged(config, rows.get(config.id))).map(({ id }) => id),
    removed: [...rows.values()]
      .filter((row) => row.origin === 'file' && !ids.has(row.config.id))
      .map((row) => row.config.id),
  };
}

function isChanged(config: FeedConfig, row: FeedRow | undefined): boolean {
  return row?.origin === 'file' && canonicalJson(row.config) !== canonicalJson(config);
}

/** JSON with sorted keys: DynamoDB gives a map back in an order of its own. */
function canonicalJson(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Rows added at run time stay as they are, and stay in their shards; who was paused by hand stays paused. */
async function putFeeds(wanted: readonly FeedConfig[], difference: Applied['feeds'], deps: ApplyDeps): Promise<void> {
  const rows = await deps.feeds.list();
  const runTime = rows.filter((row) => row.origin === 'run-time').map(asScheduled);
  const runTimeIds = new Set(runTime.map(({ id }) => id));
  const fromFile = wanted.filter(({ id }) => !runTimeIds.has(id));
  const byHand = new Set(rows.filter(({ pausedByHand }) => pausedByHand).map(({ config }) => config.id));
  const scheduled = fromFile.map((config) => ({ ...config, paused: config.paused || byHand.has(config.id) }));
  const toWrite = new Set([...difference.added, ...difference.changed]);

  await mapLimited(
    fromFile.filter(({ id }) => toWrite.has(id)),
    8,
    (config) => deps.feeds.putConfig(config, 'file'),
  );
  await putShards([...runTime, ...scheduled], deps, await unpolled(fromFile, deps.feeds));
  await mapLimited(difference.removed, 8, (id) => deps.feeds.remove(id));
}

/** Feeds without a state: new ones, and those whose address was changed, which may have been given up at the old one. */
async function unpolled(feeds: readonly FeedConfig[], store: FeedStore): Promise<ReadonlySet<string>> {
  const rows = await store.get(feeds.map(({ id }) => id));
  return new Set(rows.filter(({ state }) => state === null).map(({ config }) => config.id));
}

/** Brings the shards in line with the feeds there are. */
export async function putShards(
  feeds: readonly FeedConfig[],
  deps: Pick<ApplyDeps, 'feeds' | 'now'>,
  dueNow: ReadonlySet<string> = new Set(),
): Promise<void> {
  const members = feeds.map(({ id, url, paused }) => ({ id, host: hostOf(url), paused, dueNow: dueNow.has(id) }));
  const plan = planShards(await deps.feeds.shards(), members, deps.now().toISOString());
  for (const shard of plan.write) await deps.feeds.putShard(shard.id, shard.feeds);
  for (const id of plan.remove) await deps.feeds.removeShard(id);
}

function appliedByHand(live: WatchlistVersion, difference: Difference | null, file: string): Problem {
  const differs = difference === null ? '' : `: by this file, ${differenceLine(difference)}`;
  return {
    severity: 'error',
    file,
    line: 0,
    column: 0,
    message: `the live watchlist ${live.version} was applied by hand on ${live.applied} and differs from the one in this deploy${differs}`,
    remedy: 'bring the file in line with what is live, or apply the file by "wirewatch apply" first, then deploy again',
  };
}
