import { expect, test } from 'vitest';
import { problemLine } from '../../../lib/core/problem.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

const lint = (text: string, feedLanguages: readonly string[] = ['en']) =>
  readWatchlist(text, 'w.yaml', { lint: { feedLanguages } }).problems.map(problemLine);

const base = `entities:
  iran: {name: Iran, kind: state, aliases: {en: [Iran]}}
terms:
  truce: {en: [truce]}
events:
  deal: {name: Deal, when: '@iran AND #truce'}
`;

test('a sound watchlist has nothing to warn of', () => {
  expect(lint(base)).toEqual([]);
});

test.each([
  [
    'a feed in a language without aliases',
    base,
    ['en', 'fa-IR'],
    'w.yaml: error: a feed is in "fa", and no entity has aliases in it; add fa: to the aliases of the entities its stories should match',
  ],
  [
    'a common word',
    base.replace('[Iran]', '[Iran, us]'),
    ['en'],
    'w.yaml:2:56: warning: alias "us" of @iran is a common word',
  ],
  [
    'a doubtful name',
    base.replace('[Iran]', '[Iran, Tehran]'),
    ['en'],
    'w.yaml:2:56: warning: alias "Tehran" of @iran may mean something else',
  ],
  [
    'an ambiguous alias that is sure',
    base.replace('[Iran]}', '[Iran]}, ambiguous: [{alias: {en: iran}, with: oil}]'),
    ['en'],
    'is a sure alias of @iran too, so its company is never asked',
  ],
  [
    'a part that another shadows',
    base.replace("'@iran AND #truce'", "'@iran OR (@iran AND #truce)'"),
    ['en'],
    'w.yaml:6:38: warning: when of event deal: ((@iran AND #truce)) is shadowed by @iran',
  ],
  ['the same part twice', base.replace("'@iran AND #truce'", "'@iran OR @iran'"), ['en'], 'is shadowed by @iran'],
  [
    'two events of one rule',
    `${base}  pact: {name: Pact, when: '@iran  AND #truce'}\n`,
    ['en'],
    'w.yaml:7:3: warning: event pact has the same when: as event deal',
  ],
  [
    'a rule without a word',
    base.replace("'@iran AND #truce'", "'lang:en AND published:2025-06-01..'"),
    ['en'],
    'when of event deal is looked at for every story',
  ],
  ['a rule of common words', base.replace("'@iran AND #truce'", "'the OR of'"), ['en'], 'when of event deal is costly'],
])('warns of %s', (_, text, languages, line) => {
  expect(lint(text, languages)).toContainEqual(expect.stringContaining(line));
});

test('a rule whose part has no words can never match', () => {
  const lines = lint(base.replace('{en: [truce]}', "{query: '#other'}\n  other: {en: []}"));
  expect(lines).toContainEqual(expect.stringContaining('when of event deal can never match'));
});

test('case-sensitive aliases are not common words', () => {
  expect(lint(base.replace('[Iran]', `[Iran, '!"US"']`))).toEqual([]);
});
