/**
 * The words of a text, found the slow and obvious way: character by character, with nothing of the matcher's own. It
 * follows "Word lists" in docs/watchlist.md.
 */
export type SlowWord = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly sentence: number;
  /** Half-words before it in its field. */
  readonly position: number;
  readonly width: number;
};

type Character = { readonly text: string; readonly start: number; readonly end: number };

const entities: Readonly<Record<string, string>> = {
  '&amp;': ' ',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&rsquo;': '’',
  '&#39;': "'",
  '&eacute;': 'e',
};
const invisible = /^[\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]$/u;
const marks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
const alone = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u;
const letter = /^[\p{L}\p{N}\p{M}]$/u;
const swaps: readonly (readonly [RegExp, string])[] = [
  [/[يىے]/gu, 'ی'],
  [/[كڪ]/gu, 'ک'],
  [/[ةەہھۃ]/gu, 'ه'],
  [/ٱ/gu, 'ا'],
  [/ı/gu, 'i'],
  [/ß/gu, 'ss'],
  [/æ/gu, 'ae'],
  [/ø/gu, 'o'],
  [/ł/gu, 'l'],
  [/ς/gu, 'σ'],
  [/國/gu, '国'],
  [/織/gu, '织'],
  [/會/gu, '会'],
  [/襲/gu, '袭'],
  [/擊/gu, '击'],
  [/轟/gu, '轰'],
  [/組/gu, '组'],
  [/爾/gu, '尔'],
];
const shortForms = /^(mr|mrs|dr|gen|lt|st|sen|rep|vs|jan|feb|oct|dec|г|им)$/u;

const folds = new Map<string, string>();

export function slowFold(text: string): string {
  const known = folds.get(text) ?? foldOnce(text);
  folds.set(text, known);
  return known;
}

function foldOnce(text: string): string {
  let out = text.normalize('NFKC').normalize('NFD').replace(marks, '').toLowerCase().replace(marks, '');
  for (const [from, to] of swaps) out = out.replace(from, to);
  return out
    .replace(/[٠-٩]/gu, (digit) => String('٠١٢٣٤٥٦٧٨٩'.indexOf(digit)))
    .replace(/[۰-۹]/gu, (digit) => String('۰۱۲۳۴۵۶۷۸۹'.indexOf(digit)));
}

function characters(text: string): Character[] {
  const found: Character[] = [];
  for (let at = 0; at < text.length; ) {
    const entity = Object.keys(entities).find((name) => text.startsWith(name, at));
    const length = entity?.length ?? String.fromCodePoint(text.codePointAt(at)!).length;
    found.push({
      text: entity === undefined ? text.slice(at, at + length) : entities[entity]!,
      start: at,
      end: at + length,
    });
    at += length;
  }
  return found;
}

const isLetter = (character: Character | undefined) =>
  character !== undefined && letter.test(character.text) && !alone.test(character.text);
const isHebrew = (character: Character | undefined) => character !== undefined && /^[א-ת]$/u.test(character.text);
const isInvisible = (character: Character | undefined) =>
  character !== undefined && (invisible.test(character.text) || slowFold(character.text) === '');

/** Words of one field, its sentences numbered from `sentence`. */
export function slowWords(text: string, sentence = 0): SlowWord[] {
  const all = characters(text);
  const words: SlowWord[] = [];
  let current: Character[] = [];
  let dotted = false;
  let broke = false;
  let lastEnd = 0;
  let position = 0;
  const close = (width = 2) => {
    const folded = current.map((character) => slowFold(character.text)).join('');
    if (folded !== '') {
      if (broke) sentence++;
      broke = false;
      words.push({ word: folded, start: current[0]!.start, end: lastEnd, sentence, position, width });
      position += width;
    }
    current = [];
    dotted = false;
  };
  for (let i = 0; i < all.length; i++) {
    const character = all[i]!;
    const next = all[i + 1];
    if (isInvisible(character)) continue;
    if (alone.test(character.text)) {
      close();
      current = [character];
      lastEnd = character.end;
      close(1);
      continue;
    }
    if (isLetter(character)) {
      current.push(character);
      lastEnd = character.end;
      continue;
    }
    const word = current.map((part) => slowFold(part.text)).join('');
    if (character.text === '.') {
      const loneAfter =
        isLetter(next) && !/[0-9٠-٩۰-۹]/u.test(next!.text) && !isLetter(all[i + 2]) && !isInvisible(all[i + 2]);
      if ((word.length === 1 || dotted) && word !== '' && loneAfter) {
        dotted = true;
        continue;
      }
      const ends = next === undefined || !isLetter(next);
      if (dotted && word !== '') lastEnd = character.end;
      const isShort = dotted || (word.length === 1 && !/[0-9]/u.test(word)) || shortForms.test(word);
      close();
      if (ends && !isShort && !isInvisible(next)) broke = true;
      continue;
    }
    if (/^['’"“”״׳]$/u.test(character.text) && word !== '' && isHebrew(all[i - 1]) && isHebrew(next)) continue;
    if (/^['’‘ʼ]$/u.test(character.text)) {
      const possessive =
        word !== '' &&
        next !== undefined &&
        /^s$/iu.test(next.text) &&
        !isLetter(all[i + 2]) &&
        !isInvisible(all[i + 2]);
      close();
      if (possessive) i++;
      continue;
    }
    if (character.text === '#' && word === '') {
      const humps = hashtagHumps(all, i + 1);
      if (humps.length > 1) {
        for (const hump of humps) {
          current = hump;
          lastEnd = hump.at(-1)!.end;
          close();
        }
        i += humps.flat().length;
        continue;
      }
    }
    close();
    if (/^[!?…。！？．؟۔।]$/u.test(character.text)) broke = true;
    if (character.text === '\n' && next?.text === '\n') broke = true;
  }
  close();
  return words;
}

function hashtagHumps(all: readonly Character[], from: number): Character[][] {
  const humps: Character[][] = [];
  for (let i = from; isLetter(all[i]); i++) {
    const starts = i === from || (/[A-Z]/u.test(all[i]!.text) && !/[A-Z]/u.test(all[i - 1]!.text));
    if (starts) humps.push([]);
    humps.at(-1)!.push(all[i]!);
  }
  return humps;
}
