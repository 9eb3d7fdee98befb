import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { matchInOrder } from '../../../lib/core/watchlist/match-in-order.ts';
import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { type Labelled, type Report, scoreMatches } from '../../../lib/core/watchlist/score.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

/** The least the shipped watchlist reaches on the labelled sets, where they lie beside the repository. */
const floors = [
  { set: '../shared/eval/dev.jsonl', entities: 0.99, events: 0.97 },
  { set: '../shared/eval/real-dev.jsonl', entities: 0.99, events: 0.97 },
];

function scoreOf(set: string): Report {
  const { watchlist } = readWatchlist(readFileSync('config/watchlist.yaml', 'utf8'), 'config/watchlist.yaml');
  const stories = readFileSync(set, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MatchInput & Labelled);
  const results = matchInOrder(createMatcher(compileWatchlist(watchlist!)), stories);
  return scoreMatches(stories.map((label, i) => ({ label, found: results[i]! })));
}

describe('the shipped watchlist is right about the news', () => {
  test.runIf(existsSync(floors[0]!.set)).each(floors)(
    '$set: entities $entities, events $events',
    ({ set, entities, events }) => {
      const report = scoreOf(set);
      expect(report.entities.f1).toBeGreaterThanOrEqual(entities);
      expect(report.events.f1).toBeGreaterThanOrEqual(events);
    },
  );
});

test('pairs of story and id are counted, each story through its false pairs too', () => {
  const label = (id: string, entities: string[], events: string[]): Labelled => ({
    id,
    lang: 'en',
    title: id,
    entities,
    events,
  });
  const report = scoreMatches([
    { label: label('a', ['iran', 'israel'], ['war']), found: { entities: ['iran'], events: ['war', 'truce'] } },
    { label: label('b', [], []), found: { entities: ['iran'], events: [] } },
  ]);
  expect(report.entities).toEqual({ right: 1, wrong: 1, missed: 1, precision: 0.5, recall: 0.5, f1: 0.5 });
  expect(report.events).toMatchObject({ right: 1, wrong: 1, missed: 0, precision: 0.5, recall: 1 });
  expect(report.byEvent.truce).toMatchObject({ right: 0, wrong: 1, f1: 0 });
  expect(report.byLanguage.en!.stories).toBe(2);
  expect(report.worst.map(({ id, wrong, missed }) => ({ id, wrong, missed }))).toEqual([
    { id: 'a', wrong: ['truce'], missed: ['israel'] },
    { id: 'b', wrong: ['iran'], missed: [] },
  ]);
});

test('stories are matched in order of their dates, and answered in order of the input', () => {
  const yaml = `terms: {truce: {en: [truce]}}
events: {deal: {name: Deal, when: 'iran AND #truce', while_running: '#truce', running: {outlets: 2, within: 24h}}}`;
  const matcher = createMatcher(compileWatchlist(readWatchlist(yaml, 'w').watchlist!));
  const story = (title: string, source: string, published: string | null): MatchInput => ({
    title,
    summary: '',
    lang: 'en',
    source,
    published,
  });
  const results = matchInOrder(matcher, [
    story('Truce holds', 'x', '2025-06-24T12:00:00Z'),
    story('Truce early', 'x', '2025-06-24T01:00:00Z'),
    story('Iran truce', 'a', '2025-06-24T02:00:00Z'),
    story('Iran truce', 'b', '2025-06-24T03:00:00Z'),
    story('Truce undated', 'x', null),
  ]);
  expect(results.map(({ events }) => events.length)).toEqual([1, 0, 1, 1, 0]);
});
