import { foldedSource } from './folded-source.ts';

// - – — |
const separators = [0x2d, 0x2013, 0x2014, 0x7c];
const longestTail = 60;

/**
 * Where a title ends for matching: before "- Publisher", where that is the story's source or a known publisher. The
 * answers for the last few hundred tails are kept, since a feed's titles all end alike.
 */
export function titleEnds(publishers: readonly string[]): (title: string, source: string) => number {
  const known = new Set(publishers);
  const answers = new Map<string, boolean>();
  return (title, source) => {
    const at = lastSeparator(title);
    if (at <= 0) return title.length;
    const tail = title.slice(at + 3);
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

/** Where the last dash or bar between spaces begins, not too far from the end, or -1. */
function lastSeparator(title: string): number {
  const first = Math.max(0, title.length - 3 - longestTail);
  for (let i = title.length - 3; i >= first; i--) {
    if (title.charCodeAt(i) !== 32 || title.charCodeAt(i + 2) !== 32) continue;
    if (separators.includes(title.charCodeAt(i + 1))) return i;
  }
  return -1;
}
