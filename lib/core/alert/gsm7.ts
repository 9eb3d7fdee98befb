/**
 * The 7-bit alphabet of SMS (3GPP TS 23.038, section 6.2.1). One character outside it turns a part of 160 into one of 70,
 * so text is folded into it where its words stay readable.
 */

// The escape character is left out of the basic table: it begins an extension.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('^{}\\[~]|€\f');

/** Septets that a character takes, or null outside the alphabet. */
export function septetsOf(character: string): 1 | 2 | null {
  if (basic.has(character)) return 1;
  return extension.has(character) ? 2 : null;
}

/** Septets of a text, or null where a character lies outside the alphabet. */
export function septetsIn(text: string): number | null {
  let septets = 0;
  for (const character of text) {
    const size = septetsOf(character);
    if (size === null) return null;
    septets += size;
  }
  return septets;
}

const alike = new Map(
  Object.entries({
    "'": '‘’‚‛′ʹʻʼʽˈ`´ʿʾ',
    '"': '“”„‟″«»〝〞＂',
    '-': '‐‑‒–—―−﹣－',
    '...': '…',
    '*': '•‣·∙●▪',
    '/': '⁄∕',
    '<': '‹〈',
    '>': '›〉',
    d: 'đð',
    D: 'ĐÐ',
    h: 'ħ',
    H: 'Ħ',
    i: 'ı',
    k: 'ĸ',
    l: 'ł',
    L: 'Ł',
    oe: 'œ',
    OE: 'Œ',
    t: 'ŧ',
    T: 'Ŧ',
    th: 'þ',
    Th: 'Þ',
    SS: 'ẞ',
    e: 'ə',
    E: 'Ə',
    x: '×',
    ':': '÷',
    c: '¢',
    GBP: '₤',
    Rs: '₹₨',
    deg: '°',
    '(C)': '©',
    '(R)': '®',
    '?': '‽',
  }).flatMap(([plain, characters]) => [...characters].map((character) => [character, plain] as const)),
);

/** A text folded into the alphabet, and what had to be given up. */
export type Folded = {
  readonly text: string;
  /** Letters and digits before folding. */
  readonly letters: number;
  /** Of these, how many have no likeness in the alphabet and stand as `?`. */
  readonly lost: number;
};

/** Folds one line of plain text: quotes, dashes and accents to what is alike; symbols and emoji go. */
export function foldToGsm7(text: string): Folded {
  let folded = '';
  let letters = 0;
  let lost = 0;
  for (const character of text.normalize('NFC')) {
    const isLetter = /[\p{L}\p{N}]/u.test(character);
    const plain = plainCharacter(character);
    if (isLetter) letters += 1;
    if (plain !== null) folded += plain;
    else if (isLetter) {
      lost += 1;
      if (!folded.endsWith('?')) folded += '?';
    }
  }
  return { text: folded.replace(/\s+/g, ' ').trim(), letters, lost };
}

function plainCharacter(character: string): string | null {
  if (septetsOf(character) !== null) return character;
  const likeness = alike.get(character);
  if (likeness !== undefined) return likeness;
  if (/\p{Z}/u.test(character)) return ' ';
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  const folded = [...bare].map((part) => (septetsOf(part) === null ? (alike.get(part) ?? null) : part));
  return bare !== '' && folded.every((part) => part !== null) ? folded.join('') : null;
}
