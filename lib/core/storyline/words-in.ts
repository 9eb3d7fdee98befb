import { wordsOf } from '../text/words-of.ts';

/** The words of a list between spaces, folded as titles are, so that the lists may be written as people write. */
export function wordsIn(list: string): readonly string[] {
  return wordsOf(list).map(({ word }) => word);
}
