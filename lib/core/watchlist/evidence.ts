import { type CompiledWatchlist, hangsOnRunning, hangsOnSelf, kindMask, nodeKind } from './compiled.ts';
import type { Evaluator } from './evaluate.ts';

type Place = readonly [number, number];

export type ClauseEvidence = {
  readonly clause: string;
  readonly places: readonly Place[];
  /** The nodes of `running:` that the clause leans on; none where it would hold without. */
  readonly running: readonly number[];
};

// What a reader looks at; a story that says "Iran" two hundred times is quoted enough by these.
const mostPlaces = 24;
// Parts of one OR that are told; the first say enough.
const mostParts = 3;

export type EvidenceCollector = {
  /** For a rule that matched, the words behind each of its clauses: the leaves inside what satisfied it. */
  readonly ofRule: (rule: number) => readonly ClauseEvidence[];
  readonly placesOf: (node: number) => readonly Place[];
};

export function evidenceCollector(watchlist: CompiledWatchlist, evaluate: Evaluator): EvidenceCollector {
  const { code, nodeAt, ruleClauseStart, clauseNode, clauseText, partStart, partNode, partText } = watchlist.arrays;

  function collect(node: number, within: Place | null, into: Map<string, Place>): void {
    if (into.size >= mostPlaces) return;
    const at = nodeAt[node]!;
    const kind = code[at]! & kindMask;
    if (kind === nodeKind.or || kind === nodeKind.and) {
      const end = at + 2 + code[at + 1]!;
      for (let i = at + 2; i < end; i++)
        if (kind === nodeKind.and || evaluate.truth(code[i]!)) collect(code[i]!, within, into);
      return;
    }
    if (kind === nodeKind.not || kind === nodeKind.self) return;
    for (const place of evaluate.occurrences(node, within, mostPlaces)) {
      if (into.size >= mostPlaces) return;
      const isWhole = kind === nodeKind.leaf || kind === nodeKind.each;
      if (isWhole) {
        into.set(place.join(), place);
        continue;
      }
      const isPair = kind === nodeKind.near || kind === nodeKind.onear || kind === nodeKind.same;
      collect(code[at + 1]!, place, into);
      if (isPair) collect(code[at + 2]!, place, into);
    }
  }

  function placesOf(node: number): readonly Place[] {
    const found = new Map<string, Place>();
    collect(node, null, found);
    return [...found.values()];
  }

  /** The true `running:` nodes of what holds, where it would not hold without them. */
  function collectRunning(node: number, into: Set<number>): void {
    const at = nodeAt[node]!;
    const flags = code[at]!;
    if ((flags & hangsOnRunning) === 0 || (flags & hangsOnSelf) !== 0) return;
    if (!evaluate.truth(node) || evaluate.truthIfNothingRan(node)) return;
    const kind = flags & kindMask;
    if (kind === nodeKind.running) into.add(node);
    else if (kind === nodeKind.or || kind === nodeKind.and) {
      const end = at + 2 + code[at + 1]!;
      for (let i = at + 2; i < end; i++) collectRunning(code[i]!, into);
    } else if (kind !== nodeKind.not && kind !== nodeKind.each) {
      collectRunning(code[at + 1]!, into);
      const isPair = kind === nodeKind.near || kind === nodeKind.onear || kind === nodeKind.same;
      if (isPair) collectRunning(code[at + 2]!, into);
    }
  }

  function runningOf(node: number): readonly number[] {
    const found = new Set<number>();
    collectRunning(node, found);
    return [...found];
  }

  const told = (node: number, text: number): ClauseEvidence => ({
    clause: watchlist.clauseTexts[text]!,
    places: placesOf(node),
    running: runningOf(node),
  });

  /** A clause, or where it is an OR, those of its parts that hold; first those that need no running story. */
  function ofClause(clause: number): readonly ClauseEvidence[] {
    const parts = Array.from({ length: partStart[clause + 1]! - partStart[clause]! }, (_, i) => partStart[clause]! + i);
    const holding = parts.filter((part) => evaluate.truth(partNode[part]!));
    const alone = holding.filter((part) => evaluate.truthIfNothingRan(partNode[part]!));
    const shown = (alone.length > 0 ? alone : holding).map((part) => told(partNode[part]!, partText[part]!));
    const withWords = shown.filter(({ places }) => places.length > 0).slice(0, mostParts);
    return withWords.length > 0 ? withWords : [told(clauseNode[clause]!, clauseText[clause]!)];
  }

  function ofRule(rule: number): readonly ClauseEvidence[] {
    const clauses: ClauseEvidence[] = [];
    // A clause of running: alone has no words: what it leans on is told with those of the others.
    const wordless: number[] = [];
    for (let i = ruleClauseStart[rule]!; i < ruleClauseStart[rule + 1]!; i++) {
      for (const row of ofClause(i)) {
        if (row.places.length > 0) clauses.push(row);
        else wordless.push(...row.running);
      }
    }
    return wordless.length === 0
      ? clauses
      : clauses.map((row) => ({ ...row, running: [...new Set([...row.running, ...wordless])] }));
  }
  return { ofRule, placesOf };
}
