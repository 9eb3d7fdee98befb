import { expect, test } from 'vitest';
import { csvLine } from '../../bin/csv.ts';

test.each([
  ['plain text is itself', ['Iran speaks', 'a'], 'Iran speaks,a\r\n'],
  ['commas, quotes and line breaks are quoted', ['a,b', 'a "b"', 'a\nb'], '"a,b","a ""b""","a\nb"\r\n'],
  ['a formula is text', ['=HYPERLINK("https://evil.example")'], '"\'=HYPERLINK(""https://evil.example"")"\r\n'],
  ['so is one by another sign', ['+1', '-1', '@SUM(A1)'], "'+1,'-1,'@SUM(A1)\r\n"],
  ['and one behind spaces or a tab', ['  =1+1', '\t=1+1'], "'  =1+1,'\t=1+1\r\n"],
  ['a sign inside is left alone', ['a=b', '5-1'], 'a=b,5-1\r\n'],
  ['an empty cell stays empty', ['', ''], ',\r\n'],
])('%s', (_, cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
