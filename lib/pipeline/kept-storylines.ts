import type { Store } from './ports/store.ts';
import type { MatchRow } from './ports/story-store.ts';
import type { KeptStoryline } from './ports/storyline-store.ts';
import type { StorylineReader, StorylineRow } from './storyline-reader.ts';

/** The stored storylines as questions see them. */
export function keptStorylines({ storylines, stories }: Pick<Store, 'storylines' | 'stories'>): StorylineReader {
  return {
    async list({ keep, ...page }) {
      const found = await storylines.list({ ...page, keep: (kept) => keep(toRow(kept)) });
      return { ...found, rows: found.rows.map(toRow) };
    },
    async get(id) {
      const kept = await storylines.get(id);
      return kept === null ? null : toRow(kept);
    },
    async stories(id, { cursor, limit }) {
      const kept = await storylines.get(id);
      if (kept === null) return { rows: [], next: null };
      const { opened, last } = kept.storyline;
      const page = await stories.page({
        axis: { name: 'storyline', value: id },
        ...{ since: opened, until: last, cursor, limit, readAtMost: limit + 1, keep: () => true },
      });
      return { rows: page.rows.toReversed().map(toMember), next: page.next };
    },
  };
}

function toRow({ storyline, matched, closed }: KeptStoryline): StorylineRow {
  const { id, title, opened, last, stories, outlets, wires, langs, priority, states } = storyline;
  const names = (counted: readonly (readonly [string, number])[]) => counted.map(([name]) => name);
  return {
    ...{ id, title, opened, last, closed, stories, outlets, wires, langs, priority, states },
    ...{ entities: names(storyline.entities), events: names(storyline.events), words: matched },
  };
}

function toMember({ id, published, duplicateOf, reached }: MatchRow) {
  return { story: id, at: published, duplicateOf, reached };
}
