import { expect, test } from 'vitest';
import { copyRates, grouped } from '../../bench/storylines.ts';
import { headlineFixture, storylineCorpus } from '../../bench/storylines-corpus.ts';
import { byTfIdf } from '../../bench/storylines-rivals.ts';
import { bCubed } from '../../bench/storylines-score.ts';

test('headlines of known developments are grouped well by their titles alone, and better than by TF-IDF', () => {
  const stories = headlineFixture(5, 7);
  const known = stories.map(({ storyline }) => storyline);
  const ours = bCubed(known, grouped(stories).storylines);
  expect(ours.f1).toBeGreaterThan(0.82);
  expect(ours.precision).toBeGreaterThan(0.88);
  const rivals = [0.1, 0.15, 0.2, 0.3].map((from) => bCubed(known, byTfIdf(stories, from)).f1);
  expect(ours.f1).toBeGreaterThan(Math.max(...rivals));
});

test('nearly every copy is found and hardly another story is called one', () => {
  const stories = storylineCorpus(1_000, 10, 23);
  const { found, falseRate } = copyRates(stories, grouped(stories));
  expect(found).toBeGreaterThan(0.97);
  expect(falseRate).toBeLessThan(0.01);
});

test('B-cubed of a grouping worked out by hand', () => {
  const { precision, recall } = bCubed(['a', 'a', 'a', 'b'], ['1', '1', '2', '2']);
  expect(precision).toBeCloseTo((1 + 1 + 0.5 + 0.5) / 4);
  expect(recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4);
});
