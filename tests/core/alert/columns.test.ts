import { describe, expect, test } from 'vitest';
import { columnsOf, cutToColumns, wrapColumns } from '../../../lib/core/alert/columns.ts';

test.each([
  ['Latin letters', 'Iran', 4],
  ['accents, composed or not', 'é e\u0301', 3],
  ['Chinese characters', '停火', 4],
  ['fullwidth punctuation', '，。', 4],
  ['kana and hangul', 'ァ한', 4],
  ['halfwidth kana', 'ｱ', 1],
  ['Persian with a non-joiner', 'آتش‌بس', 5],
  ['Arabic with vowel marks', 'سَلَام', 4],
  ['an emoji', '🚨', 2],
  ['a joined emoji', '👨‍👩‍👧', 2],
  ['a flag', '🇮🇷', 2],
  ['a sign shown as a picture', '⚠️', 2],
  ['the same sign as text', '⚠', 1],
  ['Cyrillic', 'мир', 3],
  ['nothing', '', 0],
])('columns of %s', (_, text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

describe('wrapping', () => {
  test.each([
    ['breaks between words', 'one two three', 8, ['one two', 'three']],
    ['fills a line to its last column', 'four four', 9, ['four four']],
    ['does not count the space at the end', 'four four five', 9, ['four four', 'five']],
    ['breaks between Chinese characters', '双方宣布停火', 8, ['双方宣布', '停火']],
    ['starts no line with a closing mark', '双方宣布，停火', 8, ['双方宣', '布，停火']],
    ['ends no line with an opening mark', '双方宣“停火”', 8, ['双方宣', '“停火”']],
    ['breaks between Chinese and Latin', '会见Nasirzadeh后', 12, ['会见', 'Nasirzadeh后']],
    ['breaks inside a word longer than a line', 'x abcdefghij y', 4, ['x', 'abcd', 'efgh', 'ij y']],
    ['keeps a Persian word with a non-joiner whole', 'برقراری آتش‌بس', 8, ['برقراری', 'آتش‌بس']],
    ['gives no line for nothing', ' ', 8, []],
  ])('%s', (_, text, columns, lines) => {
    expect(wrapColumns(text, columns)).toEqual(lines);
  });
});

test.each([
  ['leaves what fits', 'Ceasefire holds', 15, 'Ceasefire holds'],
  ['cuts at a word', 'Ceasefire between them holds', 20, 'Ceasefire between…'],
  ['cuts inside a word where no space is near', 'Ceasefirebetween', 10, 'Ceasefire…'],
  ['leaves no comma before the ellipsis', 'Ceasefire, they say, holds', 14, 'Ceasefire…'],
  ['does not split a wide character', '停火停火', 6, '停火…'],
  ['does not split a joined emoji', '👨‍👩‍👧👨‍👩‍👧', 3, '👨‍👩‍👧…'],
])('cutting %s', (_, text, columns, cut) => {
  expect(cutToColumns(text, columns)).toBe(cut);
});
