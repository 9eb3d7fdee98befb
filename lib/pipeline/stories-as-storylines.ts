import { matchRow } from './alert.ts';
import type { MatchRow, StoryStore } from './ports.ts';
import type { StorylineReader, StorylineRow } from './storyline-reader.ts';

/** Until storylines have their own rules, a storyline is one story: the matches, read as storylines. */
export function storiesAsStorylines(stories: Pick<StoryStore, 'get' | 'page'>): StorylineReader {
  return {
    async list({ keep, ...page }) {
      const found = await stories.page({ ...page, axis: { name: 'all' }, keep: (row) => keep(asStoryline(row)) });
      return { ...found, rows: found.rows.map(asStoryline) };
    },
    async get(id) {
      const story = await stories.get(id);
      return story === null || story.match === null ? null : asStoryline(matchRow({ ...story, match: story.match }));
    },
    async stories(id) {
      const story = await stories.get(id);
      const rows =
        story === null ? [] : [{ story: id, at: story.published, duplicateOf: null, reached: ['new' as const] }];
      return { rows, next: null };
    },
  };
}

function asStoryline(row: MatchRow): StorylineRow {
  const { id, title, published, outlet, lang, entities, events, priority, words } = row;
  return {
    ...{ id, title, opened: published, last: published, closed: published, stories: 1, outlets: [outlet], wires: [] },
    ...{ langs: [lang], entities, events, priority, states: ['new'], words },
  };
}
