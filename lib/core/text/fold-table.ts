import { traditionalSimplified } from './han-variants.ts';

/** What a UTF-16 unit is to the tokeniser. */
export const unitClass = {
  separator: 0,
  letter: 1,
  skip: 2,
  /** A word of its own: Han, kana, Thai and the scripts that put no space between words. */
  single: 3,
  /** Needs a look at its neighbours, or folds to several units. */
  special: 4,
} as const;

export type FoldTable = {
  readonly classes: Uint8Array;
  /** The folded unit of letters and singles. */
  readonly folded: Uint16Array;
  /** The folded unit of letters, 0 for all else: what the inner loop looks at. */
  readonly letters: Uint16Array;
  /** What folds to several units. */
  readonly expansions: ReadonlyMap<number, string>;
};

// Marks that spelling leaves out at will. Not \p{M}: that holds the vowel signs of Hindi and Thai.
const droppedMarks =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u093c\u09bc]/g;

// NFKC keeps these apart although writers do not.
const sameLetter: Readonly<Record<string, string>> = {
  ي: 'ی',
  ى: 'ی',
  ے: 'ی',
  ك: 'ک',
  ڪ: 'ک',
  ة: 'ه',
  ە: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ۃ: 'ه',
  ٱ: 'ا',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ς: 'σ',
  ĸ: 'k',
};

// Zeros of the decimal digits that news is set in.
const digitZeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0];

const skipped =
  /\u034f|[\u00ad\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\ufe00-\ufe0f]/;
const singleScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u;
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;
const special =
  '.!?\u2026\u3002\uff01\uff1f\uff0e\u061f\u06d4\u0964&#\'\u2019\u02bc\u2018"\u201c\u201d\u05f3\u05f4\n\r';

const han = new Map<string, string>();
{
  const pairs = [...traditionalSimplified];
  for (let i = 0; i + 1 < pairs.length; i += 2) han.set(pairs[i]!, pairs[i + 1]!);
}

/** Folds one character: case, accents, width, variant letters. May give several letters, or none. */
export function foldCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  for (const zero of digitZeros) if (code >= zero && code <= zero + 9) return String(code - zero);
  const wide = character.normalize('NFKC');
  // Decomposing would take Hangul and voiced kana apart.
  const bare = /[\u3040-\u30ff\uac00-\ud7a3]/.test(wide) ? wide : wide.normalize('NFD').replace(droppedMarks, '');
  let out = '';
  for (const letter of bare.toLowerCase().replace(droppedMarks, ''))
    out += sameLetter[letter] ?? han.get(letter) ?? letter;
  return out;
}

/** True for characters that make words; false for spaces, punctuation and symbols. */
export function isWordCharacter(character: string): boolean {
  return wordCharacter.test(character);
}

export function isSingle(character: string): boolean {
  return singleScript.test(character);
}

function buildFoldTable(): FoldTable {
  const classes = new Uint8Array(65_536);
  const folded = new Uint16Array(65_536);
  const expansions = new Map<number, string>();
  const fold = (code: number) => {
    const character = String.fromCharCode(code);
    if (skipped.test(character)) return unitClass.skip;
    if (special.includes(character)) return unitClass.special;
    if (!wordCharacter.test(character)) return unitClass.separator;
    const letters = foldCharacter(character);
    if (letters === '') return unitClass.skip;
    folded[code] = letters.charCodeAt(0);
    if (singleScript.test(character) && letters.length === 1) return unitClass.single;
    if (letters.length === 1) return unitClass.letter;
    expansions.set(code, letters);
    return unitClass.special;
  };
  const range = (from: number, to: number, each: (code: number) => number) => {
    for (let code = from; code <= to; code++) classes[code] = each(code);
  };
  range(0, 0x33ff, fold);
  // The long ranges that fold to themselves need no look at each character.
  const itself = (as: number) => (code: number) => {
    folded[code] = code;
    return as;
  };
  range(0x3400, 0x9fff, itself(unitClass.single));
  range(0xa000, 0xabff, fold);
  range(0xac00, 0xd7a3, itself(unitClass.letter));
  range(0xd7a4, 0xd7ff, fold);
  range(0xd800, 0xdfff, () => unitClass.special);
  range(0xf900, 0xffff, fold);
  for (const [traditional, simplified] of han) folded[traditional.charCodeAt(0)] = simplified.charCodeAt(0);
  const letters = folded.map((unit, code) => (classes[code] === unitClass.letter ? unit : 0));
  return { classes, folded, letters, expansions };
}

export const foldTable: FoldTable = buildFoldTable();
