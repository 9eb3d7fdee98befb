import { wordsOf } from '../text/words-of.ts';

/** Sources compare by their words: "BBC News" is "bbc-news". */
export function foldedSource(source: string): string {
  return wordsOf(source)
    .map(({ word }) => word)
    .join(' ');
}
