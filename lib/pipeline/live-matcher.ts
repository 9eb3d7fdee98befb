import type { Matched, MatchInput } from '../core/watchlist/matched.ts';

/** The live watchlist, ready to match, as the steps see it. */
export type LiveMatcher = {
  readonly version: string;
  match(input: MatchInput): Matched;
  /** The display name of an entity or event; the id itself where the live version no longer has it. */
  nameOf(id: string): string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
};
