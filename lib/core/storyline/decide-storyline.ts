import { acrossLanguages } from './across-languages.ts';
import { isCopy } from './copies.ts';
import { openStoryline, withAbsorbed, withCopy, withWording } from './join-storyline.ts';
import { fadingOf, isOlder, likenessOfTwo, mostLike } from './likeness.ts';
import { deniesOrCorrects } from './marks.ts';
import type { OpenStoryline } from './open-storyline.ts';
import { isHigher } from './priorities.ts';
import { type Reading, readStory } from './reading.ts';
import type { StorylineSettings } from './settings.ts';
import { newShelf, type Shelf, type Shelved } from './shelf.ts';
import type { StorylineStory } from './story-in.ts';
import type { StorylineState } from './storyline-state.ts';

/** What one story does to the open storylines. */
export type StorylineDecision = {
  /** After the story. */
  readonly storyline: OpenStoryline;
  readonly isNew: boolean;
  /** The story this one is a copy of. */
  readonly duplicateOf: string | null;
  /** Ids of open storylines that became part of this one with this story: they are to be closed. */
  readonly absorbed: readonly string[];
  /** Reached by this very story. */
  readonly reached: readonly StorylineState[];
  /** Short plain reasons, for explain. */
  readonly why: readonly string[];
};

/**
 * Which storyline a story belongs to, and what that does to it. Pure: the open storylines go in, one of them comes out
 * with the story in it, or a new one. docs/storylines.md says how it is decided.
 *
 * Promise: copies of one text (the same words, entities, events and priority) that come within a few minutes give one
 * storyline with the same stories, words, outlets, wires, figures and states, in whatever order they come. Only its `id`
 * and `title`, and whom `duplicateOf` names, are those of the copy that came first.
 */
export function decideStoryline(
  open: readonly OpenStoryline[] | Shelf,
  story: StorylineStory,
  settings: StorylineSettings,
): StorylineDecision {
  const shelf = isShelf(open) ? open : newShelf(open);
  const reading = readStory(story);
  const home = homeOf(shelf, reading, settings);
  if (home === null) {
    const storyline = openStoryline(reading, shelf.weightOf, settings);
    const reached = [...storyline.states, ...corroborated(storyline, settings)];
    const states = reached.length === 1 ? storyline : { ...storyline, states: reached };
    return {
      storyline: states,
      isNew: true,
      duplicateOf: null,
      absorbed: [],
      reached,
      why: ['like no open storyline'],
    };
  }
  return joined(home, reading, shelf, settings);
}

function isShelf(open: readonly OpenStoryline[] | Shelf): open is Shelf {
  return !Array.isArray(open);
}

type Home = { readonly shelved: Shelved; readonly why: string; readonly second: Shelved | null };

function homeOf(shelf: Shelf, reading: Reading, settings: StorylineSettings): Home | null {
  const inTime = (found: ReadonlySet<Shelved>) =>
    [...found].filter((entry) => fadingOf(entry, reading.timeMs, settings) > 0);
  if (reading.page !== '') {
    const samePage = oldest(inTime(shelf.byPage(reading.page)));
    if (samePage !== null) return { shelved: samePage, why: 'the same page', second: null };
  }
  const sameWords = reading.tells ? oldest(inTime(shelf.byWords(reading.wording.key))) : null;
  if (sameWords !== null) return { shelved: sameWords, why: 'the same words', second: null };
  const like = reading.tells ? mostLike(shelf, reading, settings) : null;
  if (like !== null) {
    const words = like.shared.slice(0, 6).join(', ');
    return {
      shelved: like.shelved,
      why: `shares ${words} (likeness ${like.likeness.toFixed(2)})`,
      second: like.second,
    };
  }
  const across = acrossLanguages(shelf, reading, settings);
  if (across === null) return null;
  return {
    shelved: across.shelved,
    why: `shares ${across.events} events and ${across.entities} entities`,
    second: null,
  };
}

function oldest(entries: readonly Shelved[]): Shelved | null {
  return entries.reduce<Shelved | null>(
    (first, entry) => (first === null || isOlder(entry, first) ? entry : first),
    null,
  );
}

function joined(home: Home, reading: Reading, shelf: Shelf, settings: StorylineSettings): StorylineDecision {
  const before = home.shelved.storyline;
  const copied = home.shelved.texts.find(({ wording }) => isCopy(wording, reading.wording))?.known ?? null;
  if (copied !== null) {
    const after = withCopy(before, copied, reading, settings);
    const { storyline, reached, why } = told(reading, before, after, true, settings);
    return {
      storyline,
      isNew: false,
      duplicateOf: copied.story,
      absorbed: [],
      reached,
      why: [`the same text as ${copied.story}`, ...why],
    };
  }
  const after = withWording(before, reading, shelf.weightOf, settings);
  const { storyline, reached, why } = told(reading, before, after, false, settings);
  const decision = { storyline, isNew: false, duplicateOf: null, absorbed: [], reached, why: [home.why, ...why] };
  const { second } = home;
  if (second === null || likenessOfTwo(storyline, second, shelf.weightOf) < settings.mergeFrom) return decision;
  return absorbing(decision, home.shelved, second, shelf, settings);
}

/** The storyline and the other one that the story could have joined, as one: the older keeps its name. */
function absorbing(
  decision: StorylineDecision,
  home: Shelved,
  second: Shelved,
  shelf: Shelf,
  settings: StorylineSettings,
): StorylineDecision {
  const other = second.storyline;
  const isFirst = isOlder(home, second);
  const [older, younger] = isFirst ? [decision.storyline, other] : [other, decision.storyline];
  return {
    ...decision,
    storyline: withAbsorbed(older, younger, shelf.weightOf, settings),
    absorbed: [younger.id],
    why: [...decision.why, `one development with ${other.id}`],
  };
}

function told(
  reading: Reading,
  before: OpenStoryline,
  after: OpenStoryline,
  isCopyOfIt: boolean,
  settings: StorylineSettings,
): { readonly storyline: OpenStoryline; readonly reached: readonly StorylineState[]; readonly why: readonly string[] } {
  const { reached, why } = reachedBy(reading, before, after, isCopyOfIt, settings);
  return {
    storyline: reached.length === 0 ? after : { ...after, states: [...after.states, ...reached] },
    reached,
    why,
  };
}

/** The states that a story brings a storyline to, which it had not reached. */
function reachedBy(
  reading: Reading,
  before: OpenStoryline,
  after: OpenStoryline,
  isCopyOfIt: boolean,
  settings: StorylineSettings,
): { readonly reached: readonly StorylineState[]; readonly why: readonly string[] } {
  const reached: StorylineState[] = [...corroborated(after, settings)];
  const why = reached.map(() => `${after.outlets.length} independent outlets`);
  const reach = (state: StorylineState, reason: string | null) => {
    if (reason === null || before.states.includes(state)) return;
    reached.push(state);
    why.push(reason);
  };
  reach('escalated', escalation(reading, before));
  if (!isCopyOfIt) reach('corrected', correction(reading, before));
  return { reached, why };
}

function corroborated(storyline: OpenStoryline, settings: StorylineSettings): readonly StorylineState[] {
  const isReached = storyline.outlets.length >= settings.corroboratedBy && !storyline.states.includes('corroborated');
  return isReached ? ['corroborated'] : [];
}

/** Why a story makes its storyline graver, or null: its priority, or a number that stood lower before. */
function escalation({ story, figures }: Reading, before: OpenStoryline): string | null {
  if (isHigher(story.priority, before.priority)) return `priority ${before.priority} -> ${story.priority}`;
  if (before.figures.length === 0) return null;
  for (const { of, value } of figures) {
    const was = before.figures.find((figure) => figure.of === of)?.value;
    if (was !== undefined && value > was) return `${of} ${was} -> ${value}`;
  }
  return null;
}

/** A storyline that is about a denial from its start is not corrected by one more. */
function correction({ wording, story }: Reading, before: OpenStoryline): string | null {
  if (!deniesOrCorrects(wording.words, story.title)) return null;
  const isAboutIt = before.texts.every(({ words }) => deniesOrCorrects(words.split(' '), ''));
  return isAboutIt ? null : 'denies, retracts or corrects what was told';
}
