import { expect, test } from 'vitest';
import { spikes } from '../../../lib/core/series/spikes.ts';

const at = (counts: readonly number[]) => spikes(counts).flatMap((high, index) => (high ? [index] : []));

test.each<[string, number[], number[]]>([
  ['nothing of nothing', [], []],
  ['five stories after a quiet day', [0, 0, 0, 0, 0, 0, 5], [6]],
  ['not four', [0, 0, 0, 0, 0, 0, 4], []],
  ['nothing where too little came before', [0, 0, 0, 0, 0, 50], []],
  ['not the usual ups and downs of a busy event', [10, 14, 9, 12, 8, 11, 15, 13], []],
  ['what stands far above them', [10, 14, 9, 12, 8, 11, 40], [6]],
  ['a second one, which the first does not hide', [1, 0, 2, 1, 0, 1, 30, 1, 0, 28], [6, 9]],
  ['not a level that has become the usual one', [0, 0, 0, 0, 0, 0, ...Array(40).fill(20), 20], [6, 7, 8, 9, 10, 11]],
])('%s', (_, counts, high) => {
  expect(at(counts)).toEqual(high);
});
