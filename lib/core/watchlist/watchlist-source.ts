import type { Priority } from './matched.ts';
import type { Query } from './query-node.ts';

/** The watchlist as its author wrote it: read and checked, not yet compiled. docs/watchlist.md says what it means. */
export type WatchlistSource = {
  /** Names at the end of a title after a dash that are not matched. */
  readonly publishers: readonly string[];
  readonly entities: Readonly<Record<string, EntitySource>>;
  readonly terms: Readonly<Record<string, WordList>>;
  readonly events: Readonly<Record<string, EventSource>>;
  /** By the event they speak of; most events have none. */
  readonly weights: Readonly<Record<string, EventWeights>>;
};

export type WordList = {
  readonly items: readonly WordItem[];
  /** Its occurrences join those of the items. */
  readonly query: Query | null;
};

/** One line of a word list; `lang` is a primary BCP 47 tag, or `any`. */
export type WordItem = { readonly text: string; readonly lang: string };

export type EntitySource = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly aliases: WordList;
  readonly ambiguous: readonly AmbiguousSource[];
  readonly phrases: WordList;
  readonly standsFor: WordList;
};

export type AmbiguousSource = { readonly alias: WordList; readonly with: Query | null; readonly not: Query | null };

export type EventSource = {
  readonly id: string;
  readonly name: string;
  readonly priority: Priority;
  readonly when: Query;
  readonly whileRunning: Query | null;
  readonly running: { readonly outlets: number; readonly withinHours: number };
  readonly unless: Query | null;
  readonly party: Query | null;
  readonly implies: readonly { readonly event: string; readonly if: Query | null }[];
  readonly escalators: readonly { readonly to: Priority; readonly when: Query }[];
};

/**
 * What was learnt from labelled stories about one event: a logistic model over clauses, its own rule among them. An event
 * that has one holds from the likelihood `needs` on, or, where its own rule holds, from `keeps` on.
 */
export type EventWeights = {
  /** Likelihoods, between 0 and 1. */
  readonly needs: number;
  readonly keeps: number;
  /** The sum where no clause holds, in log-odds as all weights are. */
  readonly bias: number;
  /** What it weighs that the event's own rules, or another event's implication, hold. */
  readonly rule: number;
  readonly clauses: readonly { readonly when: Query; readonly weight: number }[];
};

export const priorities: readonly Priority[] = ['low', 'normal', 'high', 'critical'];
