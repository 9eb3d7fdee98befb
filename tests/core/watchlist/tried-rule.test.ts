import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { reachable } from '../../../lib/core/watchlist/reachable.ts';
import { readTriedRule, triedId } from '../../../lib/core/watchlist/tried-rule.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';
import type { WatchlistSource } from '../../../lib/core/watchlist/watchlist-source.ts';
import { fixtureStories } from './fixture-stories.ts';

let shipped: WatchlistSource;
beforeAll(() => {
  shipped = readWatchlist(readFileSync('config/watchlist.yaml', 'utf8'), 'watchlist.yaml').watchlist as WatchlistSource;
});

test('each shipped event, compiled with what it names alone, matches as in the whole watchlist', () => {
  const whole = createMatcher(compileWatchlist(shipped));
  let matches = 0;
  for (const event of Object.values(shipped.events)) {
    const own = reachable(shipped, event);
    expect(Object.keys(own.entities).length).toBeLessThan(Object.keys(shipped.entities).length);
    const alone = createMatcher(compileWatchlist(own));
    for (const story of fixtureStories) {
      const strict = (matcher: typeof whole) => matcher.match(story).strictEvents.includes(event.id);
      expect({ event: event.id, title: story.title, matches: strict(alone) }).toEqual({
        ...{ event: event.id, title: story.title, matches: strict(whole) },
      });
      matches += strict(alone) ? 1 : 0;
    }
  }
  expect(matches).toBeGreaterThan(10);
});

test('a rule that is tried finds what the event of the same rule finds, with its words', () => {
  const event = shipped.events['israel-iran-ceasefire'];
  const read = readTriedRule({ query: event?.when.text ?? '' }, shipped);
  if (read.kind === 'fault') throw new Error(read.sentence);
  const tried = createMatcher(compileWatchlist(read.watchlist));
  const whole = createMatcher(compileWatchlist(shipped));
  const strictly = fixtureStories.filter((story) => whole.match(story).strictEvents.includes('israel-iran-ceasefire'));
  expect(strictly.length).toBeGreaterThan(3);
  for (const story of strictly) {
    const { events, evidence } = tried.match(story);
    expect(events).toEqual([triedId]);
    expect(evidence.filter(({ target }) => target === triedId).length).toBeGreaterThan(0);
  }
});

describe('a fault is placed in what was given', () => {
  test.each<[string, { query: string } | { rule: string }, string]>([
    ['in a query', { query: 'truce AND (iran' }, 'line 1, column 16: a parenthesis is not closed'],
    ['on its second line', { query: 'truce AND\n  @irann' }, 'line 2, column 1: when: there is no entity @irann'],
    ['after a quote of YAML', { query: '"a: b" AND @irann' }, 'line 1, column 12: when: there is no entity @irann'],
    [
      'in a rule',
      { rule: 'priority: high\nwhen: "truce AND #nothing"' },
      'line 2, column 18: when: there is no term #nothing',
    ],
    [
      'of proximity in proximity without end',
      {
        query: Array(6)
          .fill(0)
          .reduce((inner: string) => `(${inner} NEAR/90 nor*)`, 'sto*'),
      },
      'more than 5 levels of NEAR',
    ],
    ['of an unknown key', { rule: 'wehn: truce' }, 'line 1, column 1: '],
    ['of no rule at all', { rule: '' }, ''],
    ['of another mapping beside it', { rule: 'when: a\n  b: c' }, ''],
  ])('%s', (_, given, sentence) => {
    const read = readTriedRule(given, shipped);
    expect(read).toMatchObject({ kind: 'fault', sentence: expect.stringContaining(sentence) });
    if (read.kind === 'fault') expect(read.sentence).not.toMatch(/tried-rule|\n/);
  });
});
