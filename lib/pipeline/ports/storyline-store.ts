import type { OpenStoryline } from '../../core/storyline/open-storyline.ts';
import type { StorylineState } from '../../core/storyline/storyline-state.ts';
import type { AxisQuery } from './story-store.ts';

/** Where a story was placed, and what it did there. */
export type Placed = {
  readonly storyline: string;
  /** Its title when it was placed, cut: under another it is placed again. */
  readonly title: string;
  /** The story it is a copy of. */
  readonly duplicateOf: string | null;
  /** States that this very story brought. */
  readonly reached: readonly StorylineState[];
  /** Short plain reasons. */
  readonly why: readonly string[];
};

/** A storyline as it is kept: what grouping needs, and what readers of lists see beside it. */
export type KeptStoryline = {
  readonly storyline: OpenStoryline;
  /** Words of its stories that matched, at most eight. */
  readonly matched: readonly string[];
  /** When it closed; null while stories may still join. */
  readonly closed: string | null;
};

/** Open storylines have one revision together, so that of two who decide at the same time the later decides again. */
export type StorylineStore = {
  open(): Promise<{ readonly storylines: readonly KeptStoryline[]; readonly revision: number }>;
  /** How a story was placed; null where it was not yet. */
  placed(story: string): Promise<Placed | null>;
  /**
   * All or nothing. False where anything was placed or closed since the revision was read, or the story was placed
   * already; of a revision, where it was not.
   */
  place(placement: Placement, readRevision: number): Promise<boolean>;
  /** False where anything was placed or closed since the revision was read. */
  close(storyline: KeptStoryline, at: string, readRevision: number): Promise<boolean>;
  get(id: string): Promise<KeptStoryline | null>;
  /** Open and closed ones by their latest story, newest first. */
  list(query: Omit<AxisQuery, 'axis' | 'keep'> & { readonly keep: (kept: KeptStoryline) => boolean }): Promise<{
    readonly rows: readonly KeptStoryline[];
    readonly next: string | null;
    readonly read: number;
  }>;
};

export type Placement = {
  readonly story: string;
  /** When the story was seen: its rows expire so long after. */
  readonly seen: string;
  readonly placed: Placed;
  readonly storyline: KeptStoryline;
  /** The story was placed before under another title. */
  readonly isRevision: boolean;
};
