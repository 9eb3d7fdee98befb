import type { Tokens } from '../text/tokens.ts';
import { type CompiledWatchlist, hangsOnSelf, nodeKind } from './compiled.ts';
import type { LeafHits } from './find-leaves.ts';
import type { StoryFacts } from './story-facts.ts';

/**
 * Evaluates nodes over one story. A list of occurrences is [from, to) of pairs in `places`: first token, last token + 1;
 * sorted, each once. Every node is evaluated at most once a story, unless it hangs on SELF.
 */
export type Evaluator = {
  begin(tokens: Tokens, story: number, facts: StoryFacts): void;
  truth(node: number): boolean;
  /** The first occurrences of a node, within a place if one is given, as pairs (first token, last token + 1). */
  occurrences(
    node: number,
    within: readonly [number, number] | null,
    most: number,
  ): readonly (readonly [number, number])[];
};

// Bounds for stories that are one word over and over; docs/watchlist.md names them.
const mostPlaces = 1 << 16;
const mostSelves = 2_000;

type List = { readonly from: number; readonly count: number };

export function evaluator(watchlist: CompiledWatchlist, hits: LeafHits): Evaluator {
  const { code, nodeAt } = watchlist.arrays;
  const nodeCount = nodeAt.length;
  const truthStory = new Int32Array(nodeCount);
  const truthValue = new Uint8Array(nodeCount);
  const listStory = new Int32Array(nodeCount);
  const listFrom = new Int32Array(nodeCount);
  const listCount = new Int32Array(nodeCount);
  let places = new Int32Array(4_096);
  let top = 0;
  let tokens: Tokens;
  let story = 0;
  let facts: StoryFacts;
  let self: readonly [number, number] | null = null;

  function begin(ofTokens: Tokens, ofStory: number, ofFacts: StoryFacts): void {
    tokens = ofTokens;
    story = ofStory;
    facts = ofFacts;
    top = 0;
    self = null;
  }

  function truth(node: number): boolean {
    const at = nodeAt[node]!;
    const kind = code[at]!;
    // Leaves are the common case and need no memory of their own.
    if (kind === nodeKind.leaf) return hits.seen[code[at + 1]!] === story;
    if ((kind & hangsOnSelf) !== 0) return computeTruth(node, at, kind & ~hangsOnSelf);
    if (truthStory[node] === story) return truthValue[node] === 1;
    const value = computeTruth(node, at, kind);
    truthStory[node] = story;
    truthValue[node] = value ? 1 : 0;
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
        return truth(code[at + 1]!) && distinctStarts(list(code[at + 1]!)) >= code[at + 2]!;
      case nodeKind.lang:
        return facts.lang !== '' && facts.lang === watchlist.strings[code[at + 1]!];
      case nodeKind.source:
        return isSource(watchlist.strings[code[at + 1]!]!, code[at + 2] === 1);
      case nodeKind.published:
        return isPublished(code[at + 1]!, code[at + 2]!);
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

  function distinctStarts({ from, count }: List): number {
    let starts = 0;
    for (let i = 0; i < count; i++) if (i === 0 || places[from + 2 * i] !== places[from + 2 * i - 2]) starts++;
    return starts;
  }

  function list(node: number): List {
    const at = nodeAt[node]!;
    const kind = code[at]!;
    if ((kind & hangsOnSelf) !== 0) return computeList(at, kind & ~hangsOnSelf);
    if (listStory[node] === story) return { from: listFrom[node]!, count: listCount[node]! };
    const made = computeList(at, kind);
    listStory[node] = story;
    listFrom[node] = made.from;
    listCount[node] = made.count;
    return made;
  }

  function push(start: number, end: number): void {
    if (top + 2 > places.length) {
      const grown = new Int32Array(places.length * 2);
      grown.set(places);
      places = grown;
    }
    places[top] = start;
    places[top + 1] = end;
    top += 2;
  }

  /** Closes a list that was pushed from `from` on: sorts it and drops what stands twice. */
  function close(from: number): List {
    const count = (top - from) / 2;
    if (!isSorted(from, count)) sortPlaces(from, count);
    let kept = from;
    for (let i = from; i < top; i += 2) {
      if (kept > from && places[kept - 2] === places[i] && places[kept - 1] === places[i + 1]) continue;
      places[kept] = places[i]!;
      places[kept + 1] = places[i + 1]!;
      kept += 2;
    }
    top = kept;
    return { from, count: Math.min((kept - from) / 2, mostPlaces) };
  }

  function isSorted(from: number, count: number): boolean {
    for (let i = from + 2; i < from + 2 * count; i += 2) {
      if (places[i]! < places[i - 2]! || (places[i] === places[i - 2] && places[i + 1]! < places[i - 1]!)) return false;
    }
    return true;
  }

  function sortPlaces(from: number, count: number): void {
    const pairs = new Float64Array(count);
    for (let i = 0; i < count; i++) pairs[i] = places[from + 2 * i]! * 0x8000000 + places[from + 2 * i + 1]!;
    pairs.sort();
    for (let i = 0; i < count; i++) {
      places[from + 2 * i] = Math.floor(pairs[i]! / 0x8000000);
      places[from + 2 * i + 1] = pairs[i]! % 0x8000000;
    }
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
        return nearList(list(code[at + 1]!), list(code[at + 2]!), code[at + 3]!, kind === nodeKind.near);
      case nodeKind.same:
        return sameList(list(code[at + 1]!), list(code[at + 2]!));
      case nodeKind.outside:
        return outsideList(list(code[at + 1]!), code[at + 2]!);
      case nodeKind.inField:
        return fieldList(list(code[at + 1]!), code[at + 2]!);
      case nodeKind.sentence:
        return sentenceList(list(code[at + 1]!));
      case nodeKind.each:
        return eachList(list(code[at + 1]!), code[at + 2]!, code[at + 3]!);
      case nodeKind.atleast: {
        const child = list(code[at + 1]!);
        return distinctStarts(child) >= code[at + 2]! ? child : { from: top, count: 0 };
      }
      case nodeKind.self: {
        const from = top;
        if (self !== null) push(self[0], self[1]);
        return close(from);
      }
      case nodeKind.start:
      case nodeKind.end:
        return edgeList(list(code[at + 1]!), code[at + 2]!, kind === nodeKind.start);
      case nodeKind.dateline:
        return datelineList();
      default:
        return { from: top, count: 0 };
    }
  }

  function leafList(leaf: number): List {
    const from = top;
    if (hits.seen[leaf] !== story) return { from, count: 0 };
    for (let hit = hits.first[leaf]!; hit >= 0; hit = hits.next[hit]!) push(hits.start[hit]!, hits.end[hit]!);
    return close(from);
  }

  function union(at: number, all: boolean): List {
    const end = at + 2 + code[at + 1]!;
    const parts: List[] = [];
    for (let i = at + 2; i < end; i++) {
      const child = code[i]!;
      if (!truth(child)) {
        if (all) return { from: top, count: 0 };
        continue;
      }
      const part = list(child);
      if (part.count > 0) parts.push(part);
    }
    if (parts.length === 1) return parts[0]!;
    const from = top;
    for (const part of parts) {
      for (let i = 0; i < part.count; i++) push(places[part.from + 2 * i]!, places[part.from + 2 * i + 1]!);
    }
    return close(from);
  }

  function endOf(place: number): number {
    return tokens.positionEnd[places[place + 1]! - 1]!;
  }

  function nearList(left: List, right: List, reach: number, eitherOrder: boolean): List {
    const from = top;
    ordered(left, right, reach);
    if (eitherOrder) ordered(right, left, reach);
    return close(from);
  }

  /** Pushes the pairs of a place on the left and one on the right that begins after it, at most `reach` away. */
  function ordered(left: List, right: List, reach: number): void {
    const rightEnd = right.from + 2 * right.count;
    const limit = top + 2 * mostPlaces * 4;
    for (let i = left.from; i < left.from + 2 * left.count && top < limit; i += 2) {
      const end = places[i + 1]!;
      const position = endOf(i);
      for (let j = firstFrom(right, end); j < rightEnd; j += 2) {
        const start = places[j]!;
        if (tokens.position[start]! - position > reach) break;
        push(places[i]!, places[j + 1]!);
      }
    }
  }

  /** The first pair whose start is at least `start`. */
  function firstFrom({ from, count }: List, start: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[from + 2 * middle]! < start) low = middle + 1;
      else high = middle;
    }
    return from + 2 * low;
  }

  /** The sentence that a place lies in, or -1 where it runs over more than one. */
  function sentenceOf(place: number): number {
    const sentence = tokens.sentence[places[place]!]!;
    return tokens.sentence[places[place + 1]! - 1] === sentence ? sentence : -1;
  }

  function sameList(left: List, right: List): List {
    const from = top;
    const limit = top + 2 * mostPlaces * 4;
    for (let i = left.from; i < left.from + 2 * left.count && top < limit; i += 2) {
      const sentence = sentenceOf(i);
      if (sentence < 0) continue;
      for (let j = right.from; j < right.from + 2 * right.count; j += 2) {
        if (sentenceOf(j) === sentence)
          push(Math.min(places[i]!, places[j]!), Math.max(places[i + 1]!, places[j + 1]!));
        else if (tokens.sentence[places[j]!]! > sentence) break;
      }
    }
    return close(from);
  }

  function outsideList(left: List, node: number): List {
    if (left.count === 0 || !truth(node)) return left;
    const right = list(node);
    const from = top;
    let j = right.from;
    const rightEnd = right.from + 2 * right.count;
    // Left places come by start, so what ended before one of them may still matter to none after it.
    for (let i = left.from; i < left.from + 2 * left.count; i += 2) {
      const start = places[i]!;
      const end = places[i + 1]!;
      while (j < rightEnd && places[j + 1]! <= start) j += 2;
      let touched = false;
      for (let k = j; k < rightEnd && places[k]! < end && !touched; k += 2) touched = places[k + 1]! > start;
      if (!touched) push(start, end);
    }
    return close(from);
  }

  function fieldList(child: List, field: number): List {
    const from = top;
    const first = facts.fieldStart[field]!;
    const last = facts.fieldStart[field + 1]!;
    for (let i = child.from; i < child.from + 2 * child.count; i += 2) {
      if (places[i]! >= first && places[i + 1]! <= last) push(places[i]!, places[i + 1]!);
    }
    return close(from);
  }

  function sentenceList(child: List): List {
    const from = top;
    for (let i = child.from; i < child.from + 2 * child.count; i += 2) {
      if (sentenceOf(i) >= 0) push(places[i]!, places[i + 1]!);
    }
    return close(from);
  }

  function eachList(base: List, withNode: number, notNode: number): List {
    const kept: number[] = [];
    const outer = self;
    for (let i = 0; i < Math.min(base.count, mostSelves); i++) {
      const start = places[base.from + 2 * i]!;
      const end = places[base.from + 2 * i + 1]!;
      if (inDateline(start)) continue;
      self = [start, end];
      if ((withNode === -1 || truth(withNode)) && (notNode === -1 || !truth(notNode))) kept.push(start, end);
    }
    self = outer;
    const from = top;
    for (let i = 0; i < kept.length; i += 2) push(kept[i]!, kept[i + 1]!);
    return close(from);
  }

  function inDateline(token: number): boolean {
    for (const field of [1, 2] as const) {
      const first = facts.fieldStart[field]!;
      // Datelines are short: most tokens lie beyond any.
      if (token >= first && token < first + 24 && token < facts.datelineEnd(field)) return true;
    }
    return false;
  }

  function edgeList(child: List, reach: number, fromStart: boolean): List {
    const from = top;
    for (let i = child.from; i < child.from + 2 * child.count; i += 2) {
      const away = fromStart ? wordsBefore(places[i]!, reach) : wordsAfter(places[i + 1]! - 1, reach);
      if (away <= reach) push(places[i]!, places[i + 1]!);
    }
    return close(from);
  }

  /** Half-words between the beginning of the sentence and a token; more than `reach` is not counted on. */
  function wordsBefore(token: number, reach: number): number {
    let first = token;
    const position = tokens.position[token]!;
    while (
      first > 0 &&
      tokens.sentence[first - 1] === tokens.sentence[token] &&
      position - tokens.position[first]! <= reach
    )
      first--;
    return position - tokens.position[first]!;
  }

  function wordsAfter(token: number, reach: number): number {
    let last = token;
    const position = tokens.positionEnd[token]!;
    while (
      last + 1 < tokens.count &&
      tokens.sentence[last + 1] === tokens.sentence[token] &&
      tokens.positionEnd[last]! - position <= reach
    )
      last++;
    return tokens.positionEnd[last]! - position;
  }

  function datelineList(): List {
    const from = top;
    for (const field of [1, 2] as const) {
      const end = facts.datelineEnd(field);
      if (end > facts.fieldStart[field]!) push(facts.fieldStart[field]!, end);
    }
    return close(from);
  }

  return {
    begin,
    truth,
    occurrences(node, within, most) {
      if (!truth(node)) return [];
      const all = list(node);
      const found: (readonly [number, number])[] = [];
      const end = all.from + 2 * all.count;
      for (let i = within === null ? all.from : firstFrom(all, within[0]); i < end && found.length < most; i += 2) {
        if (within !== null && places[i]! >= within[1]) break;
        if (within === null || places[i + 1]! <= within[1]) found.push([places[i]!, places[i + 1]!]);
      }
      return found;
    },
  };
}
