import type { OpenStoryline, StorylineState } from './open-storyline.ts';
import type { StorylineSettings } from './settings.ts';
import type { StorylineStory } from './story-in.ts';

/** What one story does to the open storylines. */
export type StorylineDecision = {
  /** After the story. */
  readonly storyline: OpenStoryline;
  readonly isNew: boolean;
  /** The story this one is a copy of. */
  readonly duplicateOf: string | null;
  /** Reached by this very story. */
  readonly reached: readonly StorylineState[];
  /** Short plain reasons, for explain. */
  readonly why: readonly string[];
};

export type DecideStoryline = (
  open: readonly OpenStoryline[],
  story: StorylineStory,
  settings: StorylineSettings,
) => StorylineDecision;
