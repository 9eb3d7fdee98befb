import { expect, test } from 'vitest';
import { problemLine } from '../../../lib/core/problem.ts';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

const base = `entities:
  iran: {name: Iran, aliases: {en: [Iran]}}
terms:
  truce: {en: [truce]}
events:
  deal: {name: Deal, when: '@iran AND #truce'}
`;

const problemsOf = (text: string) => readWatchlist(text, 'w.yaml').problems.map(problemLine);

test('a sound file has no problems', () => {
  expect(problemsOf(base)).toEqual([]);
});

test.each([
  [
    'an unknown entity',
    base.replace('@iran AND', '@irna AND'),
    'w.yaml:6:29: error: when of event deal: there is no entity @irna; did you mean @iran?',
  ],
  [
    'an unknown term',
    base.replace('#truce', '#peace'),
    'w.yaml:6:39: error: when of event deal: there is no term #peace; add it under terms:, or correct the id',
  ],
  [
    'a bad query',
    base.replace('AND #truce', 'and #truce'),
    'w.yaml:6:35: error: when of event deal: "and" is no operator; write AND in capitals',
  ],
  [
    'a bad query in a block',
    base
      .replace("when: '@iran AND #truce'}", 'X')
      .replace('{name: Deal, X', '\n    name: Deal\n    when: >-\n      @iran\n      AND OR #truce'),
    'w.yaml:10:11: error: when of event deal: OR has nothing on one side; write what stands before and after OR',
  ],
  [
    'an unknown key',
    base.replace('name: Deal', 'nmae: Deal'),
    'w.yaml:6:10: error: unknown key "nmae" in event deal; did you mean "name"?',
  ],
  [
    'no name',
    base.replace('name: Deal, ', ''),
    'w.yaml:6:3: error: event deal has no name; write name: and what readers call it',
  ],
  [
    'no rule',
    base.replace(", when: '@iran AND #truce'", ''),
    'w.yaml:6:3: error: event deal has no when:; write the query that its stories match',
  ],
  [
    'an empty list',
    base.replace('[truce]', '[]'),
    'w.yaml:4:15: error: en of term #truce: the list is empty; write at least one word, or leave the line out',
  ],
  [
    'no aliases',
    base.replace(', aliases: {en: [Iran]}', ''),
    'w.yaml:2:3: error: entity @iran has no aliases; write aliases: with a list for each language',
  ],
  [
    'no language',
    base.replace('{en: [truce]}', '{english: [truce]}'),
    'w.yaml:4:11: error: "english" is no language in term #truce; use a tag such as en, fa or zh; any for all languages; query for a query',
  ],
  [
    'a short stem',
    base.replace('[truce]', '[tr*]'),
    'w.yaml:4:16: error: "tr*" has fewer than three letters before the *; write at least three letters, or list the words',
  ],
  ['no word', base.replace('[truce]', '["..."]'), 'w.yaml:4:16: error: "..." holds no word; write a word or a phrase'],
  [
    'a bad id',
    base.replace('  iran:', '  Iran!:'),
    'w.yaml:2:3: error: "Iran!" is no id; ids are lower-case letters, digits and hyphens, at most 64',
  ],
  [
    'a priority',
    base.replace('{name: Deal,', '{name: Deal, priority: hihg,'),
    'w.yaml:6:32: error: "hihg" is no priority; did you mean "high"?',
  ],
  [
    'a duplicate alias',
    base.replace('terms:', '  persia: {name: Persia, aliases: {en: [IRAN]}}\nterms:'),
    'w.yaml:3:41: error: "IRAN" is an alias of @iran and of @persia; keep one, or make both ambiguous with the company that tells them apart',
  ],
  [
    'a circle of terms',
    base.replace('{en: [truce]}', "{query: '#calm'}\n  calm: {query: '#truce'}"),
    'w.yaml:4:3: error: #truce → #calm → #truce goes in a circle; take one of the references out',
  ],
  [
    'a term of itself',
    base.replace('{en: [truce]}', "{query: 'a OR #truce'}"),
    'w.yaml:4:3: error: #truce → #truce goes in a circle; take one of the references out',
  ],
  [
    'an unknown implication',
    base.replace("#truce'}", "#truce', implies: [dael]}"),
    'w.yaml:6:58: error: event deal: there is no event dael; did you mean deal?',
  ],
  [
    'an unknown event in running:',
    base.replace("#truce'}", "#truce AND running:dael'}"),
    'w.yaml:6:50: error: when of event deal: there is no event dael; did you mean deal?',
  ],
  [
    'SELF in a rule',
    base.replace('#truce', 'SELF'),
    'w.yaml:6:39: error: when of event deal: SELF stands outside with: and not:; name the entity or term that is meant',
  ],
  [
    'an ambiguous alias without company',
    base.replace('aliases: {en: [Iran]}', 'ambiguous: [{alias: Persia}]'),
    'w.yaml:2:34: error: an ambiguous alias has neither with: nor not:; say what company it needs, or move it to aliases',
  ],
  [
    'a list where a mapping belongs',
    base.replace('{name: Deal', '[{name: Deal').replace("#truce'}", "#truce'}]"),
    'w.yaml:6:9: error: deal is not a mapping; write its keys below it, indented',
  ],
  [
    'a window',
    base.replace("#truce'}", "#truce', while_running: '#truce', running: {within: soon}}"),
    'w.yaml:6:91: error: within is no time from 1h to 30d; write within: 72h',
  ],
  ['no YAML', 'entities: [', 'w.yaml:1:12: error: not valid YAML'],
  ['nothing at all', '', 'w.yaml: error: no watchlist; write "entities:", "terms:" and "events:" at the top level'],
])('says where and what: %s', (_, text, line) => {
  expect(problemsOf(text)).toContainEqual(expect.stringContaining(line));
});

test('one bad rule takes no other with it', () => {
  const { watchlist, problems } = readWatchlist(
    `${base}  bad: {name: Bad, when: 'a b'}\n  lost: {name: Lost, when: '@nobody'}\n`,
    'w.yaml',
  );
  expect(problems).toHaveLength(2);
  expect(Object.keys(watchlist!.events)).toEqual(['deal']);
  expect(createMatcher(compileWatchlist(watchlist!)).match({ title: 'Iran truce', summary: '' }).events).toEqual([
    'deal',
  ]);
});

test('a circle and an unknown id compile to what never occurs', () => {
  const { watchlist } = readWatchlist(
    base.replace('{en: [truce]}', "{en: [truce], query: '#truce OR @nobody'}"),
    'w.yaml',
  );
  expect(createMatcher(compileWatchlist(watchlist!)).match({ title: 'Iran truce', summary: '' }).events).toEqual([
    'deal',
  ]);
});

test('a faulty event does not take along those that lean on its story', () => {
  const { watchlist, problems } = readWatchlist(
    "events:\n  war: {name: War, when: '(war'}\n  calm: {name: Calm, when: 'calm AND (truce OR running:war)'}\n",
    'w.yaml',
  );
  expect(problems).toHaveLength(1);
  expect(Object.keys(watchlist!.events)).toEqual(['calm']);
});
