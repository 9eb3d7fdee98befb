import type { StorylineStory } from '../../../lib/core/storyline/story-in.ts';

const start = Date.UTC(2026, 2, 2, 9);
let made = 0;

/** A story for a test: a title, and what of the rest matters. `minute` counts from the morning of one day. */
export function storyOf(
  title: string,
  rest: Partial<StorylineStory> & { readonly minute?: number } = {},
): StorylineStory {
  const { minute = 0, ...fields } = rest;
  made += 1;
  return {
    id: `story-${made}`,
    title,
    summary: '',
    url: null,
    lang: 'en',
    source: '',
    outlet: '',
    wire: false,
    published: new Date(start + minute * 60_000).toISOString(),
    entities: [],
    events: [],
    priority: 'normal',
    ...fields,
  };
}
