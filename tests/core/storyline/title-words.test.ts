import { expect, test } from 'vitest';
import { termsOf } from '../../../lib/core/storyline/terms.ts';
import { titleWords } from '../../../lib/core/storyline/title-words.ts';

test.each([
  [
    'a publisher after a dash goes',
    'Bridge over the Tamar reopens - The Plymouth Herald',
    '',
    'bridge over the tamar reopens',
  ],
  ['so does a web address', 'Bridge over the Tamar reopens | plymouthlive.co.uk', '', 'bridge over the tamar reopens'],
  [
    'so does the source, whatever its name',
    'Bridge over the Tamar reopens - Quay',
    'Quay',
    'bridge over the tamar reopens',
  ],
  [
    'who said it stays',
    'Rate cut not in sight - central bank sources',
    '',
    'rate cut not in sight central bank sources',
  ],
  [
    'a single name after a dash stays',
    'Rate cut not in sight this year - Lindqvist',
    '',
    'rate cut not in sight this year lindqvist',
  ],
  [
    'how the desk sends it goes',
    'UPDATE 2-Bridge over the Tamar reopens to traffic',
    '',
    'bridge over the tamar reopens to traffic',
  ],
  [
    'a word that only looks like a label stays',
    'Watch prices rise in Geneva again',
    '',
    'watch prices rise in geneva again',
  ],
  [
    'numbers are written alike',
    'Five hurt, 1,400 flee, $2M lost, 3.5bn owed',
    '',
    '5 hurt 1400 flee 2 million lost 3.5 billion owed',
  ],
  ['digits of other scripts are digits', 'مقتل ١٢ شخصا', '', 'مقتل 12 شخصا'],
  ['Chinese gives pairs', '大桥重新开放', '', '大桥 桥重 重新 新开 开放'],
  ['an empty title has none', '  ', '', ''],
])('%s', (_, title, source, words) => {
  expect(titleWords(title, source).join(' ')).toBe(words);
});

test.each([
  ['forms of a word are one', ['strikes', 'striking', 'struck'], ['strik', 'struck']],
  ['words of grammar are none', ['what', 'the', 'and', 'says'], []],
  ['Russian cases are one', ['ракеты', 'ракету', 'ракетой'], ['раке', 'ракет']],
  ['an Arabic article is no word', ['الهدنة', 'هدنة'], ['هدنة']],
])('%s', (_, words, terms) => {
  expect(termsOf(words)).toEqual(terms);
});

test.each([
  ['a title without end', 'ab '.repeat(200_000)],
  ['a word without end', 'x'.repeat(500_000)],
  ['digits without end', '1,111'.repeat(100_000)],
  ['dashes without end', ' - A'.repeat(100_000)],
  ['lone surrogates', '\ud800\udc00\ud800 \udfff news \ud83d'],
  ['control and bidi characters', '\u202e\u0000\u0007evil\u2066 title\u2069'],
])('%s costs no more than another', (_, title) => {
  const began = performance.now();
  const words = titleWords(title, '');
  expect(performance.now() - began).toBeLessThan(200);
  expect(words.join(' ').length).toBeLessThanOrEqual(240);
  expect(words.join(' ').isWellFormed()).toBe(true);
});
