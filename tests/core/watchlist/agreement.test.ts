import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datelineLength } from '../../../lib/core/text/dateline.ts';
import { aimMarks, doerMarks } from '../../../lib/core/watchlist/by.ts';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { noteMatched, nothingRunning } from '../../../lib/core/watchlist/running.ts';
import { decodeWatchlist, encodeWatchlist } from '../../../lib/core/watchlist/serialize.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';
import { itemPatterns } from '../../../lib/core/watchlist/word-item.ts';
import { fixtureStories } from './fixture-stories.ts';
import { randomStory, randomWatchlist } from './random-watchlist.ts';
import { capitalsOf, type Earlier, type FormsOf, slowMatch } from './slow-matcher.ts';
import { slowWords } from './slow-words.ts';

const told = { doer: doerMarks, aim: aimMarks, datelineLength };

/** Items without inflection, read the slow way. */
const plainForms: FormsOf = (item) => {
  const cased = /^!"(.*)"$/u.exec(item)?.[1];
  const text = cased ?? item.replace(/^"|"$/gu, '');
  const exact = (start: number, end: number) => (cased === undefined ? null : capitalsOf(text.slice(start, end)));
  return [
    slowWords(text).map(({ word, start, end }) => ({ word, prefix: text[end] === '*', exact: exact(start, end) })),
  ];
};

test('agrees with the slow matcher on 100,000 random pairs of rule and story', () => {
  let pairs = 0;
  let matches = 0;
  let weak = 0;
  fc.assert(
    fc.property(randomWatchlist, fc.array(randomStory, { minLength: 40, maxLength: 40 }), (source, stories) => {
      const matcher = createMatcher(decodeWatchlist(encodeWatchlist(compileWatchlist(source))));
      let running = nothingRunning;
      const earlier: Earlier[] = [];
      for (const story of stories) {
        const { entities, events, strictEvents, evidence } = matcher.match(story, running);
        const slow = slowMatch(source, story, plainForms, told, earlier);
        expect({ story, entities, events, strictEvents }).toEqual({ story, ...slow });
        const seen = { events: strictEvents, outlet: story.source ?? '', published: story.published ?? null };
        running = noteMatched(running, seen);
        earlier.push(seen);
        weak += events.length - strictEvents.length;
        for (const { field, start, end, text } of evidence) expect(story[field]!.slice(start, end)).toBe(text);
        pairs += Object.keys(source.events).length;
        matches += events.length;
      }
    }),
    // Shrinking twenty rules and forty stories takes minutes: the first failure says enough.
    { numRuns: 125, seed: 20_251_124, endOnFailure: true },
  );
  expect(pairs).toBeGreaterThanOrEqual(100_000);
  // Rules that never match would agree about nothing.
  expect(matches / pairs).toBeGreaterThan(0.05);
  expect(weak).toBeGreaterThan(1_000);
}, 240_000);

describe('with the shipped watchlist', () => {
  const { watchlist } = readWatchlist(readFileSync('config/watchlist.yaml', 'utf8'), 'config/watchlist.yaml');
  const matcher = createMatcher(compileWatchlist(watchlist!));
  const known = new Map<string, ReturnType<FormsOf>>();
  /** Forms are data here: how words bend has tests of its own. */
  const formsOf: FormsOf = (item, lang) => {
    const key = `${lang} ${item}`;
    const forms =
      known.get(key) ??
      itemPatterns(item, lang).map((pattern) =>
        pattern.map((word) => ({ ...word, exact: bits(word.word, word.capitals) })),
      );
    known.set(key, forms);
    return forms;
  };
  const bits = (word: string, capitals: number) =>
    capitals < 0 ? null : [...word].map((_, i) => ((capitals >> i) & 1 ? '1' : '0')).join('');
  const agree = (story: MatchInput) => {
    const { entities, events, strictEvents } = matcher.match(story);
    expect({ entities, events, strictEvents }).toEqual(slowMatch(watchlist!, story, formsOf, told));
  };

  test('agrees with the slow matcher on every fixture story', () => {
    for (const story of fixtureStories) agree(story);
  });

  const set = '../shared/eval/dev.jsonl';
  test.runIf(existsSync(set))('agrees with the slow matcher on every eighth story of the development set', () => {
    const lines = readFileSync(set, 'utf8').trim().split('\n');
    for (const line of lines.filter((_, i) => i % 8 === 0)) agree(JSON.parse(line) as MatchInput);
  });
});
