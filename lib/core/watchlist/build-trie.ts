import { hashOf } from '../text/tokens.ts';
import type { CompiledArrays } from './compiled.ts';
import type { Pattern } from './word-item.ts';

export type TrieArrays = Pick<
  CompiledArrays,
  | 'wordTable'
  | 'wordUnitStart'
  | 'wordUnits'
  | 'stemTable'
  | 'shortestStem'
  | 'stemUnitStart'
  | 'stemUnits'
  | 'stemFilter'
  | 'firstNode'
  | 'edgeTable'
  | 'edgeFrom'
  | 'edgeSymbol'
  | 'edgeTo'
  | 'trieHasEdges'
  | 'trieOutStart'
  | 'outLeaf'
  | 'outLanguages'
  | 'outCapitals'
  | 'capitals'
>;

export type TrieBuilder = {
  /** Makes the pattern find the leaf, in stories whose language is among the bits. */
  add(pattern: Pattern, leaf: number, languages: number): void;
  build(): TrieArrays;
};

type Output = { readonly leaf: number; languages: number; readonly capitals: readonly number[] | null };

/** Collects the patterns of all leaves in one trie over words, and lays it out in typed arrays. */
export function trieBuilder(): TrieBuilder {
  const words = new Map<string, number>();
  const stems = new Map<string, number>();
  // Words take even symbols and stems odd ones until all are known.
  const children: Map<number, number>[] = [new Map()];
  const outputs: Output[][] = [[]];
  const symbolOf = (word: string, prefix: boolean): number => {
    const table = prefix ? stems : words;
    const found = table.get(word) ?? table.size;
    table.set(word, found);
    return found * 2 + (prefix ? 1 : 0);
  };
  return {
    add(pattern, leaf, languages) {
      let node = 0;
      for (const { word, prefix } of pattern) {
        // A character that is a word of its own has nothing that could follow it within the word.
        const symbol = symbolOf(word, prefix && word.length > 2);
        let next = children[node]!.get(symbol);
        if (next === undefined) {
          next = children.length;
          children.push(new Map());
          outputs.push([]);
          children[node]!.set(symbol, next);
        }
        node = next;
      }
      const capitals = pattern.some((word) => word.capitals >= 0) ? pattern.map((word) => word.capitals) : null;
      const same = outputs[node]!.find(
        (output) => output.leaf === leaf && String(output.capitals) === String(capitals),
      );
      if (same === undefined) outputs[node]!.push({ leaf, languages, capitals });
      else same.languages |= languages;
    },
    build: () => ({
      ...named('word', stringTable([...words.keys()])),
      ...named('stem', stringTable([...stems.keys()])),
      stemFilter: stemFilter([...stems.keys()], shortestOf([...stems.keys()])),
      shortestStem: Int32Array.of(shortestOf([...stems.keys()])),
      ...trieArrays(children, outputs, words.size, stems.size),
    }),
  };
}

/** The symbol of a word is its place in its table; stems follow all words. */
function finalSymbol(symbol: number, wordCount: number): number {
  return symbol % 2 === 0 ? symbol / 2 : wordCount + (symbol - 1) / 2;
}

type StringTable = {
  readonly table: Int32Array;
  readonly unitStart: Int32Array;
  readonly units: Uint16Array;
};

function named<P extends 'word' | 'stem'>(name: P, table: StringTable) {
  return {
    [`${name}Table`]: table.table,
    [`${name}UnitStart`]: table.unitStart,
    [`${name}Units`]: table.units,
  } as Record<`${P}Table` | `${P}UnitStart`, Int32Array> & Record<`${P}Units`, Uint16Array>;
}

function stringTable(strings: readonly string[]): StringTable {
  const hash = Int32Array.from(strings, hashOf);
  const unitStart = new Int32Array(strings.length + 1);
  for (const [i, text] of strings.entries()) unitStart[i + 1] = unitStart[i]! + text.length;
  const units = new Uint16Array(unitStart[strings.length]!);
  for (const [i, text] of strings.entries()) {
    for (let j = 0; j < text.length; j++) units[unitStart[i]! + j] = text.charCodeAt(j);
  }
  const table = new Int32Array(2 * tableSize(strings.length));
  for (let i = 0; i < strings.length; i++) insert(table, hash[i]!, i + 1);
  return { table, unitStart, units };
}

function tableSize(entries: number): number {
  let size = 16;
  while (size < entries * 1.7) size *= 2;
  return size;
}

/** Slots are pairs: id (from 1) and hash, side by side, so that a miss costs one look. */
function insert(table: Int32Array, hash: number, value: number): void {
  const mask = table.length / 2 - 1;
  let slot = spread(hash) & mask;
  while (table[2 * slot] !== 0) slot = (slot + 1) & mask;
  table[2 * slot] = value;
  table[2 * slot + 1] = hash;
}

/** Brings the high bits down: the table looks at the low ones. */
export function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

export function edgeHash(from: number, symbol: number): number {
  return Math.imul(from, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
}

function shortestOf(stems: readonly string[]): number {
  return stems.reduce((least, stem) => Math.min(least, stem.length), 31);
}

/**
 * By the hash of as many units as the shortest stem has: which lengths stems have that begin so, as bits (31 for more).
 * Most words of a story end here.
 */
function stemFilter(stems: readonly string[], shortest: number): Int32Array {
  const filter = new Int32Array(tableSize(Math.max(stems.length, 64) * 8));
  for (const stem of stems) {
    const slot = spread(hashOf(stem.slice(0, shortest))) & (filter.length - 1);
    filter[slot] = filter[slot]! | (1 << Math.min(stem.length, 31));
  }
  return filter;
}

function trieArrays(
  children: readonly Map<number, number>[],
  outputs: readonly Output[][],
  wordCount: number,
  stemCount: number,
) {
  const firstNode = new Int32Array(wordCount + stemCount);
  for (const [symbol, node] of children[0]!) firstNode[finalSymbol(symbol, wordCount)] = node;
  const edges = children.flatMap((row, from) =>
    from === 0 ? [] : [...row].map(([symbol, to]) => ({ from, symbol: finalSymbol(symbol, wordCount), to })),
  );
  const edgeTable = new Int32Array(2 * tableSize(edges.length));
  for (const [i, edge] of edges.entries()) insert(edgeTable, edgeHash(edge.from, edge.symbol), i + 1);
  const trieOutStart = new Int32Array(outputs.length + 1);
  for (const [node, row] of outputs.entries()) trieOutStart[node + 1] = trieOutStart[node]! + row.length;
  const flat = outputs.flat();
  const capitals: number[] = [];
  const outCapitals = Int32Array.from(flat, (output) => {
    if (output.capitals === null) return -1;
    capitals.push(...output.capitals);
    return capitals.length - output.capitals.length;
  });
  return {
    firstNode,
    edgeTable,
    edgeFrom: Int32Array.from(edges, (edge) => edge.from),
    edgeSymbol: Int32Array.from(edges, (edge) => edge.symbol),
    edgeTo: Int32Array.from(edges, (edge) => edge.to),
    trieHasEdges: Uint8Array.from(children, (row) => (row.size > 0 ? 1 : 0)),
    trieOutStart,
    outLeaf: Int32Array.from(flat, (output) => output.leaf),
    outLanguages: Int32Array.from(flat, (output) => output.languages),
    outCapitals,
    capitals: Int32Array.from(capitals),
  };
}
