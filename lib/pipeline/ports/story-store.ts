import type { Story } from '../../core/story.ts';
import type { StorylineState } from '../../core/storyline/storyline-state.ts';
import type { Matched, Priority } from '../../core/watchlist/matched.ts';

/** A story as it is stored: with its match, and whether somebody may be told. */
export type StoredStory = Story & {
  readonly match: StoredMatch | null;
  /** False for a seed, and for what was already old when it was first seen. */
  readonly tell: boolean;
  /** Set while the match waits to be filed and told; the time it began to wait. */
  readonly undecidedSince: string | null;
  /** Earlier titles, oldest first. */
  readonly revisions: readonly { readonly at: string; readonly title: string }[];
  /** The feed batch that found it, for following one story through the logs. */
  readonly trace: string;
};

export type StoredMatch = Matched & { readonly watchlist: string };

/** What a list of matches shows. */
export type MatchRow = {
  readonly id: string;
  readonly storyline: string;
  /** The story it is a copy of. */
  readonly duplicateOf: string | null;
  /** The states to which it brought its storyline. */
  readonly reached: readonly StorylineState[];
  readonly title: string;
  readonly url: string | null;
  readonly source: string;
  readonly outlet: string;
  readonly lang: string;
  readonly published: string;
  readonly seen: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly priority: Priority;
  /** The words that matched, at most six. */
  readonly words: readonly string[];
  readonly summary: string;
};

export type Axis =
  | { readonly name: 'all' }
  | { readonly name: 'entity' | 'event' | 'source' | 'lang' | 'storyline'; readonly value: string };

export type AxisPage = {
  readonly rows: readonly MatchRow[];
  /** Where the next page begins, or null at the end of the window. */
  readonly next: string | null;
  /** Rows read to make this page. */
  readonly read: number;
};

export type StoryStore = {
  /** Says that these were stored, so that a replay finds them. `by` tells arrivals of one instant apart. */
  announce(by: string, at: string, ids: readonly string[]): Promise<void>;
  /** False where the id is already there. */
  putNew(story: StoredStory): Promise<boolean>;
  /** Does nothing where the story has the title already and neither a target nor the right to be told is gained. */
  revise(id: string, revision: StoryRevision): Promise<void>;
  addSighting(id: string, feed: string, seen: string): Promise<void>;
  get(id: string): Promise<StoredStory | null>;
  /** Files a match under each of its axes. */
  file(row: MatchRow): Promise<void>;
  /** Ends the wait that began at `undecidedSince`; a wait begun later goes on. */
  decided(id: string, undecidedSince: string): Promise<void>;
  undecided(before: string, limit: number): Promise<readonly StoredStory[]>;
  page(query: AxisQuery): Promise<AxisPage>;
  /** What was announced on a day (`2026-11-24`), oldest first; of a page, what was at or after `from` (`<at>#<by>`). */
  arrivals(day: string, page?: { readonly from: string; readonly limit: number }): Promise<readonly Arrivals[]>;
};

export type Arrivals = {
  readonly at: string;
  readonly by: string;
  readonly ids: readonly string[];
  /** Of the first layout, which were written by one feed's poll before it stored: what they name counts only where it did. */
  readonly isPromise: boolean;
};

export type StoryRevision = {
  readonly at: string;
  readonly title: string;
  readonly summary: string;
  readonly match: StoredMatch | null;
  /** Whether somebody may be told from now on; false keeps a seed silent. */
  readonly tell: boolean;
  /** Whether the new text has to be filed and decided. */
  readonly undecided: boolean;
};

export type AxisQuery = {
  readonly axis: Axis;
  readonly since: string;
  readonly until: string;
  readonly cursor: string | null;
  readonly limit: number;
  /** The most rows read for one page. */
  readonly readAtMost: number;
  readonly keep: (row: MatchRow) => boolean;
};
