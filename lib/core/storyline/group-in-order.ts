import { closeSilent } from './close-silent.ts';
import { decideStoryline, type StorylineDecision } from './decide-storyline.ts';
import { type StorylineSettings, storylineSettings } from './settings.ts';
import { newShelf } from './shelf.ts';
import type { StorylineStory } from './story-in.ts';

/** What a run over a file may hold in memory: many more open storylines, each with many more wordings, than a row may. */
export const inMemory: StorylineSettings = {
  ...storylineSettings,
  maxOpen: 20_000,
  mergeFrom: 0.32,
  limits: { texts: 48, words: 30, names: 64, bytes: Number.POSITIVE_INFINITY },
};

const closeEvery = 500;
const minuteMs = 60_000;

/** Counted from here where nothing is dated. */
const someTimeMs = Date.UTC(2000, 0, 1);

/**
 * Decides stories one after the other as they were published, closing what falls silent. A story without a date that
 * can be read is taken to have come a minute after the one before it.
 */
export function* groupInOrder(
  stories: Iterable<StorylineStory>,
  settings: StorylineSettings = inMemory,
): Generator<StorylineDecision> {
  const shelf = newShelf();
  let lastMs = someTimeMs;
  let newestMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const story of stories) {
    const published = Date.parse(story.published);
    const isDated = !Number.isNaN(published);
    lastMs = isDated ? published : lastMs + minuteMs;
    newestMs = Math.max(newestMs, lastMs);
    const dated = isDated ? story : { ...story, published: new Date(lastMs).toISOString() };
    const decision = decideStoryline(shelf, dated, settings);
    for (const id of decision.absorbed) shelf.drop(id);
    shelf.put(decision.storyline);
    yield decision;
    count++;
    if (count % closeEvery !== 0) continue;
    for (const { id } of closeSilent(shelf.all(), new Date(newestMs).toISOString(), settings).closed) shelf.drop(id);
  }
}

/** What became of each absorbed storyline, as decisions tell it: follows a name to the storyline it is part of now. */
export function storylineNames(): {
  readonly note: (decision: StorylineDecision) => void;
  readonly now: (id: string) => string;
} {
  const partOf = new Map<string, string>();
  return {
    note: ({ absorbed, storyline }) => {
      for (const id of absorbed) partOf.set(id, storyline.id);
    },
    now: (id) => {
      let name = id;
      for (let next = partOf.get(name); next !== undefined; next = partOf.get(name)) name = next;
      return name;
    },
  };
}
