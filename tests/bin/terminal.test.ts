import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fitted, withMarks } from '../../bin/fitted-lines.ts';
import { countsOver, sparkline } from '../../bin/sparkline.ts';
import { marked, tableText } from '../../bin/table-text.ts';
import { columnsOf } from '../../lib/core/alert/columns.ts';

const colour = { columns: 60, colour: true };
const mono = { columns: 60, colour: false };
const bright = (text: string) => `\u001b[1m\u001b[33m${text}\u001b[39m\u001b[22m`;

const rows = [
  [
    '2026-11-24 09:00',
    'bbc',
    { text: 'Israel and Iran agree to a truce after twelve days of war', marked: ['truce', 'Iran'] },
  ],
  [
    '2026-11-24 09:05',
    'xinhua',
    { text: '以色列与伊朗同意停火，十二天战争后各方呼吁克制并恢复谈判', marked: ['伊朗', '停火'] },
  ],
  [
    '2026-11-24 09:06',
    'irna',
    { text: 'آتش‌بس میان ایران و اسرائیل پس از دوازده روز جنگ برقرار شد', marked: ['آتش‌بس'] },
  ],
  ['2026-11-24 09:07', 'tass', { text: '🕊️ Перемирие \u001b[2J\u202e между Ираном и Израилем', marked: ['Перемирие'] }],
] as const;
const head = ['time', 'outlet', 'title'];

describe('a table', () => {
  test.each([40, 60, 80, 200])('fits %i columns in every script', (columns) => {
    for (const line of tableText(head, rows, { columns, colour: true }).trimEnd().split('\n')) {
      expect(columnsOf(stripVTControlCharacters(line).trimEnd())).toBeLessThanOrEqual(columns);
    }
  });

  test('cuts what is long, and neither times nor ids', () => {
    const long = [['2026-11-24 09:00', 'w'.repeat(60), 'israel-iran-ceasefire iran israel', 'bcEMNXoRCnNar4cJa_YO9A']];
    const line =
      tableText(['time', 'title', 'matched', 'id'], long, { columns: 90, colour: false }).split('\n')[1] ?? '';
    expect(line).toContain('2026-11-24 09:00  ');
    expect(line).toContain('bcEMNXoRCnNar4cJa_YO9A');
    expect(line).toMatch(/w{20,}…/);
  });

  test('marks the words that matched, and nothing where colour is off', () => {
    const text = tableText(head, rows, colour);
    expect(text).toContain(bright('Iran'));
    expect(text).toContain(bright('停火'));
    expect(tableText(head, rows, mono)).not.toContain('\u001b');
  });

  test('keeps no control character of a feed', () => {
    const text = stripVTControlCharacters(tableText(head, rows, colour)).replaceAll('\n', '');
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('is plain where it is piped: tabs, whole titles, no head', () => {
    const lines = tableText(head, rows, null).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('2026-11-24 09:00\tbbc\tIsrael and Iran agree to a truce after twelve days of war');
  });

  test('of nothing is its head', () => {
    expect(tableText(head, [], mono).trim()).toMatch(/^time +outlet +title$/);
    expect(tableText(head, [], null)).toBe('');
  });
});

test.each<[string, string, string[], string]>([
  ['the longer of two words', 'a ceasefire holds', ['fire', 'ceasefire'], `a ${bright('ceasefire')} holds`],
  [
    'a word with signs that mean something',
    'C++ (new) a.b',
    ['C++', '(new)', 'a.b'],
    `${bright('C++')} ${bright('(new)')} ${bright('a.b')}`,
  ],
  ['no word', 'as it is', [], 'as it is'],
  ['no empty word', 'as it is', ['', '\u202e'], 'as it is'],
])('marks %s', (_, text, words, expected) => {
  expect(marked(text, words)).toBe(expected);
});

describe('lines', () => {
  test('are broken to the width, with what follows further in', () => {
    const line = `    ${'word '.repeat(30).trim()}`;
    const lines = fitted(line, false, { columns: 40, colour: false });
    expect(lines.length).toBeGreaterThan(3);
    for (const each of lines) expect(each.length).toBeLessThanOrEqual(40);
    expect(lines[1]).toMatch(/^ {6}word/);
    expect(fitted(line, false, null)).toEqual([line]);
    expect(fitted('told', true, { columns: 40, colour: true })).toEqual(['\u001b[1mtold\u001b[22m']);
  });

  test('keep their marks where they are broken, and what is marked twice over once', () => {
    const text = `Iran  ${'x '.repeat(30)}agrees to a truce`;
    const at = text.indexOf('agrees');
    const lines = withMarks(
      text,
      [
        { start: 0, end: 4 },
        { start: at, end: text.length },
      ],
      { columns: 34, colour: true },
    );
    expect(lines[0]?.startsWith(bright('Iran'))).toBe(true);
    expect(stripVTControlCharacters(lines.join(' '))).toBe(text.replace(/\s+/g, ' '));
    expect(lines.at(-1)).toContain('truce\u001b[39m');
  });

  test('are plain where they are piped', () => {
    expect(withMarks('Iran\u001b[2J  speaks', [{ start: 0, end: 4 }], null)).toEqual(['Iran[2J speaks']);
    expect(withMarks(' \u202e', [], null)).toEqual([]);
  });
});

describe('a line of blocks', () => {
  test.each<[string, number[], string]>([
    ['rises with its counts', [0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    ['shows the least that is more than nothing', [0, 1, 1000], '▁▂█'],
    ['of nothing lies low', [0, 0], '▁▁'],
    ['of no counts is empty', [], ''],
  ])('%s', (_, counts, line) => {
    expect(sparkline(counts)).toBe(line);
  });

  test('counts times by equal spans', () => {
    const at = (minute: number) => `2026-11-24T09:${String(minute).padStart(2, '0')}:00Z`;
    expect(countsOver([at(0), at(1), at(30), at(59)], 3)).toEqual([2, 1, 1]);
    expect(countsOver([at(5), at(5)], 2)).toEqual([2, 0]);
  });
});
