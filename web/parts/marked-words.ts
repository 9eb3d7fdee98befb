export type Piece = { readonly text: string; readonly marked: boolean };

/** Cuts a text at spans of UTF-16 offsets, which may overlap or reach past its end. */
export function cutAtSpans(
  text: string,
  spans: readonly { readonly start: number; readonly end: number }[],
): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(start, at);
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), marked: false });
    pieces.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

/** Cuts a text where one of these words stands in it: whole words, but in scripts that put no space between them. */
export function cutAtWords(text: string, words: readonly string[]): readonly Piece[] {
  const sought = words.filter((word) => word.trim() !== '').toSorted((a, b) => b.length - a.length);
  if (sought.length === 0) return text === '' ? [] : [{ text, marked: false }];
  const found = [...text.matchAll(new RegExp(sought.map(wholeWord).join('|'), 'giu'))];
  return cutAtSpans(
    text,
    found.map(({ 0: { length }, index }) => ({ start: index, end: index + length })),
  );
}

const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function wholeWord(word: string): string {
  // Nothing else: a pattern with the flag `u` refuses an escape that is not needed.
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return spaceless.test(word) ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}
