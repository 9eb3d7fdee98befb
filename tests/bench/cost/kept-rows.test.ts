import { expect, test } from 'vitest';
import { keptOnceFull, type StoredRow, type StoredRows } from './kept-rows.ts';

const from = new Date('2026-11-24T00:00:00.000Z');
/** A row that ends so many days after the stretch began; null for one that stays. */
const row = (bytes: number, days: number | null, isInIndex = false): StoredRow => ({
  bytes,
  isInIndex,
  expires: days === null ? null : from.getTime() / 1_000 + days * 86_400,
});
const rows = (entries: Record<string, StoredRow>): StoredRows => new Map(Object.entries(entries));

test.each<[string, StoredRows, StoredRows, number, number, number]>([
  // Rows go up to two days after their end: 30 days are 32.
  ['a row a day for its own days', rows({}), rows({ a: row(10, 30) }), 24, 320, 0],
  ['each row by its own days', rows({}), rows({ a: row(10, 30), b: row(10, 90) }), 24, 320 + 920, 0],
  ['twice as many where the stretch was half a day', rows({}), rows({ a: row(10, 30) }), 12, 640, 0],
  ['what stays once, however long the stretch', rows({}), rows({ a: row(10, null) }), 12, 10, 0],
  [
    'what was there before not at all, for it was written before',
    rows({ a: row(9, 30) }),
    rows({ a: row(10, 30) }),
    24,
    0,
    0,
  ],
  ['what lies in the index as well', rows({}), rows({ a: row(10, 30, true), b: row(5, null, true) }), 24, 325, 325],
])('a table comes to hold %s', (_, before, after, hours, tableBytes, indexBytes) => {
  expect(keptOnceFull(before, after, from, hours)).toMatchObject({ tableBytes, indexBytes });
});

test('what it would hold if each row were kept as long as the longest', () => {
  const after = rows({ a: row(10, 30), b: row(10, 90, true), c: row(7, null) });
  expect(keptOnceFull(rows({}), after, from, 24).bytesIfAllAsLong).toBe(2 * 920 + 7 + 920);
});
