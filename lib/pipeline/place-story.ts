import { decideStoryline } from '../core/storyline/decide-storyline.ts';
import type { OpenStoryline } from '../core/storyline/open-storyline.ts';
import type { StorylineSettings } from '../core/storyline/settings.ts';
import { newShelf, type Shelf } from '../core/storyline/shelf.ts';
import type { StorylineStory } from '../core/storyline/story-in.ts';
import type { StoredMatch, StoredStory } from './ports/story-store.ts';
import type { KeptStoryline, Placed, StorylineStore } from './ports/storyline-store.ts';

export type PlaceDeps = {
  readonly storylines: StorylineStore;
  readonly settings: StorylineSettings;
  /** Waits so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** 0 to 1, for taking turns with other deciders. */
  readonly random: () => number;
};

export type MatchedStory = StoredStory & { readonly match: StoredMatch };

/** A story's place, and its storyline with the story in it. */
export type Place = { readonly placed: Placed; readonly kept: KeptStoryline };

export type PlaceStory = (story: MatchedStory, isWire: boolean) => Promise<Place>;

/** With a pause that doubles to a second, half a minute of losing to others. */
const mostTries = 40;
const mostWords = 8;

/**
 * Places stories in storylines, each once, however often and by however many it is asked; under a new title a story is
 * placed again, in the storyline where it lies. The stories of one process take turns; of two processes that decide at
 * the same time the later reads again and decides again.
 */
export function storyPlacer(deps: PlaceDeps): PlaceStory {
  let turns: Promise<unknown> = Promise.resolve();
  const shelves = lastShelf();
  return (story, isWire) => {
    const turn = turns.then(() => placeStory(story, isWire, shelves, deps));
    turns = turn.catch(() => {});
    return turn;
  };
}

async function placeStory(story: MatchedStory, isWire: boolean, shelves: LastShelf, deps: PlaceDeps): Promise<Place> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { storylines, revision } = await deps.storylines.open();
    const before = await placedBefore(story, deps.storylines);
    if (before !== null && (before.placed.title === titleOf(story) || before.kept.closed !== null)) return before;
    const place =
      before === null
        ? firstPlace(storylines, shelves.at(revision, storylines), story, isWire, deps)
        : placeAgain(before, story, isWire, deps);
    const { placed, kept: storyline } = place;
    const placement = { story: story.id, seen: story.seen, placed, storyline, isRevision: before !== null };
    if (await deps.storylines.place(placement, revision)) {
      shelves.placed(revision, storyline.storyline);
      return place;
    }
    await deps.pause(deps.random() * Math.min(1_000, 10 * 2 ** tries));
  }
  throw new Error(`story ${story.id}: others placed stories each time it was to be placed`);
}

async function placedBefore(story: MatchedStory, storylines: StorylineStore): Promise<Place | null> {
  const placed = await storylines.placed(story.id);
  if (placed === null) return null;
  const kept = await storylines.get(placed.storyline);
  if (kept === null) throw new Error(`story ${story.id} lies in storyline ${placed.storyline}, which is not there`);
  return { placed, kept };
}

/** The open storylines, ready to be looked up, as they stood at the revision named last. */
type LastShelf = {
  at(revision: number, open: readonly KeptStoryline[]): Shelf;
  /** One more was placed, upon that revision. */
  placed(revision: number, storyline: OpenStoryline): void;
};

/** Whoever places alone goes on with the shelf of the story before, and need not make it anew of all that is open. */
function lastShelf(): LastShelf {
  let last: { readonly revision: number; readonly shelf: Shelf } | null = null;
  return {
    at(revision, open) {
      if (last?.revision !== revision) last = { revision, shelf: newShelf(open.map(({ storyline }) => storyline)) };
      return last.shelf;
    },
    placed(revision, storyline) {
      if (last?.revision !== revision) return;
      last.shelf.put(storyline);
      last = { revision: revision + 1, shelf: last.shelf };
    },
  };
}

function firstPlace(
  open: readonly KeptStoryline[],
  shelf: Shelf,
  story: MatchedStory,
  isWire: boolean,
  { settings }: PlaceDeps,
): Place {
  const { storyline, duplicateOf, reached, why } = decideStoryline(shelf, toStorylineStory(story, isWire), settings);
  const matched = open.find((kept) => kept.storyline.id === storyline.id)?.matched ?? [];
  return {
    placed: { storyline: storyline.id, title: titleOf(story), duplicateOf, reached, why },
    kept: { storyline, matched: withWords(matched, story), closed: null },
  };
}

/** What its new words do to the storyline; they never take it out. */
function placeAgain({ placed, kept }: Place, story: MatchedStory, isWire: boolean, { settings }: PlaceDeps): Place {
  const decision = decideStoryline([kept.storyline], toStorylineStory(story, isWire), settings);
  const title = titleOf(story);
  if (decision.isNew) return { placed: { ...placed, title }, kept };
  const reached = [...new Set([...placed.reached, ...decision.reached])];
  return {
    placed: { ...placed, title, reached, why: [...new Set([...placed.why, ...decision.why])] },
    // It was counted when it came.
    kept: {
      ...kept,
      storyline: { ...decision.storyline, stories: kept.storyline.stories },
      matched: withWords(kept.matched, story),
    },
  };
}

function withWords(before: readonly string[], story: MatchedStory): readonly string[] {
  const words = story.match.evidence.map(({ text }) => text.slice(0, 40).toWellFormed());
  return [...new Set([...before, ...words])].slice(0, mostWords);
}

function titleOf({ title }: MatchedStory): string {
  return title.slice(0, 200).toWellFormed();
}

function toStorylineStory(story: MatchedStory, isWire: boolean): StorylineStory {
  const { id, title, summary, url, lang, outlet, published } = story;
  const { entities, events, priority } = story.match;
  return {
    ...{ id, title, summary, url, lang, outlet, published },
    ...{ source: story.feed, wire: isWire, entities, events, priority },
    named: story.match.evidence.filter(({ target }) => entities.includes(target)).map(({ text }) => text),
  };
}
