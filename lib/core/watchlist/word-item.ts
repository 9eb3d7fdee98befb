import { englishForms, inflected } from '../text/inflect.ts';
import { capitals, wordsOf } from '../text/words-of.ts';

/** One word of a pattern, folded as stories are. */
export type PatternWord = {
  readonly word: string;
  /** True where the story's word may go on: `missile*`. */
  readonly prefix: boolean;
  /** Which letters must be capitals, as bits; -1 where case is free. */
  readonly capitals: number;
};

/** Words in a row, within one sentence. */
export type Pattern = readonly PatternWord[];

// Forms of a phrase multiply; more than this and a word list has become a grammar.
const mostForms = 2_000;

/** What is wrong with an item of a word list, or null. */
export function itemFault(item: string): { readonly message: string; readonly remedy: string } | null {
  const { text } = stripped(item);
  if (wordsOf(text).length === 0)
    return { message: `${JSON.stringify(item)} holds no word`, remedy: 'write a word or a phrase' };
  for (const part of text.split(/\s+/)) {
    if (part.startsWith('*'))
      return { message: `${JSON.stringify(part)} begins with *`, remedy: 'a * may only end a word' };
    if (/\*./.test(part))
      return { message: `a * stands inside ${JSON.stringify(part)}`, remedy: 'a * may only end a word' };
    if (part.endsWith('*') && stemLength(part) < 3) {
      return {
        message: `${JSON.stringify(part)} has fewer than three letters before the *`,
        remedy: 'write at least three letters, or list the words',
      };
    }
  }
  return null;
}

function stemLength(part: string): number {
  const folded = wordsOf(part).map(({ word }) => word);
  return /\p{Script=Han}/u.test(part) ? 3 : (folded.at(-1) ?? '').length;
}

function stripped(item: string): { readonly text: string; readonly plain: boolean; readonly cased: boolean } {
  const cased = /^!"(.*)"$/s.exec(item.trim());
  if (cased !== null) return { text: cased[1]!, plain: true, cased: true };
  const quoted = /^"(.*)"$/s.exec(item.trim());
  if (quoted !== null) return { text: quoted[1]!, plain: true, cased: false };
  return { text: item, plain: false, cased: false };
}

/** The patterns of an item in its language; see "Word lists" in docs/watchlist.md. */
export function itemPatterns(item: string, lang: string): readonly Pattern[] {
  const { text, plain, cased } = stripped(item);
  // A ZWNJ joins two words that may as well stand apart.
  const spellings = text.includes('\u200c') ? [text, text.replaceAll('\u200c', ' ')] : [text];
  return spellings.flatMap((spelling) => spellingPatterns(spelling, plain ? 'any' : lang, cased)).slice(0, mostForms);
}

function spellingPatterns(text: string, lang: string, cased: boolean): readonly Pattern[] {
  const found = wordsOf(text);
  if (found.length === 0) return [];
  const marks = found.map(({ end }) => text[end] ?? '');
  const shape = (words: readonly string[]): Pattern =>
    words.map((word, i) => ({
      word,
      prefix: marks[i] === '*',
      capitals: cased ? capitals(text, found[i]!.start, found[i]!.end) : -1,
    }));
  const words = found.map(({ word }) => word);
  let forms: readonly (readonly string[])[] =
    marks.includes('*') || marks.includes('~') ? [words] : inflected(words, lang);
  for (const [i, mark] of marks.entries()) {
    if (mark === '~') forms = forms.flatMap((form) => englishForms(form[i]!).map((word) => form.with(i, word)));
  }
  return forms.map(shape);
}

/** The pattern of words in a query: as they stand. */
export function queryPatterns(text: string, caseSensitive: boolean): readonly Pattern[] {
  return itemPatterns(caseSensitive ? `!"${text}"` : `"${text}"`, 'any');
}
