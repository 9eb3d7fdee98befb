import { capitals, hashStart, type Tokens } from '../text/tokens.ts';
import { edgeHash, spread } from './build-trie.ts';
import type { CompiledArrays } from './compiled.ts';

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
  /** Finds all leaves in the tokens. `textOf` gives the text of the field a token lies in, for capitals. */
  find(tokens: Tokens, story: number, languages: number, textOf: (token: number) => string): void;
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
  const { wordTable, wordHash, wordUnitStart, wordUnits, stemTable, stemHash, stemUnitStart, stemUnits, stemFilter } =
    arrays;
  const { firstNode, edgeTable, edgeFrom, edgeSymbol, edgeTo, trieHasEdges, trieOutStart, outLeaf, outLanguages } =
    arrays;
  const wordMask = wordTable.length - 1;
  const stemMask = stemTable.length - 1;
  const edgeMask = edgeTable.length - 1;
  const wordCount = wordHash.length;
  const hasStems = stemHash.length > 0;
  let symbols = new Int32Array(256);
  let stemsFrom = new Int32Array(257);
  let stems: number[] = [];
  let current: { tokens: Tokens; story: number; languages: number; textOf: (token: number) => string };

  function wordOf(hash: number, units: Uint16Array, from: number, to: number): number {
    let slot = spread(hash) & wordMask;
    for (let id = wordTable[slot]!; id !== 0; id = wordTable[slot]!) {
      const word = id - 1;
      if (
        wordHash[word] === hash &&
        sameUnits(wordUnits, wordUnitStart[word]!, wordUnitStart[word + 1]!, units, from, to)
      )
        return word;
      slot = (slot + 1) & wordMask;
    }
    return -1;
  }

  function addStems(units: Uint16Array, from: number, to: number): void {
    const low = hashStart(units, from, 3) & 0xffff;
    if ((stemFilter[low >> 5]! & (1 << (low & 31))) === 0) return;
    for (let length = 3; length <= to - from && length <= longestStem; length++) {
      const hash = hashStart(units, from, length);
      let slot = spread(hash) & stemMask;
      for (let id = stemTable[slot]!; id !== 0; id = stemTable[slot]!) {
        const stem = id - 1;
        if (
          stemHash[stem] === hash &&
          sameUnits(stemUnits, stemUnitStart[stem]!, stemUnitStart[stem + 1]!, units, from, from + length)
        )
          stems.push(wordCount + stem);
        slot = (slot + 1) & stemMask;
      }
    }
  }

  function step(node: number, symbol: number): number {
    let slot = spread(edgeHash(node, symbol)) & edgeMask;
    for (let id = edgeTable[slot]!; id !== 0; id = edgeTable[slot]!) {
      const edge = id - 1;
      if (edgeFrom[edge] === node && edgeSymbol[edge] === symbol) return edgeTo[edge]!;
      slot = (slot + 1) & edgeMask;
    }
    return 0;
  }

  function emit(node: number, from: number, to: number): void {
    for (let out = trieOutStart[node]!; out < trieOutStart[node + 1]!; out++) {
      if ((outLanguages[out]! & current.languages) === 0) continue;
      const at = arrays.outCapitals[out]!;
      if (at >= 0 && !hasCapitals(at, from, to)) continue;
      addHit(outLeaf[out]!, from, to);
    }
  }

  function hasCapitals(at: number, from: number, to: number): boolean {
    const text = current.textOf(from);
    for (let token = from; token < to; token++) {
      const wanted = arrays.capitals[at + token - from]!;
      if (wanted >= 0 && capitals(text, current.tokens.start[token]!, current.tokens.end[token]!) !== wanted)
        return false;
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
    if (hits.seen[leaf] !== current.story) {
      hits.seen[leaf] = current.story;
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
    const { tokens } = current;
    if (trieHasEdges[node] === 0 || at >= tokens.count || tokens.sentence[at] !== tokens.sentence[from]) return;
    const symbol = symbols[at]!;
    if (symbol >= 0) {
      const next = step(node, symbol);
      if (next !== 0) walk(next, from, at + 1);
    }
    for (let i = stemsFrom[at]!; i < stemsFrom[at + 1]!; i++) {
      const next = step(node, stems[i]!);
      if (next !== 0) walk(next, from, at + 1);
    }
  }

  function find(tokens: Tokens, story: number, languages: number, textOf: (token: number) => string): void {
    current = { tokens, story, languages, textOf };
    hits.count = 0;
    hits.leafCount = 0;
    stems = stems.length > 0 ? [] : stems;
    const { count, hash, unitStart, units } = tokens;
    if (symbols.length < count) {
      symbols = new Int32Array(count * 2);
      stemsFrom = new Int32Array(count * 2 + 1);
    }
    for (let token = 0; token < count; token++) {
      const from = unitStart[token]!;
      const to = unitStart[token + 1]!;
      symbols[token] = wordOf(hash[token]!, units, from, to);
      if (hasStems) {
        stemsFrom[token] = stems.length;
        if (to - from >= 3) addStems(units, from, to);
      }
    }
    stemsFrom[count] = stems.length;
    for (let token = 0; token < count; token++) {
      const symbol = symbols[token]!;
      if (symbol >= 0) {
        const node = firstNode[symbol]!;
        if (node !== 0) walk(node, token, token + 1);
      }
      if (hasStems) {
        for (let i = stemsFrom[token]!; i < stemsFrom[token + 1]!; i++) {
          const node = firstNode[stems[i]!]!;
          if (node !== 0) walk(node, token, token + 1);
        }
      }
    }
  }
  return { hits, find };
}

function sameUnits(a: Uint16Array, aFrom: number, aTo: number, b: Uint16Array, bFrom: number, bTo: number): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let i = aFrom, j = bFrom; i < aTo; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
