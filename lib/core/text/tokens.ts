import { foldCharacter, foldTable, isSingle, isWordCharacter, unitClass } from './fold-table.ts';
import { htmlReference } from './html-entities.ts';

/**
 * The words of a story, as numbers: token i runs over `text[start[i] … end[i])` of its field, and folds to
 * `units[unitStart[i] … unitStart[i + 1])`. The arrays are reused from story to story and hold `count` tokens.
 */
export type Tokens = {
  count: number;
  hash: Int32Array;
  start: Int32Array;
  end: Int32Array;
  unitStart: Int32Array;
  units: Uint16Array;
  /** Counts up over all fields; two tokens share a sentence when they share this. */
  sentence: Int32Array;
  /** Where the token begins and ends in half-words: a word is two wide, a Chinese character one. Fields lie far apart. */
  position: Int32Array;
  positionEnd: Int32Array;
};

/** Far more than any proximity operator reaches. */
export const fieldGap = 1_000;

const { classes, folded, expansions } = foldTable;
const hashStep = 0x01000193;
const hashSeed = 0x811c9dc5 | 0;

export function hashOf(word: string): number {
  let hash = hashSeed;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), hashStep);
  return hash;
}

/** The hash of the first units of a token, to look prefixes up. */
export function hashStart(units: Uint16Array, from: number, length: number): number {
  let hash = hashSeed;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ units[i]!, hashStep);
  return hash;
}

// A full stop after these ends no sentence.
const abbreviations = new Set(
  'mr mrs ms dr prof gen col maj capt cmdr lt sgt adm sen rep gov pres st mt no vs jr sr inc ltd co corp rev hon al etc approx dept est jan feb mar apr jun jul aug sep sept oct nov dec г гг им тов ул св т д п'
    .split(' ')
    .map(hashOf),
);

export function newTokens(): Tokens {
  return {
    count: 0,
    hash: new Int32Array(256),
    start: new Int32Array(256),
    end: new Int32Array(256),
    unitStart: new Int32Array(257),
    units: new Uint16Array(2_048),
    sentence: new Int32Array(256),
    position: new Int32Array(256),
    positionEnd: new Int32Array(256),
  };
}

export function clearTokens(tokens: Tokens): void {
  tokens.count = 0;
}

function longer(array: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}

function makeRoom(tokens: Tokens, more: number): void {
  const wanted = tokens.count + more + 1;
  if (wanted > tokens.hash.length) {
    const length = Math.max(wanted, tokens.hash.length * 2);
    tokens.hash = longer(tokens.hash, length);
    tokens.start = longer(tokens.start, length);
    tokens.end = longer(tokens.end, length);
    tokens.unitStart = longer(tokens.unitStart, length + 1);
    tokens.sentence = longer(tokens.sentence, length);
    tokens.position = longer(tokens.position, length);
    tokens.positionEnd = longer(tokens.positionEnd, length);
  }
  // Most units fold to one; what folds to more asks again.
  makeUnitRoom(tokens, tokens.unitStart[tokens.count]! + more + 64);
}

function makeUnitRoom(tokens: Tokens, wanted: number): void {
  if (wanted <= tokens.units.length) return;
  const grown = new Uint16Array(Math.max(wanted, tokens.units.length * 2));
  grown.set(tokens.units);
  tokens.units = grown;
}

/**
 * Adds the words of `text[from … to)` as a field of the story. One pass: folds, hashes, finds sentence ends.
 * docs/watchlist.md, "Word lists", says what counts as the same.
 */
export function addField(tokens: Tokens, text: string, from: number, to: number): void {
  makeRoom(tokens, to - from);
  const first = tokens.count;
  const position = first === 0 ? 0 : tokens.positionEnd[first - 1]! + fieldGap;
  const sentence = first === 0 ? 0 : tokens.sentence[first - 1]! + 1;
  scan(tokens, text, from, to, position, sentence);
}

function scan(tokens: Tokens, text: string, from: number, to: number, atPosition: number, atSentence: number): void {
  let { hash: hashes, start: starts, end: ends, unitStart: unitStarts, units, sentence: sentences } = tokens;
  let { position: positions, positionEnd: positionEnds } = tokens;
  let count = tokens.count;
  let unit = unitStarts[count]!;
  let wordUnit = unit;
  let hash = hashSeed;
  let wordStart = from;
  let wordEnd = from;
  let position = atPosition;
  let sentence = atSentence;
  let broke = false;
  let dotted = false;
  let i = from;
  while (i < to) {
    const code = text.charCodeAt(i);
    const kind = classes[code]!;
    if (kind === unitClass.letter) {
      if (unit === wordUnit) wordStart = i;
      const letter = folded[code]!;
      units[unit++] = letter;
      hash = Math.imul(hash ^ letter, hashStep);
      wordEnd = ++i;
      continue;
    }
    if (kind === unitClass.skip) {
      i++;
      continue;
    }
    let next = i + 1;
    let ends1 = false;
    let letters = '';
    let single = false;
    let swallow = 0;
    if (kind === unitClass.single) {
      single = true;
      letters = '';
    } else if (kind === unitClass.special) {
      if (code === 46 /* . */) {
        const length = unit - wordUnit;
        if ((length === 1 || dotted) && length > 0 && isLoneLetter(text, i + 1, to)) {
          dotted = true;
          i++;
          continue;
        }
        ends1 =
          endsSentence(text, i + 1, to) &&
          !dotted &&
          !(length === 1 && units[wordUnit]! > 57) &&
          !abbreviations.has(hash);
        if (dotted && length > 0) wordEnd = i + 1;
      } else if (code >= 0xd800 && code <= 0xdfff) {
        const point = text.codePointAt(i)!;
        if (point > 0xffff) {
          next = i + 2;
          const character = String.fromCodePoint(point);
          if (isWordCharacter(character)) {
            letters = foldCharacter(character);
            single = isSingle(character);
          }
        }
      } else if (code === 38 /* & */) {
        const reference = htmlReference(text, i);
        if (reference !== null) {
          next = reference.end;
          const { character } = reference;
          if (isWordCharacter(character)) letters = foldCharacter(character);
          else if (isApostrophe(character.charCodeAt(0))) swallow = possessive(text, next, to);
          else if (classes[character.charCodeAt(0)] === unitClass.skip) {
            i = next;
            continue;
          } else ends1 = character === '…';
        }
      } else if (code === 35 /* # */) {
        const end = hashtagEnd(text, i + 1, to);
        if (end > 0) {
          // CamelCase in a hashtag: each hump is a word.
          const from1 = i + 1;
          if (unit > wordUnit) {
            flush();
          }
          save();
          let hump = from1;
          for (let j = from1 + 1; j <= end; j++) {
            if (j === end || (isUpper(text.charCodeAt(j)) && !isUpper(text.charCodeAt(j - 1)))) {
              scan(tokens, text, hump, j, position, sentence + (broke ? 1 : 0));
              hump = j;
              position = tokens.count > 0 ? tokens.positionEnd[tokens.count - 1]! : position;
            }
          }
          if (broke) sentence++;
          broke = false;
          load();
          i = end;
          continue;
        }
      } else if (isApostrophe(code) || code === 34 || code === 0x5f3 || code === 0x5f4) {
        if (unit > wordUnit && isHebrew(text.charCodeAt(i - 1)) && isHebrew(text.charCodeAt(i + 1))) {
          i++;
          continue;
        }
        if (code !== 34 && unit > wordUnit) swallow = possessive(text, i + 1, to);
      } else if (code === 10 || code === 13) {
        ends1 = code === 10 && text.charCodeAt(i + 1) === 10;
      } else {
        const expansion = expansions.get(code);
        if (expansion !== undefined) letters = expansion;
        else ends1 = true;
      }
    }
    if (letters !== '' && !single) {
      if (unit === wordUnit) wordStart = i;
      makeUnitRoom(tokens, unit + letters.length + (to - i) + 64);
      units = tokens.units;
      for (let j = 0; j < letters.length; j++) {
        const letter = letters.charCodeAt(j);
        units[unit++] = letter;
        hash = Math.imul(hash ^ letter, hashStep);
      }
      wordEnd = next;
      i = next;
      continue;
    }
    if (unit > wordUnit) flush();
    if (single) {
      if (broke) {
        sentence++;
        broke = false;
      }
      if (letters === '') {
        const letter = folded[code]!;
        units[unit++] = letter;
        hash = Math.imul(hash ^ letter, hashStep);
      } else {
        for (let j = 0; j < letters.length; j++) {
          units[unit++] = letters.charCodeAt(j);
          hash = Math.imul(hash ^ letters.charCodeAt(j), hashStep);
        }
      }
      wordStart = i;
      wordEnd = next;
      put(1);
    }
    if (ends1) broke = true;
    i = next + swallow;
  }
  if (unit > wordUnit) flush();
  save();

  function flush(): void {
    if (broke) {
      sentence++;
      broke = false;
    }
    put(2);
  }
  function put(width: number): void {
    hashes[count] = hash;
    starts[count] = wordStart;
    ends[count] = wordEnd;
    sentences[count] = sentence;
    positions[count] = position;
    position += width;
    positionEnds[count] = position;
    count++;
    unitStarts[count] = unit;
    wordUnit = unit;
    hash = hashSeed;
    dotted = false;
  }
  function save(): void {
    tokens.count = count;
  }
  function load(): void {
    ({ hash: hashes, start: starts, end: ends, unitStart: unitStarts, units, sentence: sentences } = tokens);
    ({ position: positions, positionEnd: positionEnds } = tokens);
    count = tokens.count;
    unit = unitStarts[count]!;
    wordUnit = unit;
    hash = hashSeed;
  }
}

function isApostrophe(code: number): boolean {
  return code === 39 || code === 0x2019 || code === 0x2bc || code === 0x2018;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isHebrew(code: number): boolean {
  return code >= 0x5d0 && code <= 0x5ea;
}

function isLetterAt(text: string, at: number, to: number): boolean {
  const kind = at < to ? classes[text.charCodeAt(at)]! : unitClass.separator;
  return kind === unitClass.letter || kind === unitClass.skip;
}

/** A letter with none beside it: the S of "U.S." but not the "com" of "vox.com". */
function isLoneLetter(text: string, at: number, to: number): boolean {
  return isLetterAt(text, at, to) && text.charCodeAt(at) > 57 && !isLetterAt(text, at + 1, to);
}

/** The length of a possessive s that ends its word here, or 0. */
function possessive(text: string, at: number, to: number): number {
  return at < to && (text.charCodeAt(at) | 32) === 115 && !isLetterAt(text, at + 1, to) ? 1 : 0;
}

/** A full stop ends a sentence before a space, a closing mark or the end; not inside "3.5" or "vox.com". */
function endsSentence(text: string, at: number, to: number): boolean {
  if (at >= to) return true;
  const kind = classes[text.charCodeAt(at)]!;
  return kind === unitClass.separator || kind === unitClass.special || kind === unitClass.single;
}

/** Where a hashtag that has humps ends, or 0. */
function hashtagEnd(text: string, from: number, to: number): number {
  let end = from;
  let humps = false;
  while (end < to && isLetterAt(text, end, to)) {
    if (end > from && isUpper(text.charCodeAt(end)) && !isUpper(text.charCodeAt(end - 1))) humps = true;
    end++;
  }
  return humps ? end : 0;
}

/** The folded words of a text, for compiling patterns: the same words that `addField` finds in a story. */
export function wordsOf(
  text: string,
): readonly { readonly word: string; readonly start: number; readonly end: number }[] {
  const tokens = newTokens();
  addField(tokens, text, 0, text.length);
  return Array.from({ length: tokens.count }, (_, i) => ({
    word: String.fromCharCode(...tokens.units.subarray(tokens.unitStart[i]!, tokens.unitStart[i + 1]!)),
    start: tokens.start[i]!,
    end: tokens.end[i]!,
  }));
}

/** Which letters of a word are capitals, as bits from the first letter on: what case-sensitive words compare. */
export function capitals(text: string, start: number, end: number): number {
  let bits = 0;
  let letter = 0;
  for (let i = start; i < end && letter < 31; i++) {
    const kind = classes[text.charCodeAt(i)]!;
    if (kind !== unitClass.letter && !expansions.has(text.charCodeAt(i))) continue;
    const character = text[i]!;
    if (character !== character.toLowerCase()) bits |= 1 << letter;
    letter++;
  }
  return bits;
}
