import type { Tokens } from '../text/tokens.ts';

/** Occurrences: `count` pairs from `from` on, first token and last token + 1; sorted, each once. */
export type List = { readonly from: number; readonly count: number };

// A bound for stories that are one word over and over; docs/watchlist.md names it.
const mostPlaces = 1 << 16;

export type PlaceLists = ReturnType<typeof placeLists>;

/** The lists of one story, in one array that is used again for the next, and what proximity makes of them. */
export function placeLists() {
  let places = new Int32Array(4_096);
  let top = 0;
  let tokens: Tokens;

  function begin(ofTokens: Tokens): void {
    tokens = ofTokens;
    top = 0;
  }

  function empty(): List {
    return { from: top, count: 0 };
  }

  /** Where a list begins that is pushed next. */
  function mark(): number {
    return top;
  }

  function at(place: number): number {
    return places[place]!;
  }

  function distinctStarts({ from, count }: List): number {
    let starts = 0;
    for (let i = 0; i < count; i++) if (i === 0 || places[from + 2 * i] !== places[from + 2 * i - 2]) starts++;
    return starts;
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

  function endOf(place: number): number {
    return tokens.positionEnd[places[place + 1]! - 1]!;
  }

  function near(left: List, right: List, reach: number, eitherOrder: boolean): List {
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

  function same(left: List, right: List): List {
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

  function between(child: List, first: number, last: number): List {
    const from = top;
    for (let i = child.from; i < child.from + 2 * child.count; i += 2) {
      if (places[i]! >= first && places[i + 1]! <= last) push(places[i]!, places[i + 1]!);
    }
    return close(from);
  }

  function inOneSentence(child: List): List {
    const from = top;
    for (let i = child.from; i < child.from + 2 * child.count; i += 2) {
      if (sentenceOf(i) >= 0) push(places[i]!, places[i + 1]!);
    }
    return close(from);
  }

  function atEdge(child: List, reach: number, fromStart: boolean): List {
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

  function outside(left: List, right: List): List {
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

  function joined(parts: readonly List[]): List {
    if (parts.length === 1) return parts[0]!;
    const from = top;
    for (const part of parts) {
      for (let i = 0; i < part.count; i++) push(places[part.from + 2 * i]!, places[part.from + 2 * i + 1]!);
    }
    return close(from);
  }

  /** The first pairs of a list, within a place if one is given. */
  function pairs(
    all: List,
    within: readonly [number, number] | null,
    most: number,
  ): readonly (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    const end = all.from + 2 * all.count;
    for (let i = within === null ? all.from : firstFrom(all, within[0]); i < end && found.length < most; i += 2) {
      if (within !== null && places[i]! >= within[1]) break;
      if (within === null || places[i + 1]! <= within[1]) found.push([places[i]!, places[i + 1]!]);
    }
    return found;
  }

  return {
    begin,
    empty,
    mark,
    at,
    push,
    close,
    distinctStarts,
    joined,
    near,
    same,
    outside,
    between,
    inOneSentence,
    atEdge,
    pairs,
  };
}
