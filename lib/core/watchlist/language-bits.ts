import type { Tokens } from '../text/tokens.ts';

type Script = 'latin' | 'cyrillic' | 'arabic' | 'hebrew' | 'other';

const scriptOfLanguage: Readonly<Record<string, Script>> = {
  ar: 'arabic',
  fa: 'arabic',
  ur: 'arabic',
  ps: 'arabic',
  ckb: 'arabic',
  he: 'hebrew',
  iw: 'hebrew',
  yi: 'hebrew',
  ru: 'cyrillic',
  uk: 'cyrillic',
  be: 'cyrillic',
  bg: 'cyrillic',
  ky: 'cyrillic',
  tg: 'cyrillic',
  mn: 'cyrillic',
  mk: 'cyrillic',
};
const latin = 'en fr es it pt de nl tr az pl cs sk sv no nb da fi hu ro id ms sw vi lt lv et hr sl sq so ha'.split(' ');

/**
 * The bits of the word lists that count in a story: its language's, and those of `any`. All bits where the language is
 * unknown, or where the title is in a script that the declared language is not written in.
 */
export function languageBits(languages: readonly string[]): (lang: string, tokens: Tokens, titleEnd: number) => number {
  const bits = new Map(languages.map((lang, i) => [lang, 1 << Math.min(i, 30)]));
  return (lang, tokens, titleEnd) => {
    if (lang === '') return -1;
    const expected = scriptOfLanguage[lang] ?? (latin.includes(lang) ? 'latin' : null);
    if (expected !== null && isForeign(expected, tokens, titleEnd)) return -1;
    // The sign bit is in `any` (-1) and in no language.
    return (bits.get(lang) ?? 0) | (1 << 31);
  };
}

/** True where most words of the title are in another script than expected. */
function isForeign(expected: Script, tokens: Tokens, titleEnd: number): boolean {
  let foreign = 0;
  for (let token = 0; token < titleEnd; token++) {
    const script = scriptOf(tokens.units[tokens.unitStart[token]!]!);
    if (script !== expected && script !== null) foreign++;
  }
  return foreign * 2 > titleEnd;
}

function scriptOf(unit: number): Script | null {
  if (unit < 0x3a) return null;
  if (unit < 0x250) return 'latin';
  if (unit >= 0x400 && unit < 0x530) return 'cyrillic';
  if (unit >= 0x5d0 && unit < 0x600) return 'hebrew';
  return unit >= 0x600 && unit < 0x780 ? 'arabic' : 'other';
}
