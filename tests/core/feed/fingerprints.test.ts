import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf, packFingerprints, titleMark, unpackFingerprints } from '../../../lib/core/feed/fingerprints.ts';
import { storyId } from '../../../lib/core/story.ts';

const idOf = (name: string) =>
  storyId({ outlet: 'bbc', feed: 'bbc', canonicalUrl: `https://bbc.example/${name}`, entryId: name });
const print = (name: string, title = `Title ${name}`) => fingerprintOf(idOf(name), title);
const prints = (count: number, from = 0) => Array.from({ length: count }, (_, index) => print(`s${from + index}`));

test('what is packed is known again, in its order, at twelve bytes each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 }), (names) => {
      const packed = packFingerprints(
        names.map((name) => print(name)),
        [],
      );
      expect(packed.byteLength).toBe(12 * names.length);
      const known = unpackFingerprints(packed);
      expect(known.list).toEqual(names.map((name) => print(name)));
      for (const name of names) expect(known.titleOf(idOf(name))).toBe(titleMark(`Title ${name}`));
      expect(known.titleOf(idOf('not among them, surely'))).toBeNull();
    }),
  );
});

test('bytes that lie in the middle of a larger buffer are read as they are', () => {
  const packed = packFingerprints([print('a')], []);
  const larger = new Uint8Array(40);
  larger.set(packed, 7);
  expect(unpackFingerprints(larger.subarray(7, 19)).titleOf(idOf('a'))).toBe(titleMark('Title a'));
  expect(unpackFingerprints(larger.subarray(7, 25)).size).toBe(1);
});

test.each([
  ['a few', 3, 0, 3],
  ['a few after many: a hundred', 3, 500, 100],
  ['many: a third more than the listing', 150, 500, 200],
  ['some after some: a third more than the listing', 30, 40, 40],
  ['a few after some: all of these', 3, 40, 40],
  ['very many: two thousand', 1_500, 1_500, 2_000],
])('of %s', (_, listed, before, kept) => {
  const packed = packFingerprints(prints(listed), prints(before, 10_000));
  const known = unpackFingerprints(packed);
  expect(known.size).toBe(kept);
  // What is listed now is never what is forgotten.
  for (const { mark } of prints(listed)) expect(known.list.some((kept) => kept.mark === mark)).toBe(true);
});

test('a server that alternates between two versions of a feed brings nothing twice', () => {
  const one = prints(60);
  const two = [...prints(55), ...prints(5, 900)];
  let packed = packFingerprints(one, []);
  packed = packFingerprints(two, unpackFingerprints(packed).list);
  const known = unpackFingerprints(packed);
  for (const { mark } of one) expect(known.list.some((kept) => kept.mark === mark)).toBe(true);
});

test.each([
  ['case', 'Iran Speaks', 'iran speaks', true],
  ['white space', ' Iran \n speaks ', 'Iran speaks', true],
  ['a letter', 'Iran speaks', 'Iran speak', false],
  ['a number', 'At least 5 dead', 'At least 6 dead', false],
])('titles that differ in %s', (_, a, b, same) => {
  expect(titleMark(a) === titleMark(b)).toBe(same);
});

test('of two stories under one title the one listed last is found', () => {
  const title = 'The same words for both of them';
  const packed = packFingerprints([print('new', title)], [print('old', title)]);
  expect(unpackFingerprints(packed).withTitle(titleMark(title))).toBe(print('new').mark);
  expect(unpackFingerprints(packed).withTitle(titleMark('no such title'))).toBeNull();
});
