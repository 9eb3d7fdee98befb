import { isSilent } from './background-words.ts';
import { demonyms } from './demonyms.ts';
import { stem } from './stem.ts';

const mostKnown = 20_000;
// Titles repeat their words, so most are looked up. It holds nothing but what `termOf` would answer anyway.
let known = new Map<string, string>();

/** The stems by which titles are compared, each once, in the order of the words; words that name no story are left out. */
export function termsOf(words: readonly string[]): readonly string[] {
  const terms: string[] = [];
  for (const word of words) {
    let term = known.get(word);
    if (term === undefined) {
      term = termOf(word);
      if (known.size >= mostKnown) known = new Map();
      known.set(word, term);
    }
    if (term !== '' && !terms.includes(term)) terms.push(term);
  }
  return terms;
}

function termOf(word: string): string {
  return isSilent(word) || /^[a-z]?$/.test(word) ? '' : stem(demonyms.get(word) ?? word);
}
