import { isCommonWord } from '../text/common-words.ts';
import { type TrieArrays, trieBuilder } from './build-trie.ts';
import type { WordItem } from './watchlist-source.ts';
import { itemPatterns, type Pattern, queryPatterns } from './word-item.ts';

/** All word lists and single words, each interned once as a leaf. */
export type LeafTable = {
  /** The leaf of a word list; `key` names the list. */
  ofItems(key: string, items: readonly WordItem[]): number;
  ofWords(text: string, caseSensitive: boolean): number;
  /** How likely a story has the leaf, by a rough guess from its words: what the rarest clause is chosen by. */
  likelihood(leaf: number): number;
  readonly languages: readonly string[];
  count(): number;
  build(): TrieArrays;
};

const everyLanguage = -1;

export function leafTable(): LeafTable {
  const trie = trieBuilder();
  const known = new Map<string, number>();
  /** Words of queries by how they are written, so that folding is done once. */
  const written = new Map<string, number>();
  const likelihoods: number[] = [];
  const languages: string[] = [];
  const bitsOf = (lang: string): number => {
    if (lang === 'any') return everyLanguage;
    let at = languages.indexOf(lang);
    if (at === -1) at = languages.push(lang) - 1;
    // Beyond thirty languages the last bit is shared; the thirty-second stands for languages without words.
    return 1 << Math.min(at, 30);
  };
  const add = (leaf: number, patterns: readonly Pattern[], bits: number) => {
    for (const pattern of patterns) trie.add(pattern, leaf, bits);
  };
  const leafOf = (key: string, fill: (leaf: number) => void): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const leaf = likelihoods.push(0) - 1;
    known.set(key, leaf);
    fill(leaf);
    return leaf;
  };
  return {
    ofItems: (key, items) =>
      leafOf(`list ${key}`, (leaf) => {
        const byLanguage = new Map<string, number>();
        for (const { text, lang } of items) {
          const patterns = itemPatterns(text, lang);
          add(leaf, patterns, bitsOf(lang));
          byLanguage.set(lang, (byLanguage.get(lang) ?? 0) + likelihoodOf(patterns));
        }
        // A story is in one language.
        const everywhere = byLanguage.get('any') ?? 0;
        byLanguage.delete('any');
        likelihoods[leaf] = Math.min(0.9, everywhere + Math.max(0, ...byLanguage.values()));
      }),
    ofWords: (text, caseSensitive) => {
      const asWritten = `${caseSensitive} ${text}`;
      const found = written.get(asWritten);
      if (found !== undefined) return found;
      const patterns = queryPatterns(text, caseSensitive);
      const key = patterns
        .map((pattern) => pattern.map((word) => `${word.word}${word.prefix ? '*' : ''}${word.capitals}`).join(' '))
        .join('|');
      const leaf = leafOf(`words ${key}`, (made) => {
        add(made, patterns, everyLanguage);
        likelihoods[made] = Math.min(0.9, likelihoodOf(patterns));
      });
      written.set(asWritten, leaf);
      return leaf;
    },
    likelihood: (leaf) => likelihoods[leaf]!,
    languages,
    count: () => likelihoods.length,
    build: () => trie.build(),
  };
}

/** The forms of one item are hardly likelier than the item. */
function likelihoodOf(patterns: readonly Pattern[]): number {
  return patterns.length === 0 ? 0 : 1.5 * patternLikelihood(patterns[0]!);
}

function patternLikelihood(pattern: Pattern): number {
  let likelihood = 1;
  for (const { word, prefix } of pattern) likelihood *= wordLikelihood(word) * (prefix ? 3 : 1);
  return likelihood;
}

// Shares of stories of some sixty words, by order of magnitude.
function wordLikelihood(word: string): number {
  if (isCommonWord(word)) return 0.4;
  if (word.length === 1) return 0.05;
  return word.length <= 3 ? 0.008 : 0.002;
}
