import type { Priority } from '../watchlist/matched.ts';
import type { StorylineState } from './storyline-state.ts';

/** One wording that stories of a storyline came in; what has the same words is a copy of it. */
export type KnownText = {
  /** The story that brought it first. */
  readonly story: string;
  /** The folded words of the title in their order, without the publisher, between spaces. */
  readonly words: string;
  /** The canonical address of its story, as a short hash; '' without one. */
  readonly page: string;
  /** Who carried it, sorted. Where one of them is a wire the others have it from there, and it alone counts. */
  readonly outlets: readonly string[];
  /** The wire among them, or ''. */
  readonly wire: string;
  /** The title was cut by its feed. */
  readonly isCut: boolean;
  /** The length of its words' vector, weighed when it came. */
  readonly norm: number;
};

/** One number a storyline turns on: the highest that was told of what it counts. */
export type Figure = { readonly of: string; readonly value: number };

export type Counted = readonly [name: string, count: number];

/**
 * One open storyline: plain JSON data of bounded size (`settings.limits`), so that it can be a row. `decideStoryline`
 * makes the next one out of it and a story; nothing else writes it.
 */
export type OpenStoryline = {
  /** The id of the story that opened it. */
  readonly id: string;
  /** The earliest and the latest `published` among its stories. */
  readonly opened: string;
  readonly last: string;
  /** Copies included. */
  readonly stories: number;
  /** Of the story that opened it, at most 200 characters. */
  readonly title: string;
  /** Independent outlets, sorted; copies of one wire's text count once, under the wire. */
  readonly outlets: readonly string[];
  /** Those of the outlets that are wires. */
  readonly wires: readonly string[];
  /** Primary language tags, sorted; a language that is not told is known by its script, as `und-cyrl`. */
  readonly langs: readonly string[];
  /** How many of its wordings named each, the most named first. */
  readonly entities: readonly Counted[];
  readonly events: readonly Counted[];
  /** The highest among its stories. */
  readonly priority: Priority;
  /** Reached so far. */
  readonly states: readonly StorylineState[];
  /** The latest wordings, the newest last. */
  readonly texts: readonly KnownText[];
  /** Stems of the titles and in how many distinct wordings they stood, the most frequent first. */
  readonly words: readonly Counted[];
  /** How many distinct wordings `words` was counted over. */
  readonly wordings: number;
  /** The length of the vector of `words`, weighed when the last wording came. */
  readonly norm: number;
  readonly figures: readonly Figure[];
  /** Independent outlets, and wires, of wordings that `texts` no longer holds. */
  readonly earlierOutlets: readonly string[];
  readonly earlierWires: readonly string[];
};
