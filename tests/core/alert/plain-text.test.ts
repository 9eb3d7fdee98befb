import { describe, expect, test } from 'vitest';
import { plainLine, plainText } from '../../../lib/core/alert/plain-text.ts';

describe('one plain line', () => {
  test.each([
    ['keeps ordinary text', 'Ceasefire holds – for now', 'Ceasefire holds – for now'],
    ['turns line breaks and tabs into single spaces', ' a\r\n\tb\u2028c\u0085d\u00a0e ', 'a b c d e'],
    ['drops escapes, bells and null', 'a\u001b[2Jb\u0007c\u0000d', 'a[2Jbcd'],
    ['drops C1 controls', 'a\u009b31mb\u0090c', 'a31mbc'],
    ['drops bidi overrides, isolates and marks', '\u202eabc\u202c \u2066d\u2069\u200e\u200f\u061c', 'abc d'],
    ['leaves no double space where something went', 'a \u200b b', 'a b'],
    ['drops what is invisible', 'cease\u00adfire\u200b \ufeffnow\u2060\u{e0041}', 'ceasefire now'],
    ['keeps the non-joiner that Persian spelling needs', 'آتش‌بس می‌پاید', 'آتش‌بس می‌پاید'],
    ['keeps a joined emoji whole', '👨‍👩‍👧', '👨‍👩‍👧'],
    ['shortens a run of joiners to one', 'a\u200c\u200d\u200c\u200cb', 'a\u200cb'],
    ['marks a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['bounds the marks on one letter', `Z${'\u0351'.repeat(300)}a`, `Z${'\u0351'.repeat(5)}a`],
    ['is empty where nothing can be seen', '\u202e \u200f\n', ''],
  ])('%s', (_, text, plain) => {
    expect(plainLine(text)).toBe(plain);
  });

  test('takes a megabyte of controls in linear time', () => {
    expect(plainLine('\u202e\u001b'.repeat(500_000))).toBe('');
    expect(plainLine(' \u200b'.repeat(500_000))).toBe('');
  });
});

test('plain text keeps its lines and tabs, and writes every line break as one', () => {
  expect(plainText('a\r\nb\rc\u2029\td\u001be')).toBe('a\nb\nc\n\tde');
});
