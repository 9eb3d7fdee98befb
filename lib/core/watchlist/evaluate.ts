import type { Tokens } from '../text/tokens.ts';
import { type CompiledWatchlist, hangsOnRunning, hangsOnSelf, kindMask, nodeKind } from './compiled.ts';
import type { LeafHits } from './find-leaves.ts';
import { type List, placeLists } from './place-lists.ts';
import type { StoryFacts } from './story-facts.ts';

/** Evaluates nodes over one story. Every node is evaluated at most once a story, unless it hangs on SELF. */
export type Evaluator = {
  begin(tokens: Tokens, story: number, facts: StoryFacts): void;
  truth(node: number): boolean;
  /** Whether the node would be true if no story ran. */
  truthIfNothingRan(node: number): boolean;
  /** The first occurrences of a node, within a place if one is given, as pairs (first token, last token + 1). */
  occurrences(
    node: number,
    within: readonly [number, number] | null,
    most: number,
  ): readonly (readonly [number, number])[];
};

// A bound for stories that are one word over and over; docs/watchlist.md names it.
const mostSelves = 2_000;

export function evaluator(watchlist: CompiledWatchlist, hits: LeafHits): Evaluator {
  const { code, nodeAt } = watchlist.arrays;
  const nodeCount = nodeAt.length;
  const truthStory = new Int32Array(nodeCount);
  const truthValue = new Uint8Array(nodeCount);
  const listStory = new Int32Array(nodeCount);
  const listFrom = new Int32Array(nodeCount);
  const listCount = new Int32Array(nodeCount);
  const places = placeLists();
  let story = 0;
  let facts: StoryFacts;
  let self: readonly [number, number] | null = null;
  let nothingRuns = false;

  function begin(ofTokens: Tokens, ofStory: number, ofFacts: StoryFacts): void {
    story = ofStory;
    facts = ofFacts;
    places.begin(ofTokens);
    self = null;
  }

  function truth(node: number): boolean {
    const at = nodeAt[node]!;
    const kind = code[at]!;
    // Leaves are the common case and need no memory of their own.
    if (kind === nodeKind.leaf) return hits.seen[code[at + 1]!] === story;
    if ((kind & hangsOnSelf) !== 0) return computeTruth(node, at, kind & kindMask);
    const reading = readingOf(kind);
    if (truthStory[node] === reading) return truthValue[node] === 1;
    const value = computeTruth(node, at, kind & kindMask);
    truthStory[node] = reading;
    truthValue[node] = value ? 1 : 0;
    return value;
  }

  /** What a value is kept under: the story, negative where it was read as if nothing ran and that may matter. */
  function readingOf(kind: number): number {
    return nothingRuns && (kind & hangsOnRunning) !== 0 ? -story : story;
  }

  function truthIfNothingRan(node: number): boolean {
    if ((code[nodeAt[node]!]! & hangsOnRunning) === 0) return truth(node);
    nothingRuns = true;
    const value = truth(node);
    nothingRuns = false;
    return value;
  }

  function computeTruth(node: number, at: number, kind: number): boolean {
    switch (kind) {
      case nodeKind.never:
        return false;
      case nodeKind.or: {
        const end = at + 2 + code[at + 1]!;
        for (let i = at + 2; i < end; i++) if (truth(code[i]!)) return true;
        return false;
      }
      case nodeKind.and: {
        const end = at + 2 + code[at + 1]!;
        for (let i = at + 2; i < end; i++) if (!truth(code[i]!)) return false;
        return true;
      }
      case nodeKind.not:
        return !truth(code[at + 1]!);
      case nodeKind.near:
      case nodeKind.onear:
      case nodeKind.same:
        return truth(code[at + 1]!) && truth(code[at + 2]!) && list(node).count > 0;
      case nodeKind.outside:
      case nodeKind.each:
      case nodeKind.inField:
      case nodeKind.sentence:
      case nodeKind.start:
      case nodeKind.end:
        return truth(code[at + 1]!) && list(node).count > 0;
      case nodeKind.atleast:
        return truth(code[at + 1]!) && places.distinctStarts(list(code[at + 1]!)) >= code[at + 2]!;
      case nodeKind.lang:
        return facts.lang !== '' && facts.lang === watchlist.strings[code[at + 1]!];
      case nodeKind.source:
        return isSource(watchlist.strings[code[at + 1]!]!, code[at + 2] === 1);
      case nodeKind.published:
        return isPublished(code[at + 1]!, code[at + 2]!);
      case nodeKind.running:
        return !nothingRuns && facts.running(watchlist.strings[code[at + 1]!]!, code[at + 2]!, code[at + 3]!) !== null;
      case nodeKind.self:
        return self !== null;
      default:
        return list(node).count > 0;
    }
  }

  function isPublished(first: number, last: number): boolean {
    const minute = facts.minute();
    return minute !== null && minute >= first && minute <= last;
  }

  function isSource(wanted: string, isBeginning: boolean): boolean {
    return facts.source !== '' && (isBeginning ? facts.source.startsWith(wanted) : facts.source === wanted);
  }

  function list(node: number): List {
    const at = nodeAt[node]!;
    const kind = code[at]!;
    if ((kind & hangsOnSelf) !== 0) return computeList(at, kind & kindMask);
    const reading = readingOf(kind);
    if (listStory[node] === reading) return { from: listFrom[node]!, count: listCount[node]! };
    const made = computeList(at, kind & kindMask);
    listStory[node] = reading;
    listFrom[node] = made.from;
    listCount[node] = made.count;
    return made;
  }

  function computeList(at: number, kind: number): List {
    switch (kind) {
      case nodeKind.leaf:
        return leafList(code[at + 1]!);
      case nodeKind.or:
        return union(at, false);
      case nodeKind.and:
        return union(at, true);
      case nodeKind.near:
      case nodeKind.onear:
        return places.near(list(code[at + 1]!), list(code[at + 2]!), code[at + 3]!, kind === nodeKind.near);
      case nodeKind.same:
        return places.same(list(code[at + 1]!), list(code[at + 2]!));
      case nodeKind.outside:
        return outside(list(code[at + 1]!), code[at + 2]!);
      case nodeKind.inField:
        return inField(list(code[at + 1]!), code[at + 2]!);
      case nodeKind.sentence:
        return places.inOneSentence(list(code[at + 1]!));
      case nodeKind.each:
        return eachList(list(code[at + 1]!), code[at + 2]!, code[at + 3]!);
      case nodeKind.atleast: {
        const child = list(code[at + 1]!);
        return places.distinctStarts(child) >= code[at + 2]! ? child : places.empty();
      }
      case nodeKind.self: {
        const from = places.mark();
        if (self !== null) places.push(self[0], self[1]);
        return places.close(from);
      }
      case nodeKind.start:
      case nodeKind.end:
        return places.atEdge(list(code[at + 1]!), code[at + 2]!, kind === nodeKind.start);
      case nodeKind.dateline:
        return datelineList();
      default:
        return places.empty();
    }
  }

  function leafList(leaf: number): List {
    const from = places.mark();
    if (hits.seen[leaf] !== story) return places.empty();
    for (let hit = hits.first[leaf]!; hit >= 0; hit = hits.next[hit]!) places.push(hits.start[hit]!, hits.end[hit]!);
    return places.close(from);
  }

  function union(at: number, all: boolean): List {
    const end = at + 2 + code[at + 1]!;
    const parts: List[] = [];
    for (let i = at + 2; i < end; i++) {
      const child = code[i]!;
      if (!truth(child)) {
        if (all) return places.empty();
        continue;
      }
      const part = list(child);
      if (part.count > 0) parts.push(part);
    }
    return places.joined(parts);
  }

  function inField(child: List, field: number): List {
    return places.between(child, facts.fieldStart[field]!, facts.fieldStart[field + 1]!);
  }

  function outside(left: List, node: number): List {
    return left.count === 0 || !truth(node) ? left : places.outside(left, list(node));
  }

  function eachList(base: List, withNode: number, notNode: number): List {
    const kept: number[] = [];
    const outer = self;
    for (let i = 0; i < Math.min(base.count, mostSelves); i++) {
      const start = places.at(base.from + 2 * i);
      const end = places.at(base.from + 2 * i + 1);
      if (inDateline(start)) continue;
      self = [start, end];
      if ((withNode === -1 || truth(withNode)) && (notNode === -1 || !truth(notNode))) kept.push(start, end);
    }
    self = outer;
    const from = places.mark();
    for (let i = 0; i < kept.length; i += 2) places.push(kept[i]!, kept[i + 1]!);
    return places.close(from);
  }

  function inDateline(token: number): boolean {
    for (const field of [1, 2] as const) {
      const first = facts.fieldStart[field]!;
      // Datelines are short: most tokens lie beyond any.
      if (token >= first && token < first + 24 && token < facts.datelineEnd(field)) return true;
    }
    return false;
  }

  function datelineList(): List {
    const from = places.mark();
    for (const field of [1, 2] as const) {
      const end = facts.datelineEnd(field);
      if (end > facts.fieldStart[field]!) places.push(facts.fieldStart[field]!, end);
    }
    return places.close(from);
  }

  return {
    begin,
    truth,
    truthIfNothingRan,
    occurrences(node, within, most) {
      if (!truth(node)) return [];
      return places.pairs(list(node), within, most);
    },
  };
}
