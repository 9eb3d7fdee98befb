import { expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

const { watchlist } = readWatchlist(
  `entities:
  iran:
    name: Iran
    aliases: {en: [Iran]}
    ambiguous: [{alias: Tehran, with: 'SELF NEAR/3 says', not: 'SELF SAME rain'}]
terms: {hit: {en: [attack~]}}
events:
  war: {name: War, when: '@iran NEAR/100 iran NEAR/100 (iran OR attack) SAME_OK'}
`.replace(' SAME_OK', ''),
  'w.yaml',
);
const matcher = createMatcher(compileWatchlist(watchlist!));
const plain = { entities: ['iran'], events: [] };

test.each([
  ['a story of one word, a megabyte of it', 'iran '.repeat(210_000)],
  ['a megabyte without a space', 'x'.repeat(1_000_000)],
  ['a megabyte of ambiguous aliases', 'tehran says '.repeat(90_000)],
  ['a megabyte of full stops', '.'.repeat(1_000_000)],
  ['a megabyte of ampersands', '&'.repeat(1_000_000)],
  ['a megabyte of hash signs', '#Ab'.repeat(330_000)],
  ['a megabyte of lone surrogates', '\ud800'.repeat(1_000_000)],
  ['a megabyte of letters that fold to eighteen', '\ufdfa'.repeat(1_000_000)],
  ['a megabyte of combining marks', `a${'\u0301'.repeat(1_000_000)}`],
  ['a megabyte of dashes', ' - '.repeat(330_000)],
  ['a megabyte that looks like a dateline', 'A '.repeat(500_000)],
])(
  '%s is matched in bounded time',
  (_, text) => {
    const started = performance.now();
    matcher.match({
      title: text,
      summary: text,
      content: text,
      lang: 'en',
      source: text.slice(0, 100),
      published: text.slice(0, 50),
    });
    // Generous: the machine may be busy. Anything that grows by the square takes minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(matcher.match({ title: 'Iran', summary: '' })).toMatchObject(plain);
  },
  30_000,
);

test.each([
  ['lone surrogates', '\udc00Iran\ud800'],
  ['bidi controls', '\u202e\u2066Iran\u2069\u202c'],
  ['zero-width characters inside', 'I\u200br\u2060a\ufeffn'],
  ['control characters', '\u0000Iran\u0007'],
  ['markup', '<b>Iran</b><script>'],
  ['a prototype name', '__proto__ constructor Iran'],
])('%s do not hide a name', (_, title) => {
  expect(matcher.match({ title, summary: '' })).toMatchObject(plain);
});

test('fields that are missing or empty match nothing', () => {
  const nothing = { entities: [], events: [], evidence: [] };
  expect(matcher.match({ title: '', summary: '' })).toMatchObject(nothing);
  expect(
    matcher.match({ title: '', summary: '', content: '', lang: '', source: '', url: '', published: '' }),
  ).toMatchObject(nothing);
  expect(matcher.match({ title: 'x', summary: '', published: 'yesterday', lang: 'en-'.repeat(1_000) })).toMatchObject(
    nothing,
  );
});

test('a rule of 10,000 clauses compiles and matches', () => {
  const words = Array.from({ length: 10_000 }, (_, i) => `word${i}`);
  const big = readWatchlist(
    `events: {big: {name: Big, when: '${words.join(' OR ')}'}, all: {name: All, when: '${words.slice(0, 5_000).join(' AND ')}'}}`,
    'w.yaml',
  );
  expect(big.problems).toEqual([]);
  const bigMatcher = createMatcher(compileWatchlist(big.watchlist!));
  expect(bigMatcher.match({ title: 'word9999', summary: '' }).events).toEqual(['big']);
  expect(bigMatcher.match({ title: 'x', summary: words.slice(0, 5_000).join(' ') }).events).toEqual(['all', 'big']);
});

test('ids that are names of Object.prototype are ids like any other', () => {
  const odd = readWatchlist(
    `entities: {constructor: {name: C, aliases: {en: [alpha]}}}\nevents: {e: {name: E, when: '@constructor AND #tostring'}}`,
    'w.yaml',
  );
  expect(odd.problems.map(({ message }) => message)).toEqual(['when of event e: there is no term #tostring']);
  expect(createMatcher(compileWatchlist(odd.watchlist!)).match({ title: 'alpha', summary: '' }).entities).toEqual([
    'constructor',
  ]);
});
