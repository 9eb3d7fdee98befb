import { readWatchlist } from '../core/watchlist/watchlist-file.ts';
import { type Applied, type ApplyDeps, putWatchlist, sourceKey } from './apply.ts';
import type { WatchlistVersion } from './ports/control-store.ts';
import { RefusedRequest } from './refused-request.ts';
import { noDifference, watchlistDifference } from './watchlist-difference.ts';

export type RollbackRequest = {
  /** The beginning of a version's name; null for the one before the live one. */
  readonly to: string | null;
  readonly dryRun: boolean;
};

/**
 * Makes an earlier watchlist live again, compiled anew from its text, as code of today reads it. Feeds stay as they are. A
 * second rollback takes back the first.
 */
export async function rollBack({ to, dryRun }: RollbackRequest, deps: ApplyDeps): Promise<Applied> {
  const live = await deps.control.liveWatchlist();
  if (live === null)
    throw new RefusedRequest('rollback', 'no watchlist was ever applied, so there is none to go back to');
  const version = pick(await deps.control.watchlistVersions(mostVersions), live, to);
  const text = await textOf(version, deps);
  const file = `watchlist ${version.version} of ${version.applied}`;
  const { watchlist, problems } = readWatchlist(text, file);
  const refused = problems.some(({ severity }) => severity === 'error');
  const counts = { entities: version.entities, events: version.events };
  const liveText = await textOf(live, deps).catch(() => null);
  const before = liveText === null ? null : readWatchlist(liveText, file).watchlist;
  const difference = before === null || watchlist === null ? noDifference : watchlistDifference(before, watchlist);
  if (watchlist === null || refused || dryRun) {
    const name = refused ? null : version.version;
    return { applied: false, problems, version: name, ...counts, feeds: noDifference, watchlist: difference };
  }
  const applied = await putWatchlist({ text, watchlist, by: 'command' }, live, deps);
  return { applied: true, problems, version: applied, ...counts, feeds: noDifference, watchlist: difference };
}

/** Looked through for the one before; older ones are reached by name. */
const mostVersions = 100;

function pick(versions: readonly WatchlistVersion[], live: WatchlistVersion, to: string | null): WatchlistVersion {
  const others = versions.filter(({ version }) => version !== live.version);
  const found = to === null ? others[0] : others.find(({ version }) => version.startsWith(to));
  if (found !== undefined) return found;
  const known = [...new Set(others.map(({ version, applied }) => `${version} (${applied.slice(0, 16)}Z)`))].slice(0, 5);
  const remedy = known.length === 0 ? 'there is no other version' : `there are ${known.join(', ')}`;
  throw new RefusedRequest(
    'rollback',
    `${to === null ? 'nothing to go back to' : `no version "${to}" but the live one`}; ${remedy}`,
  );
}

async function textOf({ version, key }: WatchlistVersion, deps: ApplyDeps): Promise<string> {
  try {
    return new TextDecoder().decode(await deps.getObject(sourceKey(key)));
  } catch (error) {
    throw new RefusedRequest(
      'rollback',
      `the text of watchlist ${version} is not kept, for it was applied before texts were (${String(error)}); apply its file instead`,
    );
  }
}
