import { foldTable, unitClass } from './fold-table.ts';
import { addField, clearTokens, newTokens } from './tokens.ts';

const { classes, expansions } = foldTable;

export type FoldedWord = { readonly word: string; readonly start: number; readonly end: number };

// Compiling folds a million short texts: one set of arrays serves them all, one call at a time.
const scratch = newTokens();

/** The folded words of a text, for compiling patterns: the same words that `addField` finds in a story. */
export function wordsOf(text: string): readonly FoldedWord[] {
  clearTokens(scratch);
  addField(scratch, text, 0, text.length);
  const words: FoldedWord[] = [];
  for (let i = 0; i < scratch.count; i++) {
    const units = scratch.units.subarray(scratch.unitStart[i]!, scratch.unitStart[i + 1]!);
    words.push({ word: textOf(units), start: scratch.start[i]!, end: scratch.end[i]! });
  }
  return words;
}

/** Without a spread, which copies the units once more. */
function textOf(units: Uint16Array): string {
  let text = '';
  for (let i = 0; i < units.length; i++) text += String.fromCharCode(units[i]!);
  return text;
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
