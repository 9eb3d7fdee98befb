const named: Readonly<Record<string, string>> = {
  amp: ' ',
  lt: ' ',
  gt: ' ',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lsquo: '‘',
  rsquo: '’',
  sbquo: ' ',
  ldquo: ' ',
  rdquo: ' ',
  laquo: ' ',
  raquo: ' ',
  ndash: ' ',
  mdash: ' ',
  hellip: '…',
  shy: '\u00ad',
  zwnj: '\u200c',
  zwj: '\u200d',
  szlig: 'ß',
  aelig: 'æ',
  AElig: 'Æ',
  oelig: 'œ',
  OElig: 'Œ',
  oslash: 'ø',
  Oslash: 'Ø',
  eth: 'ð',
  thorn: 'þ',
};

/**
 * The character that an HTML reference at `at` (an ampersand) stands for, and where it ends, for text that a feed
 * escaped once too often. Null where it is only an ampersand.
 */
export function htmlReference(text: string, at: number): { readonly character: string; readonly end: number } | null {
  // A reference is short: to search the whole text for its semicolon would cost the square of many ampersands.
  const length = text.slice(at, at + 12).indexOf(';');
  if (length === -1) return null;
  const end = at + length;
  const name = text.slice(at + 1, end);
  const character = numeric(name) ?? named[name] ?? accented(name);
  return character === null ? null : { character, end: end + 1 };
}

function numeric(name: string): string | null {
  const found = /^#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}))$/.exec(name);
  if (found === null) return null;
  const code = found[1] === undefined ? Number.parseInt(found[2]!, 16) : Number(found[1]);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? ' ' : String.fromCodePoint(code);
}

/** `eacute` and its kin: the letter is all that folding keeps. */
function accented(name: string): string | null {
  const found = /^([a-zA-Z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron)$/.exec(name);
  return found?.[1] ?? null;
}
