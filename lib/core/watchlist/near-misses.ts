import { type CompiledWatchlist, kindMask, nodeKind, ruleKind } from './compiled.ts';
import type { Evaluator } from './evaluate.ts';
import { evidenceCollector } from './evidence.ts';
import type { NearMiss } from './matched.ts';
import { clauseText, weigh, weighedText } from './weigh.ts';

const most = 20;
const mostClauses = 6;
const ruleNames = ['alias', 'when', 'while_running'] as const;

/** The rules of targets that did not match although some of their clauses hold, fewest failures first. */
export function nearMisses(
  watchlist: CompiledWatchlist,
  evaluate: Evaluator,
  matched: ReadonlySet<string>,
  wordsAt: (place: readonly [number, number]) => string,
): readonly NearMiss[] {
  const { arrays } = watchlist;
  const { placesOf } = evidenceCollector(watchlist, evaluate);
  const textOf = (clause: number) => watchlist.clauseTexts[arrays.clauseText[clause]!]!;
  const wordsOf = (node: number) => [...new Set(placesOf(node).map(wordsAt))].slice(0, 6);
  const misses: NearMiss[] = [];
  for (let rule = 0; rule < arrays.ruleNode.length; rule++) {
    const target = watchlist.targets[arrays.ruleTarget[rule]!]!.id;
    if (matched.has(target)) continue;
    const clauses = Array.from(
      { length: arrays.ruleClauseStart[rule + 1]! - arrays.ruleClauseStart[rule]! },
      (_, i) => arrays.ruleClauseStart[rule]! + i,
    );
    if (arrays.ruleKind[rule] === ruleKind.entity) {
      misses.push(...ambiguousMisses(target, clauses));
      continue;
    }
    const held = clauses.filter((clause) => evaluate.truth(arrays.clauseNode[clause]!));
    const told = held.map((clause) => ({ clause: textOf(clause), words: wordsOf(arrays.clauseNode[clause]!) }));
    // What is merely not there (NOT a) holds in every story and makes no near miss.
    const failed = clauses.filter((clause) => !held.includes(clause)).map(textOf);
    if (failed.length > 0 && told.some(({ words }) => words.length > 0))
      misses.push({ target, rule: ruleNames[arrays.ruleKind[rule]!]!, held: told, failed });
  }
  misses.push(...weighedMisses());
  return misses.sort((a, b) => a.failed.length - b.failed.length || b.held.length - a.held.length).slice(0, most);

  /** Events that were weighed too light, though at least half of what they need speaks for them. */
  function weighedMisses(): readonly NearMiss[] {
    return watchlist.weighed.flatMap((event) => {
      const target = watchlist.targets[event.target]!.id;
      const weighed = weigh(event, isByRule(event.target), evaluate);
      if (matched.has(target) || weighed.likelihood < weighed.needed / 2) return [];
      const held = weighed.clauses.slice(0, mostClauses).map((clause) => ({
        clause: clauseText(clause),
        words: wordsOf(clause.node),
      }));
      return [{ target, rule: 'weights' as const, held, failed: [weighedText(weighed)] }];
    });
  }

  function isByRule(target: number): boolean {
    return arrays.ruleTarget.some(
      (of, rule) => of === target && arrays.ruleKind[rule] === ruleKind.event && evaluate.truth(arrays.ruleNode[rule]!),
    );
  }

  /** Ambiguous aliases that occur without the company they need. */
  function ambiguousMisses(target: string, clauses: readonly number[]): readonly NearMiss[] {
    return clauses.flatMap((clause) => {
      const at = arrays.nodeAt[arrays.clauseNode[clause]!]!;
      if ((arrays.code[at]! & kindMask) !== nodeKind.each) return [];
      const words = wordsOf(arrays.code[at + 1]!);
      return words.length === 0
        ? []
        : [{ target, rule: 'alias' as const, held: [{ clause: 'ambiguous alias', words }], failed: [textOf(clause)] }];
    });
  }
}
