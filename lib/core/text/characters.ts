import { foldCharacter, foldTable, isSingle, isWordCharacter, unitClass } from './fold-table.ts';
import { htmlReference } from './html-entities.ts';

const { classes, expansions } = foldTable;

export type RareCharacter = {
  /** What it folds to; empty where it is no letter. */
  readonly letters: string;
  readonly end: number;
  readonly isSkipped: boolean;
  readonly isSingle: boolean;
  readonly endsSentence: boolean;
};

/** An HTML reference, a letter that folds to several, or a character beyond the first plane. */
export function rareCharacter(text: string, at: number, to: number, inWord: boolean): RareCharacter {
  const none = { letters: '', end: at + 1, isSkipped: false, isSingle: false, endsSentence: false };
  const code = text.charCodeAt(at);
  if (code === 38) {
    const reference = htmlReference(text, at);
    if (reference === null || reference.end > to) return none;
    const { character, end } = reference;
    const first = character.charCodeAt(0);
    if (isWordCharacter(character))
      return { ...none, letters: foldCharacter(character), isSingle: isSingle(character), end };
    if (isApostrophe(first)) return { ...none, end: end + (inWord ? possessive(text, end, to) : 0) };
    return { ...none, end, isSkipped: classes[first] === unitClass.skip, endsSentence: character === '…' };
  }
  const expansion = expansions.get(code);
  if (expansion !== undefined) return { ...none, letters: expansion };
  const point = text.codePointAt(at)!;
  // A lone surrogate stands for nothing and separates.
  if (point <= 0xffff) return none;
  const character = String.fromCodePoint(point);
  const end = at + 2;
  return isWordCharacter(character)
    ? { ...none, letters: foldCharacter(character), isSingle: isSingle(character), end }
    : { ...none, end };
}

/** Geresh and gershayim, and the quotation marks, straight or curly, that are typed for them. */
export function joinsHebrew(code: number): boolean {
  return (
    code === 34 ||
    code === 39 ||
    code === 0x5f3 ||
    code === 0x5f4 ||
    code === 0x2019 ||
    code === 0x201c ||
    code === 0x201d
  );
}

export function isApostrophe(code: number): boolean {
  return code === 39 || code === 0x2019 || code === 0x2bc || code === 0x2018;
}

export function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

export function isHebrew(code: number): boolean {
  return code >= 0x5d0 && code <= 0x5ea;
}

function isLetterAt(text: string, at: number, to: number): boolean {
  const kind = at < to ? classes[text.charCodeAt(at)]! : unitClass.separator;
  return kind === unitClass.letter || kind === unitClass.skip;
}

/** A letter with none beside it: the S of "U.S." but not the "com" of "vox.com". */
export function isLoneLetter(text: string, at: number, to: number): boolean {
  return isLetterAt(text, at, to) && text.charCodeAt(at) > 57 && !isLetterAt(text, at + 1, to);
}

/** The length of a possessive s that ends its word here, or 0. */
export function possessive(text: string, at: number, to: number): number {
  return at < to && (text.charCodeAt(at) | 32) === 115 && !isLetterAt(text, at + 1, to) ? 1 : 0;
}

/** A full stop ends a sentence before a space, a closing mark or the end; not inside "3.5" or "vox.com". */
export function endsSentence(text: string, at: number, to: number): boolean {
  if (at >= to) return true;
  const kind = classes[text.charCodeAt(at)]!;
  return kind === unitClass.separator || kind === unitClass.special || kind === unitClass.single;
}

/** Where a hashtag that has humps ends, or 0. */
export function hashtagEnd(text: string, from: number, to: number): number {
  let end = from;
  let humps = false;
  while (end < to && isLetterAt(text, end, to)) {
    if (end > from && isUpper(text.charCodeAt(end)) && !isUpper(text.charCodeAt(end - 1))) humps = true;
    end++;
  }
  return humps ? end : 0;
}
