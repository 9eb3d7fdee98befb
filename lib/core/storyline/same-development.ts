import type { OpenStoryline } from './open-storyline.ts';
import type { StorylineSettings } from './settings.ts';
import type { StorylineStory } from './story-in.ts';

/** What the watchlist found in a story and in a storyline, side by side. */
export type Compared = {
  /** Both tell of the same events and of no other. */
  readonly sameEvents: boolean;
  /** The story tells of no event that the storyline has not. */
  readonly noNewEvent: boolean;
  /** Both tell of events, and of none together. */
  readonly apart: boolean;
  readonly sharedEvents: number;
  readonly sharedEntities: number;
  /** The shared share of all entities of both, 0 to 1. */
  readonly overlap: number;
  /** The shared share of the smaller side's entities, 0 to 1. */
  readonly held: number;
};

export function compareFound(story: StorylineStory, storyline: OpenStoryline): Compared {
  const events = storyline.events.map(([id]) => id);
  const entities = storyline.entities.map(([id]) => id);
  const sharedEvents = story.events.filter((id) => events.includes(id)).length;
  const sharedEntities = story.entities.filter((id) => entities.includes(id)).length;
  const all = story.entities.length + entities.length - sharedEntities;
  const noNewEvent = sharedEvents === story.events.length && (sharedEvents > 0 || events.length === 0);
  return {
    sameEvents: noNewEvent && sharedEvents === events.length,
    noNewEvent,
    apart: story.events.length > 0 && events.length > 0 && sharedEvents === 0,
    sharedEvents,
    sharedEntities,
    overlap: all === 0 ? 0 : sharedEntities / all,
    held: sharedEntities / Math.max(1, Math.min(story.entities.length, entities.length)),
  };
}

/** So many shared events and entities, on the same events alone, name one development and hardly a second. */
const sureTargets = 4;
const likelyTargets = 3;
/** Of both sides' entities; or all of the smaller side's, if they are many. */
const nearlyAll = 0.75;
const manyEntities = 4;

/**
 * How surely the watchlist's findings alone say that both tell of one development: the same events, and nearly the same
 * entities. `sure` from four targets on; with three ("two states and a war") it may as well be the next strike.
 */
export function surenessOf(compared: Compared): 'sure' | 'likely' | null {
  const { sameEvents, sharedEvents, sharedEntities, overlap, held } = compared;
  if (!sameEvents || sharedEvents === 0) return null;
  if (overlap < nearlyAll && !(held === 1 && sharedEntities >= manyEntities)) return null;
  const targets = sharedEvents + sharedEntities;
  if (targets >= sureTargets) return 'sure';
  return targets >= likelyTargets ? 'likely' : null;
}

/**
 * How like the words of a story and a storyline have to be. A story that tells of what is watched is asked for more than
 * one of which nothing is known: in a stream of stories about two states the names say little, and who is told of a
 * storyline once must not miss a second development in it. What brings a new event is a new development unless the words
 * are nearly the same; what shares no event with the storyline is another one.
 */
export function likenessAsked(story: StorylineStory, storyline: OpenStoryline, settings: StorylineSettings): number {
  if (story.events.length + story.entities.length === 0) return settings.joinFrom;
  const compared = compareFound(story, storyline);
  const { watched } = settings;
  if (compared.apart) return watched.apart;
  if (!compared.noNewEvent) return watched.newEvent;
  return surenessOf(compared) === 'sure' ? watched.sure : watched.noNewEvent;
}
