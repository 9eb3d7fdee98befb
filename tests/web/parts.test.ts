import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiPath, readAddress, writeAddress } from '../../web/address.ts';
import { cutAtSpans, cutAtWords } from '../../web/parts/marked-words.ts';
import { ticksOf } from '../../web/parts/ticks.ts';
import { browserPath } from './support/browser.ts';

describe('an address', () => {
  test.each([
    ['#/', { path: [], query: {} }],
    ['', { path: [], query: {} }],
    ['#/event/a%2Fb?since=7d&lang=', { path: ['event', 'a/b'], query: { since: '7d' } }],
    ['#/try?query=%40iran%20AND%20%22a%3Fb%22', { path: ['try'], query: { query: '@iran AND "a?b"' } }],
    ['#/event/%', { path: ['event', '%'], query: {} }],
  ])('%s is read', (hash, address) => {
    expect(readAddress(hash)).toEqual(address);
  });

  test('is written in one way, without what is empty', () => {
    expect(writeAddress(['event', 'a/b'], { since: '7d', lang: '', entity: undefined, by: 'day' })).toBe(
      '#/event/a%2Fb?by=day&since=7d',
    );
    expect(writeAddress([])).toBe('#/');
  });

  test('is read back as it was written', () => {
    const address = { path: ['try'], query: { query: 'title:("a & b" OR c#d)?', since: '48h' } };
    expect(readAddress(writeAddress(address.path, address.query))).toEqual(address);
  });

  test('asks the API the same', () => {
    expect(apiPath('storylines', { text: 'a b', lang: '' })).toBe('/api/storylines?text=a+b');
  });
});

describe('matched words', () => {
  const marked = (text: string, words: readonly string[]) =>
    cutAtWords(text, words)
      .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
      .join('');

  test.each([
    ['whole words alone', 'Iranian oil, Iran says', ['Iran'], 'Iranian oil, [Iran] says'],
    ['whatever their case', 'TRUCE holds', ['truce'], '[TRUCE] holds'],
    ['the longer first', 'United Nations and united', ['united', 'United Nations'], '[United Nations] and [united]'],
    ['within text that has no spaces', '中国谴责美国袭击', ['美国'], '中国谴责[美国]袭击'],
    ['right to left', 'ارتش اسرائیل: آتش‌بس', ['آتش‌بس'], 'ارتش اسرائیل: [آتش‌بس]'],
    ['with signs that mean something to a pattern', 'C++ (and [x])', ['C++', '[x]'], '[C++] (and [[x]])'],
    [
      'with any sign there is',
      'a-b/c "d" #e @f',
      ['a-b/c', '"d"', '#e', '^$\\.*+?()[]{}|/-~`!%&=:;<>,'],
      '[a-b/c] ["d"] [#e] @f',
    ],
    ['none', 'nothing', [], 'nothing'],
  ])('are marked: %s', (_, text, words, expected) => {
    expect(marked(text, words)).toBe(expected);
  });

  test('spans may overlap, and reach past the end of a text that was cut', () => {
    const spans = [
      { start: 4, end: 9 },
      { start: 0, end: 6 },
      { start: 9, end: 99 },
      { start: 200, end: 210 },
    ];
    expect(cutAtSpans('0123456789abc', spans)).toEqual([
      { text: '012345', marked: true },
      { text: '678', marked: true },
      { text: '9abc', marked: true },
    ]);
  });

  test('of whatever text and words: all of the text is there again, in order', () => {
    const words = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), words, (text, sought) => {
        const pieces = cutAtWords(text, [...sought, text.slice(1, 4)]);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      }),
    );
  });
});

describe('ticks of time', () => {
  const seconds = (iso: string) => Date.parse(iso) / 1e3;

  test('are at most nine, at round hours', () => {
    for (const hours of [6, 24, 49, 168, 720]) {
      const from = seconds('2026-11-24T03:20:00Z');
      const ticks = ticksOf(from, from + hours * 3_600, 'hour');
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(10);
      for (const { at } of ticks) expect(new Date(at * 1e3).getMinutes() % 30).toBe(0);
    }
  });

  test('of days stand at midnight in UTC', () => {
    const ticks = ticksOf(seconds('2026-10-26T00:00:00Z'), seconds('2026-11-25T00:00:00Z'), 'day');
    expect(ticks.map(({ label }) => label)).toEqual(['26 Oct', '2 Nov', '9 Nov', '16 Nov', '23 Nov']);
  });

  test('of nothing are none', () => {
    expect(ticksOf(Number.NaN, Number.NaN, 'hour')).toEqual([]);
  });
});

test('where there is no browser, a sentence says how to get one', () => {
  expect(() => browserPath({ PATH: '/nowhere' })).toThrow('run "apt-get install chromium"');
  expect(browserPath({ BROWSER_PATH: '/opt/mine' })).toBe('/opt/mine');
});
