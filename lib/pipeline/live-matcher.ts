import type { Explained, Matched, MatchInput } from '../core/watchlist/matched.ts';
import type { RunningState } from '../core/watchlist/running.ts';

/** The live watchlist, ready to match, as the steps see it. */
export type LiveMatcher = {
  readonly version: string;
  /** `strictEvents` are those matched by their own rule, not because their story runs or by implication. */
  match(input: MatchInput): Matched & { readonly strictEvents: readonly string[] };
  /** What matched and what nearly did; looks at every rule. */
  explain(input: MatchInput): Explained;
  /** Lets a batch's own stories count at once towards which stories are running. */
  takeUp(running: RunningState): void;
  /** The display name of an entity or event; the id itself where the live version no longer has it. */
  nameOf(id: string): string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
};
