import { type CompiledWatchlist, hangsOnSelf, nodeKind } from './compiled.ts';
import type { Evaluator } from './evaluate.ts';

type Place = readonly [number, number];

export type ClauseEvidence = { readonly clause: string; readonly places: readonly Place[] };

// What a reader looks at; a story that says "Iran" two hundred times is quoted enough by these.
const mostPlaces = 24;

export type EvidenceCollector = {
  /** For a rule that matched, the words behind each of its clauses: the leaves inside what satisfied it. */
  readonly ofRule: (rule: number) => readonly ClauseEvidence[];
  readonly placesOf: (node: number) => readonly Place[];
};

export function evidenceCollector(watchlist: CompiledWatchlist, evaluate: Evaluator): EvidenceCollector {
  const { code, nodeAt, ruleClauseStart, clauseNode, clauseText } = watchlist.arrays;

  function collect(node: number, within: Place | null, into: Map<string, Place>): void {
    if (into.size >= mostPlaces) return;
    const at = nodeAt[node]!;
    const kind = code[at]! & ~hangsOnSelf;
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

  function ofRule(rule: number): readonly ClauseEvidence[] {
    const clauses: ClauseEvidence[] = [];
    for (let i = ruleClauseStart[rule]!; i < ruleClauseStart[rule + 1]!; i++) {
      const places = placesOf(clauseNode[i]!);
      if (places.length > 0) clauses.push({ clause: watchlist.clauseTexts[clauseText[i]!]!, places });
    }
    return clauses;
  }
  return { ofRule, placesOf };
}
