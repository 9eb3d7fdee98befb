import { acrossLanguages } from './across-languages.ts';
import { isCopy } from './copies.ts';
import { openStoryline, withAbsorbed, withCopy, withWording } from './join-storyline.ts';
import { fadingOf, isOlder, likenessOfTwo, mostLike } from './likeness.ts';
import type { KnownText, OpenStoryline } from './open-storyline.ts';
import { corroborated, reachedBy } from './reached-states.ts';
import { type Reading, readStory } from './reading.ts';
import type { StorylineSettings } from './settings.ts';
import { newShelf, type Shelf, type Shelved, type ShelvedText } from './shelf.ts';
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

/** A storyline of so few wordings is asked for less when it could be part of another. */
const fewWordings = 2;

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
  // Without the names of its entities its terms are not all that its words give.
  if ((story.named ?? []).length === 0) shelf.note(reading);
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

type Home = { readonly shelved: Shelved; readonly why: string; readonly others: readonly Shelved[] };

function homeOf(shelf: Shelf, reading: Reading, settings: StorylineSettings): Home | null {
  const inTime = (found: ReadonlySet<Shelved>) =>
    [...found].filter((entry) => fadingOf(entry, reading.timeMs, settings) > 0);
  if (reading.page !== '') {
    const samePage = oldest(inTime(shelf.byPage(reading.page)));
    if (samePage !== null) return { shelved: samePage, why: 'the same page', others: [] };
  }
  const sameWords = reading.tells ? oldest(inTime(shelf.byWords(reading.wording.key))) : null;
  if (sameWords !== null) return { shelved: sameWords, why: 'the same words', others: [] };
  const like = reading.tells ? mostLike(shelf, reading, settings) : null;
  if (like !== null) {
    const words = like.shared.slice(0, 6).join(', ');
    return {
      shelved: like.shelved,
      why: `shares ${words} (likeness ${like.likeness.toFixed(2)})`,
      others: like.others,
    };
  }
  const across = acrossLanguages(shelf, reading, settings);
  if (across === null) return null;
  return {
    shelved: across.shelved,
    why: `shares ${across.events} events and ${across.entities} entities`,
    others: [],
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
  const copied = copiedBy(reading, home.shelved.texts);
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
  return home.others.reduce<StorylineDecision>((done, other) => absorbing(done, other, shelf, settings), decision);
}

/** The wording that a story repeats: the very same one, else the latest that it repeats but for little. */
function copiedBy({ wording }: Reading, texts: readonly ShelvedText[]): KnownText | null {
  const same = texts.find((text) => text.wording.key === wording.key && wording.key !== '');
  return (same ?? texts.findLast((text) => isCopy(text.wording, wording)))?.known ?? null;
}

/**
 * The storyline with another one that the story could have joined as well, if the two are alike: the oldest keeps its
 * name. Half the likeness is asked where one of them came in a wording or two: so little says little.
 */
function absorbing(
  decision: StorylineDecision,
  other: Shelved,
  shelf: Shelf,
  settings: StorylineSettings,
): StorylineDecision {
  const now = decision.storyline;
  const isSmall = Math.min(now.wordings, other.storyline.wordings) <= fewWordings;
  const asked = isSmall ? settings.mergeFrom / 2 : settings.mergeFrom;
  if (likenessOfTwo(now, other, shelf.weightOf) < asked) return decision;
  const isNowOlder = isBefore(now, other.storyline);
  const [older, younger] = isNowOlder ? [now, other.storyline] : [other.storyline, now];
  return {
    ...decision,
    storyline: withAbsorbed(older, younger, shelf.weightOf, settings),
    absorbed: [...decision.absorbed, younger.id],
    why: [...decision.why, `one development with ${other.storyline.id}`],
  };
}

function isBefore(a: OpenStoryline, b: OpenStoryline): boolean {
  const [first, second] = [Date.parse(a.opened), Date.parse(b.opened)];
  return first < second || (first === second && a.id < b.id);
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
