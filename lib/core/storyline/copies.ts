import { backgroundWeight, isSilent } from './background-words.ts';
import { isDenial, isNegation } from './marks.ts';
import { stem } from './stem.ts';

/** A title's words, made ready to be compared with many. */
export type Wording = {
  readonly words: readonly string[];
  /** The words between spaces: the same for exact copies. */
  readonly key: string;
  /** Each bit says that some word falls on it: two wordings share about the bits that both have. */
  readonly bits: number;
  readonly moreBits: number;
  /** Numbers, negations and denials, sorted: where these differ, one is an update of the other and no copy. */
  readonly guarded: string;
  /** The title was cut by its feed. */
  readonly isCut: boolean;
};

const copyFrom = 0.6;
const fewestWords = 4;
const cutMark = /(?:\.\.\.|…)\s*$/;

export function wordingOf(words: readonly string[], title = ''): Wording {
  let bits = 0;
  let moreBits = 0;
  for (const word of words) {
    const bit = bitOf(word);
    if (bit < 31) bits |= 1 << bit;
    else moreBits |= 1 << (bit - 31);
  }
  return { words, key: words.join(' '), bits, moreBits, guarded: guardOf(words), isCut: cutMark.test(title) };
}

function bitOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % 62;
}

function guardOf(words: readonly string[]): string {
  return words
    .filter((word) => /^\d/.test(word) || isNegation(word) || isDenial(word))
    .sort()
    .join(' ');
}

/**
 * True where two titles are one text: the same words but for a few, the same numbers, and neither denies what the other
 * says. A title that its feed cut is a copy of the one it begins. An exact copy is one whatever its length; two short
 * titles that differ in a word are two texts.
 */
export function isCopy(a: Wording, b: Wording): boolean {
  if (a.key === b.key) return a.key !== '';
  const [short, long] = a.words.length <= b.words.length ? [a, b] : [b, a];
  if (short.words.length < fewestWords) return false;
  if (short.isCut && beginsWith(long.words, short.words)) return true;
  if (a.guarded !== b.guarded) return false;
  if (short.words.length < copyFrom * long.words.length) return false;
  // Other spellings of a word fall on other bits: so this asks for less than the words will have to share.
  const mayShare = populationOf(a.bits & b.bits) + populationOf(a.moreBits & b.moreBits);
  if (mayShare < 0.45 * short.words.length) return false;
  return sameButForFew(short.words, long.words);
}

/** The last word of a cut title may be half a word. */
function beginsWith(long: readonly string[], short: readonly string[]): boolean {
  return short.every((word, i) => word === long[i] || (i === short.length - 1 && (long[i] ?? '').startsWith(word)));
}

function sameButForFew(short: readonly string[], long: readonly string[]): boolean {
  const left = [...long];
  const lost: string[] = [];
  let shared = 0;
  for (const word of short) {
    const at = left.indexOf(word);
    if (at < 0) {
      lost.push(word);
      continue;
    }
    left.splice(at, 1);
    shared++;
  }
  const others: string[] = [];
  for (const word of lost) {
    const at = left.findIndex((other) => isSpelling(word, other));
    if (at < 0) {
      others.push(word);
      continue;
    }
    left.splice(at, 1);
    shared++;
  }
  const share = shared / (shared + others.length + left.length);
  if (share < copyFrom || (share < 0.7 && Math.max(others.length, left.length) > (share < 0.65 ? 1 : 2))) return false;
  // Another name in the same place tells another story, unless the titles are long and all else is the same.
  return share >= 0.8 || !(others.some(mayName) && left.some(mayName));
}

/** One word in two spellings or endings: "sterilisation" and "sterilization", "says" and "said". */
function isSpelling(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 3) return false;
  if (stem(a) === stem(b)) return true;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same >= 4 && same >= Math.max(a.length, b.length) - 4;
}

function mayName(word: string): boolean {
  return !isSilent(word) && backgroundWeight(stem(word)) === 1;
}

function populationOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
