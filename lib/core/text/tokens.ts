import {
  endsSentence,
  hashtagEnd,
  isApostrophe,
  isHebrew,
  isLoneLetter,
  isUpper,
  joinsHebrew,
  possessive,
  rareCharacter,
} from './characters.ts';
import { foldTable, unitClass } from './fold-table.ts';

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

const { classes, folded, letters, expansions } = foldTable;
const hashStep = 0x01000193;
const hashSeed = 0x811c9dc5 | 0;
const fullStop = 46;
const numberSign = 35;
const newLine = 10;

export function hashOf(word: string): number {
  let hash = hashSeed;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), hashStep);
  return hash;
}

/** The hash of what was hashed, and one unit more. */
export function hashOn(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, hashStep);
}

/** The hash of the first units of a token, to look prefixes up. */
export function hashStart(units: Uint16Array, from: number, length: number): number {
  let hash = hashSeed;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ units[i]!, hashStep);
  return hash;
}

// A full stop after these ends no sentence.
const abbreviations = new Set(
  'mr mrs ms dr prof gen col maj capt cmdr lt sgt adm sen rep gov pres st mt vs jr sr inc ltd co corp rev hon al etc approx dept est jan feb mar apr jun jul aug sep sept oct nov dec ee uu sr sra srta dra lic gral г гг им тов ул св т д п'
    .split(' ')
    .map(hashOf),
);

export function newTokens(room = 256): Tokens {
  return {
    count: 0,
    hash: new Int32Array(room),
    start: new Int32Array(room),
    end: new Int32Array(room),
    unitStart: new Int32Array(room + 1),
    units: new Uint16Array(room * 8),
    sentence: new Int32Array(room),
    position: new Int32Array(room),
    positionEnd: new Int32Array(room),
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

/** The hot loop of the whole system: no closures, no strings, one branch for a letter. */
function scan(tokens: Tokens, text: string, from: number, to: number, atPosition: number, atSentence: number): void {
  let { hash: hashes, start: starts, end: ends, unitStart: unitStarts, units } = tokens;
  let { sentence: sentences, position: positions, positionEnd: positionEnds } = tokens;
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
  // One step beyond the end, as if a space stood there, closes the last word.
  while (i <= to) {
    const code = i < to ? text.charCodeAt(i) : 32;
    let letter = letters[code]!;
    if (letter !== 0) {
      if (unit === wordUnit) wordStart = i;
      // A constant of this block, so that the loop need not ask again where the array lies.
      const out = units;
      do {
        out[unit++] = letter;
        hash = Math.imul(hash ^ letter, hashStep);
        letter = ++i < to ? letters[text.charCodeAt(i)]! : 0;
      } while (letter !== 0);
      wordEnd = i;
      continue;
    }
    const kind = classes[code]!;
    if (kind === unitClass.skip) {
      i++;
      continue;
    }
    let next = i + 1;
    let breaks = false;
    let single = kind === unitClass.single ? folded[code]! : 0;
    if (kind === unitClass.special) {
      const length = unit - wordUnit;
      if (code === fullStop) {
        if (length > 0 && (length === 1 || dotted) && isLoneLetter(text, i + 1, to)) {
          dotted = true;
          i++;
          continue;
        }
        breaks =
          endsSentence(text, i + 1, to) &&
          !dotted &&
          !(length === 1 && units[wordUnit]! > 57) &&
          !(length > 0 && abbreviations.has(hash));
        if (dotted && length > 0) wordEnd = next;
      } else if (code === numberSign && length === 0) {
        const end = hashtagEnd(text, next, to);
        if (end > 0) {
          tokens.count = count;
          if (broke) sentence++;
          broke = false;
          position = addHumps(tokens, text, next, end, position, sentence);
          ({ hash: hashes, start: starts, end: ends, unitStart: unitStarts, units } = tokens);
          ({ sentence: sentences, position: positions, positionEnd: positionEnds } = tokens);
          count = tokens.count;
          unit = unitStarts[count]!;
          wordUnit = unit;
          i = end;
          continue;
        }
      } else if (
        joinsHebrew(code) &&
        length > 0 &&
        isHebrew(text.charCodeAt(i - 1)) &&
        isHebrew(text.charCodeAt(next))
      ) {
        i = next;
        continue;
      } else if (isApostrophe(code)) {
        if (length > 0) next += possessive(text, next, to);
      } else if (code === newLine || code === 13) {
        breaks = code === newLine && text.charCodeAt(next) === newLine;
      } else if (code === 38 || expansions.has(code) || (code >= 0xd800 && code <= 0xdfff)) {
        const rare = rareCharacter(text, i, to, length > 0);
        next = rare.end;
        if (rare.isSkipped) {
          i = next;
          continue;
        }
        breaks = rare.endsSentence;
        if (rare.isSingle && rare.letters !== '') single = rare.letters.charCodeAt(0);
        else if (rare.letters !== '') {
          if (unit === wordUnit) wordStart = i;
          makeUnitRoom(tokens, unit + rare.letters.length + (to - i) + 64);
          units = tokens.units;
          for (let j = 0; j < rare.letters.length; j++) {
            letter = rare.letters.charCodeAt(j);
            units[unit++] = letter;
            hash = Math.imul(hash ^ letter, hashStep);
          }
          wordEnd = next;
          i = next;
          continue;
        }
      } else breaks = code !== numberSign && !joinsHebrew(code);
    }
    if (unit > wordUnit) {
      if (broke) {
        sentence++;
        broke = false;
      }
      hashes[count] = hash;
      starts[count] = wordStart;
      ends[count] = wordEnd;
      sentences[count] = sentence;
      positions[count] = position;
      position += 2;
      positionEnds[count] = position;
      unitStarts[++count] = unit;
      wordUnit = unit;
      hash = hashSeed;
      dotted = false;
    }
    if (single !== 0) {
      if (broke) {
        sentence++;
        broke = false;
      }
      units[unit++] = single;
      hashes[count] = Math.imul(hashSeed ^ single, hashStep);
      starts[count] = i;
      ends[count] = next;
      sentences[count] = sentence;
      positions[count] = position;
      position += 1;
      positionEnds[count] = position;
      unitStarts[++count] = unit;
      wordUnit = unit;
    }
    if (breaks) broke = true;
    i = next;
  }
  tokens.count = count;
}

/** CamelCase in a hashtag: each hump is a word. Returns the position after them. */
function addHumps(tokens: Tokens, text: string, from: number, to: number, position: number, sentence: number): number {
  let hump = from;
  let after = position;
  for (let i = from + 1; i <= to; i++) {
    if (i < to && !(isUpper(text.charCodeAt(i)) && !isUpper(text.charCodeAt(i - 1)))) continue;
    scan(tokens, text, hump, i, after, sentence);
    if (tokens.count > 0) after = tokens.positionEnd[tokens.count - 1]!;
    hump = i;
  }
  return after;
}
