import type { Usage } from '../../core/cost/usage.ts';
import type { LinkKey } from '../../core/subscriber/signed-link.ts';
import type { RunningState } from '../../core/watchlist/running.ts';

export type WatchlistVersion = {
  readonly version: string;
  /** Where the compiled watchlist lies in the bucket. */
  readonly key: string;
  readonly applied: string;
  readonly by: 'deploy' | 'command';
  /** SHA-256 of the file it was compiled from; missing where it was applied before this was kept. */
  readonly textHash?: string;
  readonly entities: number;
  readonly events: number;
};

export type ControlStore = {
  liveWatchlist(): Promise<WatchlistVersion | null>;
  putWatchlist(version: WatchlistVersion): Promise<void>;
  /** What was live and when, newest first; the live one among them. */
  watchlistVersions(limit: number): Promise<readonly WatchlistVersion[]>;
  /** Which stories are running, and the revision to name when it is written back; nothing runs at revision 0. */
  running(): Promise<{ readonly state: RunningState; readonly revision: number }>;
  /** False where it was written since it was read. */
  putRunning(state: RunningState, readRevision: number): Promise<boolean>;
  /** What a function last reported of itself, as small JSON. */
  beat(name: string): Promise<{ readonly at: string; readonly note: unknown } | null>;
  putBeat(name: string, at: string, note: unknown): Promise<void>;
  /** The keys of readers' links, the newest last, and the revision to name when they are written back. */
  linkKeys(): Promise<{ readonly keys: readonly LinkKey[]; readonly revision: number }>;
  /** False where they were written since they were read. */
  putLinkKeys(keys: readonly LinkKey[], readRevision: number): Promise<boolean>;
  /** Adds to what a function used in the month of `at`. The one write that counts twice when it is repeated. */
  addUsage(name: string, at: string, used: Usage, watchlist: string | null): Promise<void>;
  /** What each function used in a month (`2026-11`), and between which times it was added. */
  usage(month: string): Promise<readonly FunctionUsage[]>;
};

export type FunctionUsage = {
  readonly name: string;
  readonly since: string;
  readonly until: string;
  /** The version it matched by when it last added; null where it has none. */
  readonly watchlist: string | null;
  readonly used: Usage;
};
