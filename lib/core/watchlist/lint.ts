import type { Problem } from '../problem.ts';
import type { WatchlistSource } from './watchlist-source.ts';

/**
 * Looks for what is allowed and probably not meant. An error where a feed's language has no aliases at all: its stories
 * could only match names that count in every language.
 */
export function lintWatchlist(
  source: WatchlistSource,
  _text: string,
  file: string,
  feedLanguages: readonly string[],
): readonly Problem[] {
  const spoken = new Set(
    Object.values(source.entities).flatMap((entity) => entity.aliases.items.map((item) => item.lang)),
  );
  return [...new Set(feedLanguages.map((lang) => lang.split('-')[0]!))]
    .filter((lang) => !spoken.has(lang))
    .map((lang) => ({
      severity: 'error' as const,
      file,
      line: 0,
      column: 0,
      message: `a feed is in "${lang}", and no entity has aliases in it`,
      remedy: `add ${lang}: to the aliases of the entities its stories should match`,
    }));
}
