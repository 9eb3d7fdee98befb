import { expect, test } from 'vitest';
import { problemLine } from '../../../lib/core/problem.ts';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { type Example, fitLogistic } from '../../../lib/core/watchlist/fit-logistic.ts';
import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { type LabelledStory, trainWeights } from '../../../lib/core/watchlist/train-weights.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';
import { candidateClauses } from '../../../lib/core/watchlist/weight-candidates.ts';
import { withWeights } from '../../../lib/core/watchlist/weights-text.ts';

const base = `entities:
  iran: {name: Iran, aliases: {en: [Iran], fr: [Iran]}, stands_for: {en: [Araghchi]}}
  gaza: {name: Gaza, aliases: {en: [Gaza], fr: [Gaza]}}
terms:
  truce: {en: [truce], fr: [trêve]}
  calm: {en: [calm, quiet], fr: [calme]}
  doubt: {en: [rumour]}
events:
  deal: {name: Deal, when: '@iran AND #truce', unless: '#doubt AND #calm'}
`;
const weights = `weights:
  deal:
    needs: 0.4
    keeps: 0.3
    bias: -3
    rule: 4
    clauses:
      '#calm SAME @iran+': 2.8
      '#doubt': -2
`;
const sourceOf = (text: string) => readWatchlist(text, 'w.yaml').watchlist!;
const matcherOf = (text: string) => createMatcher(compileWatchlist(sourceOf(text)));
const story = (title: string, lang = 'en'): MatchInput => ({ title, summary: '', lang });
const problemsOf = (text: string) => readWatchlist(text, 'w.yaml').problems.map(problemLine);

test.each([
  ['the rule holds and nothing speaks against it', 'Truce in Iran', ['deal']],
  ['no rule holds and a clause is heavy enough', 'Iran is quiet again', ['deal']],
  ['a clause speaks against what the rule holds', 'Iran: rumour of a truce', []],
  ['nothing is found, so nothing is weighed', 'Araghchi enjoys the quiet', []],
  ['the heavy clause is not in the sentence', 'Iran votes. All is quiet in Rome', []],
])('where %s', (_, title, events) => {
  expect(matcherOf(base + weights).match(story(title)).events).toEqual(events);
});

test('the evidence of what was weighed in says what weighed how much, and quotes it', () => {
  const title = 'Iran is quiet again';
  const { evidence } = matcherOf(base + weights).match(story(title));
  const rows = evidence.filter(({ target }) => target === 'deal');
  expect(rows.map(({ text, clause }) => ({ text, clause }))).toEqual([
    { text: 'Iran', clause: 'weighed 0.45, needs 0.40; +2.80: #calm SAME @iran+' },
    { text: 'quiet', clause: 'weighed 0.45, needs 0.40; +2.80: #calm SAME @iran+' },
  ]);
  for (const { start, end, text } of rows) expect(title.slice(start, end)).toBe(text);
});

test('an event that is weighed out is a near miss with its weights, and makes no story run', () => {
  const matcher = matcherOf(base + weights.replace("'#doubt': -2", "'#doubt': -1.9"));
  const rumour = story('Iran: rumour of a truce');
  expect(matcher.match(rumour).strictEvents).toEqual([]);
  expect(matcher.explain(rumour).nearly).toContainEqual({
    target: 'deal',
    rule: 'weights',
    held: [{ clause: '-1.90: #doubt', words: ['rumour'] }],
    failed: ['weighed 0.29, needs 0.30'],
  });
});

test('an event without weights matches by its rules alone', () => {
  expect(matcherOf(base).match(story('Iran: rumour of a truce')).events).toEqual(['deal']);
});

test.each([
  [
    'of an event that is not there',
    weights.replace('deal:', 'dael:'),
    'w.yaml:11:3: error: weights: there is no event dael; did you mean deal?',
  ],
  [
    'without a bias',
    weights.replace('    bias: -3\n', ''),
    'w.yaml:11:3: error: weights of deal: bias is missing; write a number from -20 to 20, or run wirewatch train',
  ],
  [
    'that need a certainty',
    weights.replace('0.4', '1'),
    'w.yaml:12:12: error: weights of deal: needs is 1; write a number from 0.01 to 0.99, or run wirewatch train',
  ],
  [
    'that are no numbers',
    weights.replace('2.8', 'much'),
    'w.yaml:17:28: error: weights of deal: a weight is "much"; write a number from -20 to 20, or run wirewatch train',
  ],
  [
    'of a clause that is no query',
    weights.replace('#calm SAME', '#calm SMAE'),
    'w.yaml:17:14: error: weights of deal: two words stand side by side without an operator; put them in quotes if they stand in a row, or write AND, OR or NEAR/5 between them',
  ],
  [
    'of a clause that names what is not there',
    weights.replace('#calm SAME', '#clam SAME'),
    'w.yaml:17:8: error: weights of deal: there is no term #clam; did you mean #calm?',
  ],
])('weights %s are reported, and take nothing else with them', (_, text, problem) => {
  expect(problemsOf(base + text)).toEqual([problem]);
  expect(matcherOf(base + text).match(story('Truce in Iran')).events).toEqual(['deal']);
});

test('the clauses that may weigh are those of the lists and entities which the rules name', () => {
  const source = sourceOf(base);
  expect(candidateClauses(source, source.events.deal!)).toEqual([
    '@iran',
    '@iran+',
    'title:@iran+',
    ...['doubt', 'calm', 'truce'].flatMap((id) => [`#${id}`, `title:#${id}`, `#${id} SAME @iran+`]),
    '#doubt AND #calm',
  ]);
});

test('a clause that the rules leave out as well may weigh once', () => {
  const source = sourceOf(base.replace("unless: '#doubt AND #calm'", "unless: '#doubt'"));
  const clauses = candidateClauses(source, source.events.deal!);
  expect(clauses.filter((clause) => clause === '#doubt')).toHaveLength(1);
});

const example = (isOne: boolean, byRule: boolean, ...clauses: number[]): Example => ({
  times: 1,
  isOne,
  byRule,
  clauses,
});

test('a fit separates what the clauses tell apart, and gives none to a clause that says nothing', () => {
  const examples = [
    ...Array.from({ length: 40 }, (_, i) => example(i % 10 !== 0, false, 0, 2)),
    ...Array.from({ length: 40 }, (_, i) => example(i % 10 === 0, false, 1, 2)),
    ...Array.from({ length: 40 }, (_, i) => example(i % 10 !== 0, false, 0)),
    ...Array.from({ length: 40 }, (_, i) => example(i % 10 === 0, false, 1)),
  ];
  const { weights: found } = fitLogistic(examples, 3, 1);
  expect(found[0]! - found[1]!).toBeGreaterThan(3);
  expect(Math.abs(found[2]!)).toBe(0);
  // The penalty is felt: the odds are 9 to 1 either way, and nothing exceeds them.
  expect(found[0]! - found[1]!).toBeLessThan(2 * Math.log(9));
});

test('no penalty at all finds the odds that are there', () => {
  const examples = [
    ...Array.from({ length: 100 }, (_, i) => example(i < 75, true)),
    ...Array.from({ length: 100 }, (_, i) => example(i < 20, false)),
  ];
  const { bias, rule } = fitLogistic(examples, 0, 0);
  expect(bias).toBeCloseTo(Math.log(20 / 80), 2);
  expect(bias + rule).toBeCloseTo(Math.log(75 / 25), 2);
});

const labelled = (id: number, title: string, events: readonly string[], lang = 'en'): LabelledStory => ({
  ...story(title, lang),
  id: String(id),
  entities: [],
  events,
});

test('what is learnt in one language counts in another, and survives the file', () => {
  const taught = Array.from({ length: 60 }, (_, i) => [
    labelled(i, `Iran keeps calm, day ${i}`, ['deal']),
    labelled(i, `Iran votes, day ${i}`, []),
    labelled(i, `Calm seas, day ${i}`, []),
  ]).flat();
  const trained = trainWeights(sourceOf(base), [taught], {
    rules: sourceOf(base),
    needs: 0.4,
    keeps: 0.2,
    penalty: 1,
    folds: 3,
  });
  expect(trained.byRules.events.recall).toBe(0);
  expect(trained.byWeights.events).toMatchObject({ precision: 1, recall: 1 });
  const text = withWeights(base + weights, trained.weights);
  expect(problemsOf(text)).toEqual([]);
  expect(withWeights(text, trained.weights)).toBe(text);
  expect(text.startsWith(base)).toBe(true);
  expect(matcherOf(text).match(story('L’Iran retrouve le calme', 'fr')).events).toEqual(['deal']);
  expect(matcherOf(text).match(story('Gaza retrouve le calme', 'fr')).events).toEqual([]);
});

test('the rules that answer may be those of an earlier watchlist', () => {
  const taught = Array.from({ length: 30 }, (_, i) => labelled(i, `Iran keeps the truce, day ${i}`, ['deal']));
  const rules = sourceOf(base.replace("when: '@iran AND #truce'", "when: '@gaza AND #truce'"));
  const trained = trainWeights(sourceOf(base), [taught], { rules, needs: 0.4, keeps: 0.2, penalty: 1, folds: 2 });
  expect(trained.byRules.events.recall).toBe(0);
  expect(trained.weights.deal?.rule).toBe(0);
});

test('a story that two sets hold counts twice, and is not scored by itself', () => {
  const once = [labelled(1, 'Iran is calm', ['deal']), labelled(2, 'Iran is calm too', ['deal'])];
  const trained = trainWeights(sourceOf(base), [once, once], {
    rules: sourceOf(base),
    needs: 0.4,
    keeps: 0.2,
    penalty: 1,
    folds: 2,
  });
  expect(trained.byRules.stories).toBe(2);
});
