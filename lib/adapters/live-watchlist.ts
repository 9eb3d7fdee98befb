import { createMatcher } from '../core/watchlist/matcher.ts';
import { nothingRunning } from '../core/watchlist/running.ts';
import { decodeWatchlist } from '../core/watchlist/serialize.ts';
import type { LiveMatcher } from '../pipeline/live-matcher.ts';
import type { ControlStore } from '../pipeline/ports/control-store.ts';
import type { Log } from '../pipeline/ports/outside.ts';

/** How old the pointer may be: an applied change is everywhere within a minute. */
const recheckMs = 30_000;

/**
 * Loads the live watchlist once and again when the pointer has moved. Resolves to null where none was ever applied.
 * A version that cannot be read leaves the loaded one in place.
 */
export function liveWatchlist(deps: {
  readonly control: ControlStore;
  readonly getObject: (key: string) => Promise<Uint8Array>;
  readonly now: () => number;
  readonly log: Log;
}): () => Promise<LiveMatcher | null> {
  let loaded: LiveMatcher | null = null;
  let checked = Number.NEGATIVE_INFINITY;
  return async () => {
    if (deps.now() - checked < recheckMs) return loaded;
    const live = await deps.control.liveWatchlist();
    if (live === null) return loaded;
    if (live.version !== loaded?.version) {
      try {
        loaded = toMatcher(live.version, await deps.getObject(live.key));
      } catch (error) {
        if (loaded === null) throw error;
        deps.log({
          event: 'watchlist not taken up',
          version: live.version,
          kept: loaded.version,
          error: String(error),
        });
      }
    }
    loaded?.takeUp((await deps.control.running()).state);
    checked = deps.now();
    return loaded;
  };
}

function toMatcher(version: string, bytes: Uint8Array): LiveMatcher {
  const compiled = decodeWatchlist(bytes);
  const matcher = createMatcher(compiled);
  let running = nothingRunning;
  const names = new Map(compiled.targets.map((target) => [target.id, target.name]));
  return {
    version,
    match: (input) => matcher.match(input, running),
    explain: (input) => matcher.explain(input, running),
    takeUp: (state) => {
      running = state;
    },
    nameOf: (id) => names.get(id) ?? id,
    entities: compiled.targets.filter(({ kind }) => kind === 'entity').map(({ id }) => id),
    events: compiled.targets.filter(({ kind }) => kind === 'event').map(({ id }) => id),
  };
}
