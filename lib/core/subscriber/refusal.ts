import { nearest } from '../config/nearest.ts';

/** Why something a person wrote is not taken: the field, and a sentence with the value and what to write instead. */
export type Refusal = { readonly field: string; readonly sentence: string };

/** A value that was read, or why it was not. */
export type Read<Value> = { readonly value: Value } | { readonly refused: Refusal };

export function refuse(field: string, sentence: string): { readonly refused: Refusal } {
  return { refused: { field, sentence } };
}

/** A value as a message shows it: short, and on one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 80);
  return `"${line}"`;
}

export function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? '' : `; did you mean "${near}"?`;
}

/** One of a few words. */
export function readWord<Word extends string>(field: string, value: unknown, words: readonly Word[]): Read<Word> {
  const found = words.find((word) => word === value);
  if (found !== undefined) return { value: found };
  const near = typeof value === 'string' ? didYouMean(value, words) : '';
  return refuse(field, `${quoted(value)} is none of ${words.join(', ')}${near}`);
}
