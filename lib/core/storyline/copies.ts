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
  const guarded: string[] = [];
  for (const word of words) {
    const { bit, isGuarded } = seen(word);
    if (bit < 31) bits |= 1 << bit;
    else moreBits |= 1 << (bit - 31);
    if (isGuarded) guarded.push(word);
  }
  return {
    words,
    key: words.join(' '),
    bits,
    moreBits,
    guarded: guarded.sort().join(' '),
    isCut: cutMark.test(title),
  };
}

type Seen = { readonly bit: number; readonly isGuarded: boolean };

const mostKnown = 20_000;
// As in terms.ts: titles repeat their words, and the answer for a word is always the same.
let known = new Map<string, Seen>();

function seen(word: string): Seen {
  const before = known.get(word);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known = new Map();
  const now = { bit: bitOf(word), isGuarded: /^\d/.test(word) || isNegation(word) || isDenial(word) };
  known.set(word, now);
  return now;
}

function bitOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % 62;
}

/**
 * True where two titles are one text: the same words but for a few, the same numbers, and neither denies what the other
 * says. A title that its feed cut is a copy of the one it begins. An exact copy is one whatever its length; two short
 * titles that differ in a word are two texts.
 */
export function isCopy(a: Wording, b: Wording): boolean {
  // Most pairs end here. Other spellings of a word fall on other bits: so this asks for less than the words will.
  const least = Math.min(a.words.length, b.words.length);
  if (bitsIn(a.bits & b.bits) + bitsIn(a.moreBits & b.moreBits) < 0.5 * least) return false;
  if (a.key === b.key) return a.key !== '';
  const [short, long] = a.words.length <= b.words.length ? [a, b] : [b, a];
  if (short.words.length < fewestWords) return false;
  if (short.isCut && beginsWith(long.words, short.words)) return true;
  if (a.guarded !== b.guarded) return false;
  if (short.words.length < copyFrom * long.words.length) return false;
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
      // Other spellings may make up for some, never for half.
      if (2 * lost.length > short.length) return false;
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
  // Another name in the same place tells another story, however much else is the same.
  return !(others.some(mayName) && left.some(mayName)) || areVerbs(others, left);
}

/** One word in two spellings or endings: "sterilisation" and "sterilization", "says" and "said". */
function isSpelling(a: string, b: string): boolean {
  if (a.charCodeAt(0) !== b.charCodeAt(0) || Math.abs(a.length - b.length) > 3) return false;
  if (stem(a) === stem(b)) return true;
  const longest = Math.max(a.length, b.length);
  if (longest < 5) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const most = Math.min(a.length, b.length) - same;
  let ending = 0;
  while (ending < most && a.at(-1 - ending) === b.at(-1 - ending)) ending++;
  return same + ending >= longest - (longest > 6 ? 2 : 1);
}

/** One word for another of the same ending, as "slams" for "criticises": names seldom swap so. */
function areVerbs([a = '', another]: readonly string[], [b = '', other]: readonly string[]): boolean {
  if (another !== undefined || other !== undefined) return false;
  return ['s', 'ed', 'ing'].some((ending) => a.endsWith(ending) && b.endsWith(ending));
}

function mayName(word: string): boolean {
  return !isSilent(word) && backgroundWeight(stem(word)) === 1;
}

/** How many bits are set (Warren, Hacker's Delight, 5-1). */
function bitsIn(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
