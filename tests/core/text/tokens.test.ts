import { expect, test } from 'vitest';
import { addField, clearTokens, newTokens } from '../../../lib/core/text/tokens.ts';
import { capitals, wordsOf } from '../../../lib/core/text/words-of.ts';

test.each([
  ['accents and case go', 'Élysée İSTANBUL ﬁn', 'elysee istanbul fin'],
  ['a possessive goes, with either apostrophe', "Iran's Iran’s IRAN’S nations'", 'iran iran iran nations'],
  ['other apostrophes split', 'l’Iran İran’ın don’t', 'l iran iran in don t'],
  ['dotted abbreviations are one word', 'the U.S.-led U.N. force of J.D. Vance', 'the us led un force of jd vance'],
  ['a domain is not dotted letters', 'vox.com reports', 'vox com reports'],
  ['hyphens split', 'cease-fire 12-day', 'cease fire 12 day'],
  ['a hashtag splits at its humps', '#IranIsraelWar #SCO #peace', 'iran israel war sco peace'],
  [
    'HTML references are what they stand for',
    'Iran&rsquo;s caf&eacute; &quot;deal&quot; &amp; &#1575;&#1740; A&B',
    'iran cafe deal ای a b',
  ],
  ['Arabic and Persian letters are one', 'كتاب کتاب يزدي یزدی آتش إيران ة', 'کتاب کتاب یزدی یزدی اتش ایران ه'],
  ['ZWNJ, tatweel, marks and soft hyphens go', 'آتش\u200cبس مـحمد مُحَمَّد Is\u00adrael', 'اتشبس محمد محمد israel'],
  [
    'curly quotation marks inside a Hebrew word stand for gershayim and geresh',
    'צה”ל ארה“ב ג’ון “צהל”',
    'צהל ארהב גון צהל',
  ],
  ['Hebrew points go, quotation marks inside stay in', 'יִשְׂרָאֵל ארה"ב צה״ל צ\'כיה', 'ישראל ארהב צהל צכיה'],
  ['each Chinese character is a word; traditional is simplified', '上合組織 NATO峰会', '上 合 组 织 nato 峰 会'],
  ['Cyrillic yo and short i', 'Ёлка йод', 'елка иод'],
  ['vowel signs of Hindi stay', 'हिन्दी', 'हिन्दी'],
  ['digits of other scripts', '۱۲ ١٢ १२', '12 12 12'],
  ['full width and styled letters', 'ＮＡＴＯ 𝐈𝐫𝐚𝐧', 'nato iran'],
  ['lone surrogates separate', 'a\ud800b \udfff c', 'a b c'],
  ['bidi controls go', '\u202eIran\u202c \u2067x\u2069', 'iran x'],
  ['several letters for one', 'Straße Æro œuvre', 'strasse aero oeuvre'],
  ['nothing', ' ... !? ', ''],
])('%s', (_, text, words) => {
  expect(
    wordsOf(text)
      .map(({ word }) => word)
      .join(' '),
  ).toBe(words);
});

test('offsets are those of the original text', () => {
  const text = 'The U.S. and Iran’s آتش‌بس &eacute;t&eacute; 青岛';
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'The',
    'U.S.',
    'and',
    'Iran',
    'آتش‌بس',
    '&eacute;t&eacute;',
    '青',
    '岛',
  ]);
});

const sentencesOf = (text: string) => {
  const tokens = newTokens();
  addField(tokens, text, 0, text.length);
  return Array.from(tokens.sentence.subarray(0, tokens.count)).map((sentence) => sentence - tokens.sentence[0]!);
};

test.each([
  ['a full stop', 'One two. Three', [0, 0, 1]],
  ['not after an abbreviation', 'Mr. Trump vs. Gen. Li', [0, 0, 0, 0, 0]],
  ['not after a Spanish plural abbreviation', 'El Sr. Li de EE. UU. dijo', [0, 0, 0, 0, 0, 0, 0]],
  ['not inside a number or a domain', '3.5 vox.com', [0, 0, 0, 0]],
  ['not after dotted letters', 'The U.S. said', [0, 0, 0]],
  ['question and exclamation marks', 'Obliterated? Damaged! Known', [0, 1, 2]],
  ['Chinese, Arabic, Urdu and Hindi marks', '停火。开始？نعم؟ بله۔ हाँ। x', [0, 0, 1, 1, 2, 3, 4, 5]],
  ['an empty line, not a line break', 'a\nb\n\nc', [0, 0, 1]],
  ['a quotation that ends with its stop', 'He said "no." She left', [0, 0, 0, 1, 1]],
])('a sentence ends at %s', (_, text, sentences) => {
  expect(sentencesOf(text)).toEqual(sentences);
});

test('a Chinese character is half a word wide, and fields lie far apart', () => {
  const tokens = newTokens();
  addField(tokens, 'a 停火', 0, 4);
  addField(tokens, 'b', 0, 1);
  expect(Array.from(tokens.position.subarray(0, 4))).toEqual([0, 2, 3, 1_004]);
  expect(Array.from(tokens.positionEnd.subarray(0, 4))).toEqual([2, 3, 4, 1_006]);
  clearTokens(tokens);
  expect(tokens.count).toBe(0);
});

test('capitals are bits from the first letter on', () => {
  expect(capitals('SCO', 0, 3)).toBe(0b111);
  expect(capitals('U.S.', 0, 4)).toBe(0b11);
  expect(capitals('Nato', 0, 4)).toBe(0b0001);
});

test('arrays grow with a text that folds longer than it is', () => {
  const text = '\ufdfa'.repeat(5_000);
  expect(wordsOf(text).reduce((sum, { word }) => sum + word.length, 0)).toBeGreaterThan(50_000);
});
