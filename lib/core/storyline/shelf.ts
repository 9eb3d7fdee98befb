import { backgroundWeight } from './background-words.ts';
import { type Wording, wordingOf } from './copies.ts';
import type { KnownText, OpenStoryline } from './open-storyline.ts';
import { termsOf } from './terms.ts';

type Ready = { readonly wording: Wording; readonly terms: readonly string[] };

/** A wording, ready to be compared. */
export type ShelvedText = { readonly known: KnownText; readonly wording: Wording; readonly terms: readonly string[] };

/** An open storyline, ready to be compared. The last four are scratch for one search. */
export type Shelved = {
  storyline: OpenStoryline;
  texts: readonly ShelvedText[];
  counts: ReadonlyMap<string, number>;
  openedMs: number;
  lastMs: number;
  search: number;
  dot: number;
  mass: number;
  squares: number;
};

/** The open storylines by their words, wordings, pages and events: what a story is looked up in. */
export type Shelf = {
  readonly size: () => number;
  /** Puts a storyline, in the place of the one with its id. */
  readonly put: (storyline: OpenStoryline) => void;
  readonly drop: (id: string) => void;
  readonly all: () => readonly OpenStoryline[];
  /** How much a stem says now: its weight by the rarity of the open storylines that hold it. */
  readonly weightOf: (stem: string) => number;
  /** What a stem says that no open storyline holds. */
  readonly rarest: () => number;
  readonly holding: (stem: string) => ReadonlySet<Shelved>;
  /** A number that no search before had. */
  readonly nextSearch: () => number;
  /** What was read of the story at hand, whose words will be put next. */
  readonly note: (reading: Ready) => void;
  readonly byWords: (key: string) => ReadonlySet<Shelved>;
  readonly byPage: (page: string) => ReadonlySet<Shelved>;
  readonly byEvent: (event: string) => ReadonlySet<Shelved>;
};

/**
 * As if so many more storylines were open: with few of them a word that stands in two is no frequent word yet. Found by
 * trial, as all constants of the likeness; docs/storylines.md.
 */
const unseen = 200;
const nobody: ReadonlySet<Shelved> = new Set();

/** A shelf for the storylines given. It changes by `put` and `drop` alone; one serves one run. */
export function newShelf(open: readonly OpenStoryline[] = []): Shelf {
  let lastRead: Ready | null = null;
  const shelved = new Map<string, Shelved>();
  const stems = new Map<string, Set<Shelved>>();
  const keys = new Map<string, Set<Shelved>>();
  const pages = new Map<string, Set<Shelved>>();
  const events = new Map<string, Set<Shelved>>();

  const put = (storyline: OpenStoryline): void => {
    const old = shelved.get(storyline.id);
    const now = old ?? emptyEntry(storyline);
    if (old === undefined) shelved.set(storyline.id, now);
    const { storyline: oldStoryline, texts: oldTexts, counts: oldCounts } = now;
    const isFresh = old === undefined;
    now.storyline = storyline;
    now.openedMs = timeOf(storyline.opened);
    now.lastMs = timeOf(storyline.last);
    if (isFresh || oldStoryline.words !== storyline.words) {
      now.counts = new Map(storyline.words);
      if (!isFresh) for (const stem of oldCounts.keys()) if (!now.counts.has(stem)) remove(stems, stem, now);
      for (const stem of now.counts.keys()) if (isFresh || !oldCounts.has(stem)) add(stems, stem, now);
    }
    if (isFresh || oldStoryline.texts !== storyline.texts) putTexts(now, oldTexts, storyline.texts);
    if (isFresh || oldStoryline.events !== storyline.events) {
      if (!isFresh) for (const [event] of oldStoryline.events) remove(events, event, now);
      for (const [event] of storyline.events) add(events, event, now);
    }
  };
  /** Both lists hold what they share in the same order: one walk finds what left and what is new. */
  const putTexts = (entry: Shelved, before: readonly ShelvedText[], texts: readonly KnownText[]): void => {
    let at = 0;
    entry.texts = texts.map((known) => {
      let same = at;
      while (same < before.length && before[same]!.known.words !== known.words) same++;
      if (same === before.length) {
        add(keys, known.words, entry);
        if (known.page !== '') add(pages, known.page, entry);
        return readyText(known, lastRead);
      }
      for (; at < same; at++) removeText(before[at]!.known, entry);
      at = same + 1;
      const ready = before[same]!;
      return ready.known === known ? ready : { ...ready, known };
    });
    for (; at < before.length; at++) removeText(before[at]!.known, entry);
  };
  const removeText = (known: KnownText, entry: Shelved): void => {
    remove(keys, known.words, entry);
    if (known.page !== '') remove(pages, known.page, entry);
  };
  const drop = (id: string): void => {
    const entry = shelved.get(id);
    if (entry === undefined) return;
    shelved.delete(id);
    for (const stem of entry.counts.keys()) remove(stems, stem, entry);
    for (const { known } of entry.texts) removeText(known, entry);
    for (const [event] of entry.storyline.events) remove(events, event, entry);
  };
  const rarest = (): number => logOf(unseen + shelved.size);
  const weightOf = (stem: string): number => {
    const rarity = rarest() - logOf(1 + (stems.get(stem)?.size ?? 0));
    return rarity > 0 ? rarity * backgroundWeight(stem) : 0;
  };
  let searches = 0;
  const nextSearch = (): number => {
    searches += 1;
    return searches;
  };
  for (const storyline of open) put(storyline);
  return {
    size: () => shelved.size,
    put,
    drop,
    all: () => [...shelved.values()].map(({ storyline }) => storyline),
    weightOf,
    rarest,
    holding: (stem) => stems.get(stem) ?? nobody,
    nextSearch,
    note: (reading) => {
      lastRead = reading;
    },
    byWords: (key) => keys.get(key) ?? nobody,
    byPage: (page) => pages.get(page) ?? nobody,
    byEvent: (event) => events.get(event) ?? nobody,
  };
}

const logs = Float64Array.from({ length: 4_096 }, (_, count) => Math.log(count));

/** The logarithm of a count, looked up: this is asked for every word of every storyline that changes. */
function logOf(count: number): number {
  return count < logs.length ? logs[count]! : Math.log(count);
}

function emptyEntry(storyline: OpenStoryline): Shelved {
  return { storyline, texts: [], counts: new Map(), openedMs: 0, lastMs: 0, search: 0, dot: 0, mass: 0, squares: 0 };
}

/** The story that was read last is mostly the one whose words are put: they need not be taken apart again. */
function readyText(known: KnownText, read: Ready | null): ShelvedText {
  if (read !== null && read.wording.key === known.words) {
    return { known, wording: { ...read.wording, isCut: known.isCut }, terms: read.terms };
  }
  const words = known.words.split(' ');
  return { known, wording: { ...wordingOf(words), isCut: known.isCut }, terms: termsOf(words) };
}

function add(index: Map<string, Set<Shelved>>, key: string, entry: Shelved): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, new Set([entry]));
  else entries.add(entry);
}

function remove(index: Map<string, Set<Shelved>>, key: string, entry: Shelved): void {
  const entries = index.get(key);
  entries?.delete(entry);
  if (entries?.size === 0) index.delete(key);
}

function timeOf(iso: string): number {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? 0 : time;
}
