import type { Priority } from './matched.ts';

/** What a node of a compiled query is; `code[nodeAt[n]]` holds it, and the arguments follow. */
export const nodeKind = {
  never: 0,
  /** leaf */
  leaf: 1,
  /** count, nodes … */
  or: 2,
  /** count, nodes … */
  and: 3,
  /** node */
  not: 4,
  /** left, right, half-words */
  near: 5,
  /** left, right, half-words */
  onear: 6,
  /** left, right */
  same: 7,
  /** left, right */
  outside: 8,
  /** node, count */
  atleast: 9,
  /** node, field */
  inField: 10,
  /** string: a primary language tag */
  lang: 11,
  /** string (folded), 1 where it is only the beginning */
  source: 12,
  /** first and last minute since 1970 */
  published: 13,
  self: 14,
  /** node, half-words: its occurrences that far from the beginning of their sentence */
  start: 15,
  /** node, half-words: the same from the end */
  end: 16,
  dateline: 17,
  /** base, with or -1, not or -1: the occurrences of the base in the right company */
  each: 18,
  /** node: its occurrences that lie in one sentence */
  sentence: 19,
  /** string: an event; outlets; hours: its story runs so strongly */
  running: 20,
} as const;

/** Set beside the kind where the value hangs on SELF and cannot be kept from one occurrence to the next. */
export const hangsOnSelf = 64;
/** Set beside the kind where the value hangs on which stories run, and may be another one if none did. */
export const hangsOnRunning = 128;
/** The kind without what is set beside it. */
export const kindMask = 63;

export const ruleKind = { entity: 0, event: 1, whileRunning: 2 } as const;

export type Target = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'entity' | 'event';
  readonly priority: Priority;
};

/** What an event has beyond its rule; kept only for events that have any of it. Nodes are -1 where there is none. */
export type EventExtras = {
  readonly target: number;
  readonly running: { readonly rule: number; readonly outlets: number; readonly withinHours: number } | null;
  readonly implies: readonly { readonly target: number; readonly node: number }[];
  readonly escalators: readonly { readonly to: Priority; readonly node: number }[];
};

export type WeighedClause = {
  readonly node: number;
  readonly weight: number;
  readonly text: string;
  /** Whether it has words and speaks for the event, so that it can add one. */
  readonly speaks: boolean;
};

/** An event's model: see EventWeights in watchlist-source.ts. */
export type WeighedEvent = {
  readonly target: number;
  readonly needs: number;
  readonly keeps: number;
  readonly bias: number;
  readonly rule: number;
  readonly clauses: readonly WeighedClause[];
};

/** Everything matching needs, as numbers in typed arrays, so that it loads as it lies in its buffer. */
export type CompiledWatchlist = {
  readonly targets: readonly Target[];
  readonly extras: readonly EventExtras[];
  readonly weighed: readonly WeighedEvent[];
  readonly languages: readonly string[];
  readonly publishers: readonly string[];
  /** Language tags and sources that conditions name. */
  readonly strings: readonly string[];
  /** Clauses as their author wrote them, for evidence. */
  readonly clauseTexts: readonly string[];
  readonly arrays: CompiledArrays;
};

export type CompiledArrays = {
  // Words: an open-addressing table of pairs, id (from 1) and hash.
  readonly wordTable: Int32Array;
  readonly wordUnitStart: Int32Array;
  readonly wordUnits: Uint16Array;
  // Beginnings of words (`missile*`); their symbols follow those of the words.
  readonly stemTable: Int32Array;
  /** One number: the units of the shortest stem. */
  readonly shortestStem: Int32Array;
  readonly stemUnitStart: Int32Array;
  readonly stemUnits: Uint16Array;
  /** By the hash of so many units: the lengths of the stems that begin so, as bits. */
  readonly stemFilter: Int32Array;
  // Phrases: a trie over symbols; node 0 is none.
  readonly firstNode: Int32Array;
  readonly edgeTable: Int32Array;
  readonly edgeFrom: Int32Array;
  readonly edgeSymbol: Int32Array;
  readonly edgeTo: Int32Array;
  readonly trieHasEdges: Uint8Array;
  readonly trieOutStart: Int32Array;
  readonly outLeaf: Int32Array;
  readonly outLanguages: Int32Array;
  /** Where the capitals of the pattern stand in `capitals`, or -1 where case is free. */
  readonly outCapitals: Int32Array;
  readonly capitals: Int32Array;
  // Queries.
  readonly code: Int32Array;
  readonly nodeAt: Int32Array;
  // Rules: node, target, kind (0 entity, 1 event, 2 while running), clause range.
  readonly ruleNode: Int32Array;
  readonly ruleTarget: Int32Array;
  readonly ruleKind: Uint8Array;
  readonly ruleClauseStart: Int32Array;
  readonly clauseNode: Int32Array;
  readonly clauseText: Int32Array;
  // The parts of a clause that is an OR: range, node, text.
  readonly partStart: Int32Array;
  readonly partNode: Int32Array;
  readonly partText: Int32Array;
  // Anchors: the rules to look at when a leaf occurs, with another leaf that must occur too, or -1.
  readonly anchorStart: Int32Array;
  readonly anchorRule: Int32Array;
  readonly anchorGuard: Int32Array;
  /** Rules that no leaf anchors: looked at for every story. */
  readonly unanchored: Int32Array;
};
