import type { WatchlistSource } from '../core/watchlist/watchlist-source.ts';
import { sourceKey } from '../pipeline/apply.ts';
import type { ControlStore } from '../pipeline/ports/control-store.ts';
import type { Log } from '../pipeline/ports/outside.ts';

/** What S3 answers for a key that is not there: the second where the role may not list the bucket. */
const absent = ['NoSuchKey', 'AccessDenied'];

/**
 * The live watchlist as its author wrote it, read again when another version is live. Null where none is live, or where
 * the live one was applied before its text was kept.
 */
export function watchlistSource(deps: {
  readonly control: Pick<ControlStore, 'liveWatchlist'>;
  readonly getObject: (key: string) => Promise<Uint8Array>;
  readonly log: Log;
}): () => Promise<WatchlistSource | null> {
  let read: { readonly version: string; readonly source: WatchlistSource | null } | null = null;
  return async () => {
    const live = await deps.control.liveWatchlist();
    if (live === null) return null;
    if (read?.version === live.version) return read.source;
    const bytes = await deps.getObject(sourceKey(live.key)).catch((error: unknown) => {
      if (!(error instanceof Error && absent.includes(error.name))) throw error;
      deps.log({ event: 'watchlist without its text', version: live.version, error: String(error) });
      return null;
    });
    if (bytes === null) return null;
    // Few requests try a rule: the parser is loaded by the first that does.
    const { readWatchlist } = await import('../core/watchlist/watchlist-file.ts');
    const { watchlist: source } = readWatchlist(new TextDecoder().decode(bytes), 'watchlist.yaml');
    read = { version: live.version, source };
    return source;
  };
}
