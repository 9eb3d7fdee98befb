import { hashOn, hashStart, type Tokens } from '../text/tokens.ts';
import { capitals } from '../text/words-of.ts';
import { edgeHash, spread } from './build-trie.ts';
import type { CompiledArrays } from './compiled.ts';
import { fieldOfToken, type StoryFields } from './story-facts.ts';

/**
 * Where the leaves occur in a story. Hits of one leaf are chained: `first[leaf]`, then `next[hit]`, -1 at the end; the
 * chain of a leaf holds for this story only where `seen[leaf]` is the story's number.
 */
export type LeafHits = {
  count: number;
  start: Int32Array;
  end: Int32Array;
  next: Int32Array;
  readonly seen: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** The leaves that occur, each once. */
  readonly leaves: Int32Array;
  leafCount: number;
};

export type LeafFinder = {
  readonly hits: LeafHits;
  /** Finds all leaves in the tokens of the fields, in lists of the languages whose bits are set. */
  find(tokens: Tokens, story: number, languages: number, fields: StoryFields): void;
};

// A story of one word a hundred thousand times over is nobody's news; what lies beyond is not looked at.
const mostHits = 1 << 20;
const longestStem = 40;

export function leafFinder(arrays: CompiledArrays): LeafFinder {
  const leafTotal = arrays.anchorStart.length - 1;
  const hits: LeafHits = {
    count: 0,
    start: new Int32Array(1_024),
    end: new Int32Array(1_024),
    next: new Int32Array(1_024),
    seen: new Int32Array(leafTotal),
    first: new Int32Array(leafTotal),
    last: new Int32Array(leafTotal),
    leaves: new Int32Array(leafTotal),
    leafCount: 0,
  };
  const { wordTable, wordUnitStart, wordUnits, stemTable, stemUnitStart, stemUnits, stemFilter } = arrays;
  const { firstNode, edgeTable, edgeFrom, edgeSymbol, edgeTo, trieHasEdges, trieOutStart, outLeaf, outLanguages } =
    arrays;
  const wordMask = wordTable.length / 2 - 1;
  const stemMask = stemTable.length / 2 - 1;
  const edgeMask = edgeTable.length / 2 - 1;
  const wordCount = wordUnitStart.length - 1;
  const hasStems = stemUnitStart.length > 1;
  const shortestStem = arrays.shortestStem[0]!;
  const filterMask = stemFilter.length - 1;
  let symbols = new Int32Array(256);
  let stemsFrom = new Int32Array(257);
  /** The tokens that a word or stem of the watchlist begins or is, in order. */
  let known = new Int32Array(256);
  let stems: number[] = [];
  let tokens: Tokens;
  let story = 0;
  let languages = 0;
  let fields: StoryFields;

  function wordOf(hash: number, units: Uint16Array, from: number, to: number): number {
    let slot = spread(hash) & wordMask;
    for (let id = wordTable[2 * slot]!; id !== 0; id = wordTable[2 * slot]!) {
      const word = id - 1;
      if (
        wordTable[2 * slot + 1] === hash &&
        sameUnits(wordUnits, wordUnitStart[word]!, wordUnitStart[word + 1]!, units, from, to)
      ) {
        return word;
      }
      slot = (slot + 1) & wordMask;
    }
    return -1;
  }

  function addStems(units: Uint16Array, from: number, to: number): void {
    let hash = hashStart(units, from, shortestStem);
    const lengths = stemFilter[spread(hash) & filterMask]!;
    if (lengths === 0) return;
    const longest = lengths < 0 ? longestStem : 31 - Math.clz32(lengths);
    for (let length = shortestStem; length <= longest && length <= to - from; length++) {
      if (length > shortestStem) hash = hashOn(hash, units[from + length - 1]!);
      if ((lengths & (1 << Math.min(length, 31))) === 0) continue;
      let slot = spread(hash) & stemMask;
      for (let id = stemTable[2 * slot]!; id !== 0; id = stemTable[2 * slot]!) {
        const stem = id - 1;
        if (
          stemTable[2 * slot + 1] === hash &&
          sameUnits(stemUnits, stemUnitStart[stem]!, stemUnitStart[stem + 1]!, units, from, from + length)
        ) {
          stems.push(wordCount + stem);
        }
        slot = (slot + 1) & stemMask;
      }
    }
  }

  function step(node: number, symbol: number): number {
    let slot = spread(edgeHash(node, symbol)) & edgeMask;
    for (let id = edgeTable[2 * slot]!; id !== 0; id = edgeTable[2 * slot]!) {
      const edge = id - 1;
      if (edgeFrom[edge] === node && edgeSymbol[edge] === symbol) return edgeTo[edge]!;
      slot = (slot + 1) & edgeMask;
    }
    return 0;
  }

  function emit(node: number, from: number, to: number): void {
    for (let out = trieOutStart[node]!; out < trieOutStart[node + 1]!; out++) {
      if ((outLanguages[out]! & languages) === 0) continue;
      const at = arrays.outCapitals[out]!;
      if (at >= 0 && !hasCapitals(at, from, to)) continue;
      addHit(outLeaf[out]!, from, to);
    }
  }

  function hasCapitals(at: number, from: number, to: number): boolean {
    const text = fields[fieldOfToken(fields, from)];
    for (let token = from; token < to; token++) {
      const wanted = arrays.capitals[at + token - from]!;
      if (wanted >= 0 && capitals(text, tokens.start[token]!, tokens.end[token]!) !== wanted) return false;
    }
    return true;
  }

  function addHit(leaf: number, from: number, to: number): void {
    const hit = hits.count;
    if (hit >= mostHits) return;
    if (hit === hits.start.length) grow();
    hits.start[hit] = from;
    hits.end[hit] = to;
    hits.next[hit] = -1;
    hits.count++;
    if (hits.seen[leaf] !== story) {
      hits.seen[leaf] = story;
      hits.first[leaf] = hit;
      hits.leaves[hits.leafCount++] = leaf;
    } else hits.next[hits.last[leaf]!] = hit;
    hits.last[leaf] = hit;
  }

  function grow(): void {
    const length = hits.start.length * 2;
    for (const name of ['start', 'end', 'next'] as const) {
      const grown = new Int32Array(length);
      grown.set(hits[name]);
      hits[name] = grown;
    }
  }

  function walk(node: number, from: number, at: number): void {
    emit(node, from, at);
    if (trieHasEdges[node] === 0 || at >= tokens.count || tokens.sentence[at] !== tokens.sentence[from]) return;
    const symbol = symbols[at]!;
    if (symbol >= 0) {
      const next = step(node, symbol);
      if (next !== 0) walk(next, from, at + 1);
    }
    if (!hasStems) return;
    for (let i = stemsFrom[at]!; i < stemsFrom[at + 1]!; i++) {
      const next = step(node, stems[i]!);
      if (next !== 0) walk(next, from, at + 1);
    }
  }

  function find(ofTokens: Tokens, ofStory: number, ofLanguages: number, ofFields: StoryFields): void {
    tokens = ofTokens;
    story = ofStory;
    languages = ofLanguages;
    fields = ofFields;
    hits.count = 0;
    hits.leafCount = 0;
    stems = stems.length > 0 ? [] : stems;
    const { count, hash, unitStart, units } = tokens;
    if (symbols.length < count) {
      symbols = new Int32Array(count * 2);
      stemsFrom = new Int32Array(count * 2 + 1);
      known = new Int32Array(count * 2);
    }
    let knownCount = 0;
    for (let token = 0; token < count; token++) {
      const from = unitStart[token]!;
      const to = unitStart[token + 1]!;
      const symbol = wordOf(hash[token]!, units, from, to);
      symbols[token] = symbol;
      const stemsBefore = stems.length;
      if (hasStems) {
        stemsFrom[token] = stemsBefore;
        if (to - from >= shortestStem) addStems(units, from, to);
      }
      if (symbol >= 0 || stems.length > stemsBefore) known[knownCount++] = token;
    }
    stemsFrom[count] = stems.length;
    for (let i = 0; i < knownCount; i++) begin(known[i]!);
  }

  /** Follows the trie from a token on. */
  function begin(token: number): void {
    const symbol = symbols[token]!;
    if (symbol >= 0) {
      const node = firstNode[symbol]!;
      if (node !== 0) walk(node, token, token + 1);
    }
    if (!hasStems) return;
    for (let i = stemsFrom[token]!; i < stemsFrom[token + 1]!; i++) {
      const node = firstNode[stems[i]!]!;
      if (node !== 0) walk(node, token, token + 1);
    }
  }
  return { hits, find };
}

function sameUnits(a: Uint16Array, aFrom: number, aTo: number, b: Uint16Array, bFrom: number, bTo: number): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let i = aFrom, j = bFrom; i < aTo; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
