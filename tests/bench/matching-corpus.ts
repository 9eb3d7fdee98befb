import type { MatchInput } from '../../lib/core/watchlist/matched.ts';

/** A standing rule of the benchmark: somebody's aliases, and terms of an event, some near each other, some excluded. */
export type BenchRule = {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly terms: readonly string[];
  readonly near: number | null;
  readonly not: string | null;
  /** A part that only the whole language has. */
  readonly extra: 'none' | 'same' | 'outside' | 'title' | 'prefix';
};

const syllables =
  'ka ro mi ten sul ba der vo lin gar pe zon tir ash mol que fen dra hul sti bre nor cal win tav jes'.split(' ');

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pseudoWord(index: number): string {
  let rest = index + 30;
  let word = '';
  while (rest > 0) {
    word += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  }
  return word;
}

// Half of the words of news are the commonest hundred or so; the rest fall off by Zipf's law.
const vocabulary = Array.from({ length: 40_000 }, (_, i) => pseudoWord(i));
const names = Array.from({ length: 20_000 }, (_, i) => {
  const first = pseudoWord(60_000 + i);
  const name = first[0]!.toUpperCase() + first.slice(1);
  const second = pseudoWord(90_000 + (i % 5_000));
  return i % 3 === 0 ? `${name} ${second[0]!.toUpperCase()}${second.slice(1)}` : name;
});
const terms = Array.from({ length: 2_000 }, (_, i) =>
  i % 5 === 0 ? `${pseudoWord(130_000 + i)} ${pseudoWord(140_000 + (i % 300))}` : pseudoWord(130_000 + i),
);

function zipf(random: () => number, size: number): number {
  return Math.min(size - 1, Math.floor(size ** random() - 1));
}

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;

/** Stories of 60 words: a title of ten and a summary of fifty, with some six names and five terms among them. */
export function benchStories(count: number): readonly MatchInput[] {
  const random = seeded(7);
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 60 }, () => {
      const draw = random();
      if (draw < 0.09) return pick(names, random);
      return draw < 0.17 ? terms[zipf(random, terms.length)]! : vocabulary[zipf(random, vocabulary.length)]!;
    })
      .join(' ')
      .split(' ')
      .slice(0, 60);
    const sentence = (from: number, to: number) => `${words.slice(from, to).join(' ')}.`;
    return {
      title: words.slice(0, 10).join(' '),
      summary: [sentence(10, 26), sentence(26, 44), sentence(44, 60)].join(' '),
      lang: 'en',
      source: 'bench',
      published: '2026-11-24T12:00:00Z',
    };
  });
}

export function benchRules(count: number): readonly BenchRule[] {
  const random = seeded(11);
  const extras = ['none', 'none', 'none', 'none', 'none', 'none', 'same', 'outside', 'title', 'prefix'] as const;
  return Array.from({ length: count }, (_, i) => ({
    id: `rule-${i}`,
    aliases: [pick(names, random), pick(names, random)],
    terms: [pick(terms, random), pick(terms, random), pick(terms, random)],
    near: random() < 0.3 ? 12 : null,
    not: random() < 0.2 ? pick(terms, random) : null,
    extra: pick(extras, random),
  }));
}

/** The rule as a user would write it. */
export function queryOf(rule: BenchRule): string {
  const any = (words: readonly string[]) => `(${words.map((word) => `"${word}"`).join(' OR ')})`;
  const who = any(rule.aliases);
  const what = any(rule.terms);
  const joined = rule.near === null ? `${who} AND ${what}` : `(${who} NEAR/${rule.near} ${what})`;
  const extra = {
    none: '',
    same: ` AND (${who} SAME ${what})`,
    outside: ` AND (${what} OUTSIDE ("${rule.aliases[0]}" ONEAR/2 "${rule.terms[0]}"))`,
    title: ` AND NOT title:"${rule.terms[1]}"`,
    prefix: ` AND NOT ${rule.terms[2]!.slice(0, 5)}zz*`,
  }[rule.extra];
  return `${joined}${extra}${rule.not === null ? '' : ` AND NOT "${rule.not}"`}`;
}
