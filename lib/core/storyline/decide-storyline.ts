import type { OpenStoryline } from './open-storyline.ts';
import type { StorylineSettings } from './settings.ts';
import type { StorylineStory } from './story-in.ts';
import type { StorylineState } from './storyline-state.ts';

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

// INTEGRATE
export const decideStoryline: DecideStoryline = (open, story) => {
  const same = open.find(({ title }) => title === story.title);
  const outlets = [...new Set([...(same?.outlets ?? []), story.outlet])].sort();
  const states = same === undefined ? ['new' as const] : same.states;
  const reached =
    same === undefined
      ? ['new' as const]
      : outlets.length >= 3 && !states.includes('corroborated')
        ? ['corroborated' as const]
        : [];
  const base = same ?? {
    id: story.id,
    opened: story.published,
    last: story.published,
    stories: 0,
    title: story.title,
    outlets: [],
    wires: [],
    langs: [story.lang],
    entities: [],
    events: [],
    priority: story.priority,
    states: [],
    texts: [],
    words: [],
    wordings: 1,
    figures: [],
    earlierOutlets: [],
    earlierWires: [],
  };
  return {
    storyline: {
      ...base,
      stories: base.stories + 1,
      outlets,
      states: [...new Set([...states, ...reached])],
      last: story.published > base.last ? story.published : base.last,
    },
    isNew: same === undefined,
    duplicateOf: same?.id ?? null,
    reached,
    why: [],
  };
};
