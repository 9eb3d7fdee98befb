import { foldedSource } from './folded-source.ts';

const separators = [' - ', ' – ', ' — ', ' | '];

/**
 * Where a title ends for matching: before "- Publisher", where that is the story's source or a known publisher. The
 * answers for the last few hundred tails are kept, since a feed's titles all end alike.
 */
export function titleEnds(publishers: readonly string[]): (title: string, source: string) => number {
  const known = new Set(publishers);
  const answers = new Map<string, boolean>();
  return (title, source) => {
    let at = -1;
    for (const separator of separators) at = Math.max(at, title.lastIndexOf(separator));
    if (at <= 0) return title.length;
    const tail = title.slice(at + 3);
    if (tail.length > 60) return title.length;
    const key = `${source}\n${tail}`;
    let isPublisher = answers.get(key);
    if (isPublisher === undefined) {
      const folded = foldedSource(tail);
      isPublisher = folded !== '' && (known.has(folded) || namesSource(folded, source));
      if (answers.size > 500) answers.clear();
      answers.set(key, isPublisher);
    }
    return isPublisher ? at : title.length;
  };
}

/** "BBC" for "BBC News" and the other way round, by whole words. */
function namesSource(tail: string, source: string): boolean {
  return source !== '' && (`${source} `.startsWith(`${tail} `) || `${tail} `.startsWith(`${source} `));
}
