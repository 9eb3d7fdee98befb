import { decideStoryline } from '../core/storyline/decide-storyline.ts';
import type { StorylineSettings } from '../core/storyline/settings.ts';
import type { StorylineStory } from '../core/storyline/story-in.ts';
import type { KeptStoryline, Placed, StoredMatch, StoredStory, StorylineStore } from './ports.ts';

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
 * Places stories in storylines, each once, however often and by however many it is asked. The stories of one process take
 * turns; of two processes that decide at the same time the later reads again and decides again.
 */
export function storyPlacer(deps: PlaceDeps): PlaceStory {
  let turns: Promise<unknown> = Promise.resolve();
  return (story, isWire) => {
    const turn = turns.then(() => placeStory(story, isWire, deps));
    turns = turn.catch(() => {});
    return turn;
  };
}

async function placeStory(story: MatchedStory, isWire: boolean, deps: PlaceDeps): Promise<Place> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await placedBefore(story, deps.storylines);
    if (before !== null) return before;
    const { storylines, revision } = await deps.storylines.open();
    const place = decidePlace(storylines, toStorylineStory(story, isWire), story, deps.settings);
    const { placed, kept: storyline } = place;
    if (await deps.storylines.place({ story: story.id, seen: story.seen, placed, storyline }, revision)) return place;
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

function decidePlace(
  open: readonly KeptStoryline[],
  input: StorylineStory,
  story: MatchedStory,
  settings: StorylineSettings,
): Place {
  const decision = decideStoryline(
    open.map(({ storyline }) => storyline),
    input,
    settings,
  );
  const { storyline, duplicateOf, reached, why } = decision;
  const before = open.find((kept) => kept.storyline.id === storyline.id);
  const words = [
    ...(before?.matched ?? []),
    ...story.match.evidence.map(({ text }) => text.slice(0, 40).toWellFormed()),
  ];
  return {
    placed: { storyline: storyline.id, duplicateOf, reached, why },
    kept: { storyline, matched: [...new Set(words)].slice(0, mostWords), closed: null },
  };
}

function toStorylineStory(story: MatchedStory, isWire: boolean): StorylineStory {
  const { id, title, summary, url, lang, outlet, published } = story;
  const { entities, events, priority } = story.match;
  return {
    id,
    title,
    summary,
    url,
    lang,
    outlet,
    published,
    source: story.feed,
    wire: isWire,
    entities,
    events,
    priority,
  };
}
