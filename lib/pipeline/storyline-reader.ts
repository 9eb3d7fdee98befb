import type { StorylineState } from '../core/storyline/storyline-state.ts';
import type { Priority } from '../core/watchlist/matched.ts';

/** A storyline as lists show it. Times are ISO 8601 in UTC. */
export type StorylineRow = {
  readonly id: string;
  readonly title: string;
  readonly opened: string;
  /** Its newest activity. */
  readonly last: string;
  readonly closed: string | null;
  readonly stories: number;
  readonly outlets: readonly string[];
  /** The agencies whose copies it holds. */
  readonly wires: readonly string[];
  readonly langs: readonly string[];
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly priority: Priority;
  /** What it has come to, in order. */
  readonly states: readonly StorylineState[];
  readonly words: readonly string[];
};

/** What the questions about storylines read. */
export type StorylineReader = {
  /** Open ones and those closed within the window, newest activity first, paged by an opaque key. */
  list(page: {
    readonly since: string;
    readonly until: string;
    readonly cursor: string | null;
    readonly limit: number;
    readonly readAtMost: number;
    keep(row: StorylineRow): boolean;
  }): Promise<{ readonly rows: readonly StorylineRow[]; readonly next: string | null; readonly read: number }>;
  get(id: string): Promise<StorylineRow | null>;
  /** A page of its stories in order of time, the newest page first. */
  stories(
    id: string,
    page: { readonly cursor: string | null; readonly limit: number },
  ): Promise<{ readonly rows: readonly StorylineStoryRow[]; readonly next: string | null }>;
};

export type StorylineStoryRow = {
  readonly story: string;
  readonly at: string;
  readonly duplicateOf: string | null;
  /** The states to which it brought the storyline. */
  readonly reached: readonly StorylineState[];
};
