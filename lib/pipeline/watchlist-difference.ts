import type { WatchlistSource } from '../core/watchlist/watchlist-source.ts';

/** Entries by what they are and their id: `event iran-talks`. */
export type Difference = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

export const noDifference: Difference = { added: [], changed: [], removed: [] };

const sections = { entity: 'entities', event: 'events', terms: 'terms' } as const satisfies Readonly<
  Record<string, keyof WatchlistSource>
>;

/** What of one watchlist another has besides, has otherwise, and has not. Comments and the order of entries say nothing. */
export function watchlistDifference(before: WatchlistSource, after: WatchlistSource): Difference {
  const rows = (source: WatchlistSource): Map<string, string> =>
    new Map([
      ...Object.entries(sections).flatMap(([name, section]) =>
        Object.entries(source[section]).map(([id, entry]) => [`${name} ${id}`, JSON.stringify(entry)] as const),
      ),
      ['publishers', JSON.stringify(source.publishers)] as const,
    ]);
  const old = rows(before);
  const now = rows(after);
  const ids = (from: ReadonlyMap<string, string>, keep: (id: string, text: string) => boolean) =>
    [...from].filter(([id, text]) => keep(id, text)).map(([id]) => id);
  return {
    added: ids(now, (id) => !old.has(id)),
    changed: ids(now, (id, text) => old.has(id) && old.get(id) !== text),
    removed: ids(old, (id) => !now.has(id)),
  };
}

/** `2 added (event a, event b), 1 removed (entity c)`, with so many names at most. */
export function differenceLine({ added, changed, removed }: Difference, mostNames = 10): string {
  const part = (ids: readonly string[], what: string) => {
    const more = ids.length > mostNames ? `, and ${ids.length - mostNames} more` : '';
    return ids.length === 0 ? [] : [`${ids.length} ${what} (${ids.slice(0, mostNames).join(', ')}${more})`];
  };
  const parts = [...part(added, 'added'), ...part(changed, 'changed'), ...part(removed, 'removed')];
  return parts.length === 0 ? 'no entry differs' : parts.join(', ');
}
