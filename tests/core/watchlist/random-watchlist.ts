import fc from 'fast-check';
import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import { parseQuery } from '../../../lib/core/watchlist/query.ts';
import type { Query } from '../../../lib/core/watchlist/query-node.ts';
import type { WatchlistSource, WordList } from '../../../lib/core/watchlist/watchlist-source.ts';

/** Random watchlists and stories over few words, so that matches, near misses and overlaps are common. */

const plainWords = [
  'iran',
  'israel',
  'truce',
  'us',
  'talks',
  'peace',
  'strike',
  'by',
  'on',
  'tehran',
  'says',
  '停',
  '火',
  'آتش',
  'به',
];
const queryWords = [
  'iran',
  'israel',
  'truce',
  'us',
  '"peace talks"',
  '"us strike"',
  'strike*',
  'isr*',
  '!"US"',
  '停火',
  'آتش',
  'says',
  'tehran',
  '"iran says"',
  'by',
];

const place = fc.letrec<{ place: string; word: string }>((tie) => ({
  word: fc.oneof(fc.constantFrom(...queryWords), fc.constantFrom('#t1', '#t2', '@e1', '@e2', '@e1+', '@e2+')),
  place: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('word'),
    fc.tuple(tie('place'), tie('place')).map(([a, b]) => `(${a} OR ${b})`),
    fc.tuple(tie('place'), fc.integer({ min: 1, max: 4 }), tie('place')).map(([a, n, b]) => `(${a} NEAR/${n} ${b})`),
    fc.tuple(tie('place'), fc.integer({ min: 1, max: 4 }), tie('place')).map(([a, n, b]) => `(${a} ONEAR/${n} ${b})`),
    fc.tuple(tie('place'), tie('place')).map(([a, b]) => `(${a} SAME ${b})`),
    fc.tuple(tie('place'), tie('place')).map(([a, b]) => `(${a} OUTSIDE ${b})`),
    fc.tuple(fc.constantFrom('title', 'summary'), tie('place')).map(([field, a]) => `${field}:(${a})`),
    fc.tuple(fc.integer({ min: 2, max: 3 }), tie('place')).map(([n, a]) => `(ATLEAST/${n} ${a})`),
    fc.tuple(fc.integer({ min: 1, max: 3 }), tie('place')).map(([n, a]) => `(START ONEAR/${n} ${a})`),
    fc.tuple(fc.integer({ min: 1, max: 3 }), tie('place')).map(([n, a]) => `(${a} NEAR/${n} END)`),
    fc.tuple(tie('word'), tie('word'), tie('word')).map(([a, v, p]) => `BY(${a}, ${v}, ${p})`),
    fc
      .tuple(
        fc.constantFrom('lang:en', 'source:bbc*', 'NOT lang:fa', 'running:x3', 'NOT running:x4>=2/1h'),
        tie('place'),
      )
      .map(([condition, a]) => `((${condition} AND ${a}) NEAR/3 ${a})`),
  ),
})).place;

const running = ['running:x0', 'running:x1>=1', 'NOT running:x2', 'running:x1/1h', 'NOT running:x0>=2/2d'];

const rule = fc.letrec<{ rule: string; leaf: string }>((tie) => ({
  leaf: place,
  rule: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} AND ${b})`),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} OR ${b})`),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} AND NOT ${b})`),
    fc
      .tuple(
        fc.constantFrom(
          'lang:en',
          'lang:fa',
          'source:"BBC News"',
          'published:2025-06-20..',
          'published:..2025-06-19',
          ...running,
        ),
        tie('rule'),
      )
      .map(([c, a]) => `(${c} AND ${a})`),
    tie('rule').map((a) => `title:(${a})`),
  ),
})).rule;

const condition = fc.oneof(
  place,
  place.map((a) => `(SELF NEAR/2 ${a})`),
  place.map((a) => `(${a} ONEAR/1 SELF)`),
  place.map((a) => `(SELF SAME ${a}) AND NOT SELF ONEAR/1 truce`),
  place.map((a) => `NOT ${a}`),
  place.map((a) => `running:x1 AND (SELF NEAR/3 ${a})`),
);

/** Queries inside lists name no list, so that nothing goes in circles. */
const simple = fc.constantFrom(
  'truce NEAR/2 iran',
  'us ONEAR/1 strike',
  '"peace talks" OR strike*',
  'us AND iran',
  'title:(us OR iran)',
  'running:x0>=1 AND us',
);

function asQuery(text: string): Query {
  const parsed = parseQuery(text, { negative: true });
  if (parsed.kind === 'fault') throw new Error(`${parsed.fault.message}: ${text}`);
  return parsed.query;
}

const list = (items: readonly string[], lang = 'any', query: string | null = null): WordList => ({
  items: items.map((text) => ({
    text: text.startsWith('!') || text.startsWith('"') ? text : `"${text.replace(/"/g, '')}"`,
    lang,
  })),
  query: query === null ? null : asQuery(query),
});

const items = fc.uniqueArray(
  fc.constantFrom(
    'iran',
    'israel',
    'us',
    'truce',
    'talks',
    'peace talks',
    '!"US"',
    '停火',
    'آتش',
    'strike',
    'us strike',
  ),
  { minLength: 1, maxLength: 3 },
);
const lang = fc.constantFrom('any', 'en', 'fa');

export const randomWatchlist: fc.Arbitrary<WatchlistSource> = fc
  .record({
    terms: fc.tuple(items, lang, fc.option(simple), items, lang),
    entities: fc.array(fc.tuple(items, lang, fc.option(condition), fc.option(condition), items, items), {
      minLength: 2,
      maxLength: 2,
    }),
    events: fc.array(
      fc.tuple(
        rule,
        fc.option(rule, { freq: 3 }),
        fc.option(place, { freq: 3 }),
        fc.option(fc.integer({ min: 0, max: 19 }), { freq: 3 }),
        fc.option(rule, { freq: 1 }),
      ),
      { minLength: 20, maxLength: 20 },
    ),
    weights: fc.array(
      fc.record({
        needs: fc.constantFrom(0.2, 0.4, 0.5, 0.8),
        keeps: fc.constantFrom(0.1, 0.4, 0.7),
        bias: fc.constantFrom(-3.03, -1.51, 0.27),
        rule: fc.constantFrom(-0.71, 0.83, 2.17, 4.09),
        clauses: fc.array(fc.tuple(rule, fc.constantFrom(-2.13, -0.57, 0.61, 1.29, 3.37)), { maxLength: 4 }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ terms, entities, events, weights }) => ({
    publishers: ['Times of Israel'],
    terms: { t1: list(terms[0], terms[1], terms[2]), t2: list(terms[3], terms[4]) },
    entities: Object.fromEntries(
      entities.map(([aliases, aliasLang, withIt, notIt, phrases, stands], i) => [
        `e${i + 1}`,
        {
          id: `e${i + 1}`,
          name: `e${i + 1}`,
          kind: 'state',
          priority: 'normal' as const,
          aliases: list(aliases, aliasLang),
          ambiguous: [
            {
              alias: list(['tehran']),
              with: withIt === null ? null : asQuery(withIt),
              not: notIt === null ? null : asQuery(notIt),
            },
          ],
          phrases: list(phrases.map((text) => `${text.replace(/[!"]/g, '')} says`)),
          standsFor: list(stands),
        },
      ]),
    ),
    events: Object.fromEntries(
      events.map(([when, unless, party, implied, weaker], i) => [
        `x${i}`,
        {
          id: `x${i}`,
          name: `x${i}`,
          priority: 'normal' as const,
          when: asQuery(when),
          whileRunning: weaker === null ? null : asQuery(weaker),
          running: { outlets: 1 + (i % 2), withinHours: i % 3 === 0 ? 1 : 72 },
          unless: unless === null ? null : asQuery(unless),
          party: party === null ? null : asQuery(party),
          implies: implied === null ? [] : [{ event: `x${implied}`, if: null }],
          escalators: [],
        },
      ]),
    ),
    weights: Object.fromEntries(
      weights.map(({ clauses, ...numbers }, i) => [
        `x${i}`,
        { ...numbers, clauses: clauses.map(([when, weight]) => ({ when: asQuery(when), weight })) },
      ]),
    ),
  }));

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...plainWords) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Iran',
      'US',
      'U.S.',
      'Iran’s',
      'IRAN',
      'Israel&rsquo;s',
      '#IranTruce',
      'آت\u200cش',
      'strikes',
      'Mr.',
      'l’Iran',
    ),
  },
);
const gap = fc.constantFrom(' ', ' ', ' ', ' ', ' ', ', ', '. ', '? ', '-', ' & ', '\n\n');
const text = (most: number) =>
  fc.array(fc.tuple(word, gap), { maxLength: most }).map((parts) => parts.map(([a, b]) => a + b).join(''));

export const randomStory: fc.Arbitrary<MatchInput> = fc.record({
  title: fc
    .tuple(text(8), fc.constantFrom('', '', '', ' - BBC', ' | Times of Israel', ' - truce'))
    .map(([a, b]) => a + b),
  summary: text(14),
  content: fc.constantFrom('', '', 'iran us truce'),
  lang: fc.constantFrom('en', 'en', 'fa', 'zh', 'tr', null),
  source: fc.constantFrom('BBC News', 'CNN', null),
  published: fc.constantFrom('2025-06-19T23:59:00Z', '2025-06-20T00:00:00Z', '2025-06-22T12:00:00Z', null),
});
