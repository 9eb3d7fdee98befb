import { describe, expect, test } from 'vitest';
import { csv, csvLine } from '../../../lib/core/export/csv.ts';

describe('a cell', () => {
  test.each<[string, string | number | null | string[], string]>([
    ['that is plain', 'Iran speaks', 'Iran speaks'],
    ['with a comma', 'Iran, Israel', '"Iran, Israel"'],
    ['with quotes', 'a "deal"', '"a ""deal"""'],
    ['with a line break', 'a\nb', '"a\nb"'],
    ['that is a formula', '=HYPERLINK("http://evil.example")', '"\'=HYPERLINK(""http://evil.example"")"'],
    ['that begins with a plus', '+1+1', "'+1+1"],
    ['that begins with a minus', '-2+3', "'-2+3"],
    ['that begins with an at', '@SUM(A1)', "'@SUM(A1)"],
    ['whose formula hides behind space', ' \t=1', "' \t=1"],
    ['that begins with a tab', '\tcmd', "'\tcmd"],
    ['that begins with a return', '\r=1', '"\'\r=1"'],
    ['with a full-width sign', '＝1+1', "'＝1+1"],
    ['with a sign further on', 'a=1', 'a=1'],
    ['that is a number', 12, '12'],
    ['that is nothing', null, ''],
    ['that is a list', ['iran', 'sco'], 'iran; sco'],
    ['whose list begins with a formula', ['=1', 'b'], "'=1; b"],
  ])('%s', (_, cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });
});

test('columns stand in the order that is named, under their names', () => {
  expect(csv([{ b: 1, a: 'x', c: null }], ['a', 'b'])).toBe('a,b\r\nx,1\r\n');
  expect(csv([], ['a'])).toBe('a\r\n');
});
