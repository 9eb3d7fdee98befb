import { pathToFileURL } from 'node:url';
import { compileWatchlist } from '../../lib/core/watchlist/compile.ts';
import type { CompiledWatchlist } from '../../lib/core/watchlist/compiled.ts';
import type { MatchInput } from '../../lib/core/watchlist/matched.ts';
import { createMatcher } from '../../lib/core/watchlist/matcher.ts';
import { parseQuery } from '../../lib/core/watchlist/query.ts';
import { decodeWatchlist, encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import type { EventSource, WatchlistSource } from '../../lib/core/watchlist/watchlist-source.ts';
import { gc } from './collect-garbage.ts';
import { type BenchRule, benchRules, benchStories, queryOf } from './matching-corpus.ts';
import { ahoCorasickRival, type Rival, regexRival } from './matching-rivals.ts';
import { type BenchTable, markdown } from './table.ts';

const sizes = [100, 1_000, 10_000, 100_000] as const;
const budgetMs = 1_500;

/**
 * Stories a second at each number of standing rules: ours, the fastest correct npm Aho-Corasick with the same rules
 * evaluated over its hits, a regular expression for each alias, and ours without its index (every rule evaluated).
 * Stories of 60 words; the whole language; evidence for what matches.
 */
export async function benchMatching(): Promise<readonly BenchTable[]> {
  const stories = benchStories(4_000);
  const speed: Record<string, string | number>[] = [];
  const cost: Record<string, string | number>[] = [];
  const perStory: number[] = [];
  for (const size of sizes) {
    const rules = benchRules(size);
    const before = heapMb();
    const source = sourceOf(rules);
    const built = timed(() => compileWatchlist(source));
    const bytes = encodeWatchlist(built.value);
    const loaded = timed(() => createMatcher(decodeWatchlist(bytes)));
    const memory = heapMb() - before;
    const matcher = loaded.value;
    const ours = rate(stories, (story) => matcher.match(story).events.length);
    const everyRule = createMatcher(withoutIndex(decodeWatchlist(bytes)));
    const all = rate(stories, (story) => everyRule.match(story).events.length);
    const aho = rateOf(ahoCorasickRival(rules), stories);
    const regex = rateOf(regexRival(rules), stories);
    perStory.push(1 / ours.perSecond);
    speed.push({
      rules: size,
      'ours, stories/s': Math.round(ours.perSecond),
      'modern-ahocorasick + evaluation': Math.round(aho.perSecond),
      'regex per alias': Math.round(regex.perSecond),
      'evaluate all': Math.round(all.perSecond),
      'ours : aho': (ours.perSecond / aho.perSecond).toFixed(1),
      'ours : all': (ours.perSecond / all.perSecond).toFixed(1),
      'matches/story': ours.matchesPerStory.toFixed(2),
      'aho agrees':
        Math.abs(aho.matchesPerStory - ours.matchesPerStory) < 0.02 * ours.matchesPerStory + 0.01
          ? 'yes'
          : aho.matchesPerStory.toFixed(2),
    });
    cost.push({
      rules: size,
      'compile, ms': Math.round(built.ms),
      'buffer, MB': (bytes.length / 1e6).toFixed(1),
      'load, ms': Math.round(loaded.ms),
      'memory with source, MB': Math.round(memory),
      'µs/story': (1e6 / ours.perSecond).toFixed(1),
    });
  }
  const growth = Math.log(perStory.at(-1)! / perStory[1]!) / Math.log(sizes.at(-1)! / sizes[1]);
  return [
    { title: 'Matching: stories a second (60 words, evidence for hits)', rows: speed },
    {
      title: `Matching: what the rules cost (time grows as rules^${growth.toFixed(2)} from 1,000 to 100,000)`,
      rows: cost,
    },
  ];
}

function sourceOf(rules: readonly BenchRule[]): WatchlistSource {
  const events = rules.map((rule): EventSource => {
    const parsed = parseQuery(queryOf(rule));
    if (parsed.kind === 'fault') throw new Error(`bench rule: ${parsed.fault.message}: ${queryOf(rule)}`);
    return {
      id: rule.id,
      name: rule.id,
      priority: 'normal',
      when: parsed.query,
      whileRunning: null,
      running: { outlets: 3, withinHours: 72 },
      unless: null,
      party: null,
      implies: [],
      escalators: [],
    };
  });
  return {
    publishers: [],
    weights: {},
    entities: {},
    terms: {},
    events: Object.fromEntries(events.map((event) => [event.id, event])),
  };
}

/** The same watchlist with every rule evaluated for every story. */
function withoutIndex(compiled: CompiledWatchlist): CompiledWatchlist {
  const { anchorStart, ruleNode } = compiled.arrays;
  const everyRule = Int32Array.from(ruleNode, (_, rule) => rule);
  return {
    ...compiled,
    arrays: { ...compiled.arrays, anchorStart: new Int32Array(anchorStart.length), unanchored: everyRule },
  };
}

type Rate = { readonly perSecond: number; readonly matchesPerStory: number };

function rateOf(rival: Rival, stories: readonly MatchInput[]): Rate {
  return rate(stories, (story) => rival(`${story.title}. ${story.summary}`, story.title.length));
}

/** Warms up, then runs for the budget or once through the stories, whichever is longer for fast matchers. */
function rate(stories: readonly MatchInput[], match: (story: MatchInput) => number): Rate {
  const warmUntil = performance.now() + budgetMs / 3;
  for (let i = 0; performance.now() < warmUntil; i++) match(stories[i % stories.length]!);
  let matches = 0;
  let done = 0;
  const start = performance.now();
  while (performance.now() - start < budgetMs) {
    const chunk = done < 64 ? 1 : 64;
    for (let i = 0; i < chunk; i++) matches += match(stories[done++ % stories.length]!);
  }
  return { perSecond: (done / (performance.now() - start)) * 1_000, matchesPerStory: matches / done };
}

function timed<T>(run: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}

function heapMb(): number {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const table of await benchMatching()) console.log(markdown(table));
}
