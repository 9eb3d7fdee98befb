import { expect, test } from 'vitest';
import { reasons, wants } from '../../../lib/core/alert/wants.ts';
import type { Priority } from '../../../lib/core/watchlist/matched.ts';

const match = { entities: ['iran', 'israel'], events: ['truce'], priority: 'normal' as const };

test.each<[string, readonly string[], boolean]>([
  ['everything', ['*'], true],
  ['an entity of it', ['iran'], true],
  ['an event of it', ['truce'], true],
  ['something else', ['sco'], false],
  ['something else and an entity of it', ['sco', 'israel'], true],
  ['a part of an id', ['ira'], false],
  ['nothing', [], false],
])('who follows %s', (_, follow, expected) => {
  expect(wants({ follow, leastPriority: 'low' }, match)).toBe(expected);
});

const priorities: readonly Priority[] = ['low', 'normal', 'high', 'critical'];

test.each(
  priorities.flatMap((least, wanted) =>
    priorities.map((priority, given) => [least, priority, given >= wanted] as const),
  ),
)('who wants %s and above, of %s: %s', (leastPriority, priority, expected) => {
  expect(wants({ follow: ['*'], leastPriority }, { ...match, priority })).toBe(expected);
  expect(wants({ follow: ['iran'], leastPriority }, { ...match, priority })).toBe(expected);
});

test.each([
  ['all that matched, to who follows everything', ['*'], ['truce', 'iran', 'israel']],
  ['the followed alone, in the order of the match', ['israel', 'truce', 'sco'], ['truce', 'israel']],
  ['none, to who follows something else', ['sco'], []],
])('the reasons are %s', (_, follow, expected) => {
  expect(reasons(follow, ['truce', 'iran', 'israel'])).toEqual(expected);
});
