import AhoCorasick from 'modern-ahocorasick';
import type { BenchRule } from './matching-corpus.ts';

/** Matches one story, and says how many rules did. `titleLength` is where the title ends in the text. */
export type Rival = (text: string, titleLength: number) => number;

type Hits = ReadonlyMap<string, readonly number[]>;

/**
 * Aho-Corasick over all words and phrases of the rules, on lower-cased text with single spaces, then the rules that have
 * an alias among the hits: as a careful programmer would build it from the package.
 */
export function ahoCorasickRival(rules: readonly BenchRule[]): Rival {
  const words = new Set(
    rules.flatMap((rule) => [...rule.aliases, ...rule.terms, ...(rule.not === null ? [] : [rule.not])].map(lower)),
  );
  const stems = new Set(rules.flatMap((rule) => (rule.extra === 'prefix' ? [`${rule.terms[2]!.slice(0, 5)}zz`] : [])));
  const matcher = new AhoCorasick([...[...words].map((word) => ` ${word} `), ...[...stems].map((stem) => ` ${stem}`)]);
  const byAlias = new Map<string, BenchRule[]>();
  for (const rule of rules.map(lowered)) {
    for (const alias of rule.aliases) byAlias.set(alias, [...(byAlias.get(alias) ?? []), rule]);
  }
  return (text, titleLength) => {
    const plain = normalised(text);
    const hits = new Map<string, number[]>();
    for (const { pattern, start } of matcher.search(plain)) {
      const word = pattern.trim();
      const starts = hits.get(word);
      if (starts === undefined) hits.set(word, [start]);
      else starts.push(start);
    }
    const tried = new Set<BenchRule>();
    let matches = 0;
    let wordAt: Int32Array | null = null;
    const lazyWords = () => (wordAt ??= wordNumbers(plain));
    for (const word of hits.keys()) {
      for (const rule of byAlias.get(word) ?? []) {
        if (tried.has(rule)) continue;
        tried.add(rule);
        if (holds(rule, hits, lazyWords, plain, titleLength)) matches++;
      }
    }
    return matches;
  };
}

/** A regular expression for each alias, tried one after the other; what has an alias is evaluated the same way. */
export function regexRival(rules: readonly BenchRule[]): Rival {
  const rows = rules.map((given) => {
    const rule = lowered(given);
    return { rule, tests: rule.aliases.map((alias) => new RegExp(` ${alias} `)) };
  });
  return (text, titleLength) => {
    const plain = normalised(text);
    let matches = 0;
    for (const { rule, tests } of rows) {
      if (!tests.some((test) => test.test(plain))) continue;
      const hits = new Map<string, number[]>();
      for (const word of [...rule.aliases, ...rule.terms, ...(rule.not === null ? [] : [rule.not])]) {
        const starts = startsOf(plain, ` ${word} `);
        if (starts.length > 0) hits.set(word, starts);
      }
      if (holds(rule, hits, () => wordNumbers(plain), plain, titleLength)) matches++;
    }
    return matches;
  };
}

function lower(word: string): string {
  return word.toLowerCase();
}

function lowered(rule: BenchRule): BenchRule {
  return {
    ...rule,
    aliases: rule.aliases.map(lower),
    terms: rule.terms.map(lower),
    not: rule.not === null ? null : lower(rule.not),
  };
}

/** Sentences stay apart by a bar, so that no phrase runs over their end. */
function normalised(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/\. ?/g, ' | ')
    .replace(/[^\p{L}\p{N}|]+/gu, ' ')} `;
}

function startsOf(text: string, word: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) starts.push(at);
  return starts;
}

function wordNumbers(text: string): Int32Array {
  const numbers = new Int32Array(text.length);
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === 32 && text.charCodeAt(i + 1) !== 124) number++;
    numbers[i] = number;
  }
  return numbers;
}

function holds(rule: BenchRule, hits: Hits, wordAt: () => Int32Array, text: string, titleLength: number): boolean {
  const what = rule.terms.filter((term) => hits.has(term));
  if (what.length === 0 || (rule.not !== null && hits.has(rule.not))) return false;
  if (rule.extra === 'title' && (hits.get(rule.terms[1]!) ?? []).some((start) => start <= titleLength)) return false;
  if (rule.extra === 'prefix' && hits.has(`${rule.terms[2]!.slice(0, 5)}zz`)) return false;
  const who = rule.aliases.filter((alias) => hits.has(alias));
  const pairs = (test: (a: number, aWord: string, b: number, bWord: string) => boolean) =>
    who.some((a) =>
      hits.get(a)!.some((aStart) => what.some((b) => hits.get(b)!.some((bStart) => test(aStart, a, bStart, b)))),
    );
  if (rule.near !== null) {
    const numbers = wordAt();
    const last = (start: number, word: string) => numbers[start + word.length]!;
    const near = pairs(
      (a, aWord, b, bWord) => (a < b ? numbers[b]! - last(a, aWord) : numbers[a]! - last(b, bWord)) <= rule.near!,
    );
    if (!near) return false;
  }
  if (rule.extra === 'same') return pairs((a, _aWord, b) => !text.slice(Math.min(a, b), Math.max(a, b)).includes('|'));
  return true;
}
