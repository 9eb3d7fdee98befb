import { describe, expect, test } from 'vitest';
import { foldToGsm7, septetsIn, septetsOf } from '../../../lib/core/alert/gsm7.ts';
import { alphabetSize, countSeptets } from './gsm7-by-position.ts';

test('agrees with the table by position on every character of the basic plane', () => {
  expect(alphabetSize).toBe(128);
  for (let code = 0; code < 0xd800; code += 1) {
    const character = String.fromCharCode(code);
    let expected: number | null = null;
    try {
      expected = countSeptets(character);
    } catch {}
    expect(septetsOf(character), `U+${code.toString(16)}`).toBe(expected);
  }
});

test.each([
  ['plain', 'Hello', 5],
  ['extension characters twice', '[a]€', 7],
  ['a character outside', 'naïve', null],
])('septets: %s', (_, text, septets) => {
  expect(septetsIn(text)).toBe(septets);
});

describe('folding', () => {
  test.each([
    ['curly quotes and dashes', 'Iran’s “truce” – or—not…', 'Iran\'s "truce" - or-not...'],
    ['accents outside the alphabet', 'São Tomé, Škoda, Háček, naïve', 'Sao Tomé, Skoda, Hacek, naive'],
    ['accents inside it stay', 'Señor Müller à Genève', 'Señor Müller à Genève'],
    ['letters with a stroke', 'Łódź, đặng, İstanbul ı', 'Lodz, dang, Istanbul i'],
    ['Vietnamese', 'Việt Nam đàm phán', 'Viet Nam dàm phan'],
    ['ligatures', 'oﬃce œuvre', 'office oeuvre'],
    ['Azeri', 'Bakı və Əli', 'Baki ve Eli'],
    ['white space and no-break space', 'a\u00a0\u2009 b', 'a b'],
    ['emoji go', 'Alert 🚨 now', 'Alert now'],
    ['fullwidth letters', 'ＳＣＯ', 'SCO'],
  ])('%s', (_, text, folded) => {
    expect(foldToGsm7(text)).toMatchObject({ text: folded, lost: 0 });
  });

  test.each([
    ['Persian', 'آتش‌بس'],
    ['Chinese', '停火'],
    ['Russian', 'перемирие'],
  ])('%s letters are counted as lost', (_, text) => {
    const { letters, lost } = foldToGsm7(text);
    expect(lost).toBe(letters);
    expect(letters).toBeGreaterThan(0);
  });

  test('one foreign name is one question mark', () => {
    expect(foldToGsm7('Minister 董军 speaks')).toEqual({ text: 'Minister ? speaks', letters: 16, lost: 2 });
  });
});
