import { earlierOf, fitted } from './fit-storyline.ts';
import type { Counted, Figure, KnownText, OpenStoryline } from './open-storyline.ts';
import { carriedBy, type Outlets, outletsOf, sorted } from './outlets.ts';
import { higherPriority } from './priorities.ts';
import type { Reading } from './reading.ts';
import type { StorylineSettings } from './settings.ts';

const longestTitle = 200;
const longestName = 60;
const mostFigures = 6;

type WeightOf = (stem: string) => number;

/** A storyline of this story alone. */
export function openStoryline(reading: Reading, weightOf: WeightOf, settings: StorylineSettings): OpenStoryline {
  const { story } = reading;
  const empty: OpenStoryline = {
    id: story.id,
    opened: story.published,
    last: story.published,
    stories: 0,
    title: story.title.slice(0, longestTitle).toWellFormed(),
    outlets: [],
    wires: [],
    langs: [],
    entities: [],
    events: [],
    priority: story.priority,
    states: ['new'],
    texts: [],
    words: [],
    wordings: 0,
    norm: 0,
    figures: [],
    earlierOutlets: [],
    earlierWires: [],
  };
  return withWording(empty, reading, weightOf, settings);
}

/** The storyline with a story that says something in words of its own. */
export function withWording(
  storyline: OpenStoryline,
  reading: Reading,
  weightOf: WeightOf,
  settings: StorylineSettings,
): OpenStoryline {
  const { story, terms } = reading;
  const { limits } = settings;
  const blank: KnownText = {
    story: story.id,
    words: reading.wording.key,
    page: reading.page,
    outlets: [],
    wire: '',
    isCut: reading.wording.isCut,
    norm: lengthOf(terms.map(weightOf)),
  };
  const text = carriedBy(blank, story, limits.names);
  const texts = [...storyline.texts, text];
  const wordings = storyline.wordings + 1;
  const words = counted(storyline.words, terms, limits.words);
  const told = withTold(storyline, reading, settings);
  return fitted(
    {
      ...told,
      ...outletsWith(storyline, texts, text, settings),
      texts,
      words,
      wordings,
      norm: lengthOf(words.map(([stem, count]) => (weightOf(stem) * count) / wordings)),
      entities: counted(storyline.entities, names(story.entities), limits.names),
      events: counted(storyline.events, names(story.events), limits.names),
      figures: highestFigures(storyline.figures, reading.figures, mostFigures),
    },
    settings,
  );
}

/** The storyline with one copy more of a text it has: its words stay as they are. */
export function withCopy(
  storyline: OpenStoryline,
  copied: KnownText,
  reading: Reading,
  settings: StorylineSettings,
): OpenStoryline {
  const carried = carriedBy(copied, reading.story, settings.limits.names);
  const told = withTold(storyline, reading, settings);
  if (carried === copied) return told;
  const texts = storyline.texts.map((text) => (text === copied ? carried : text));
  const isNewWire = carried.wire !== copied.wire;
  const outlets = isNewWire
    ? outletsOf(texts, earlierOf(storyline), settings.limits.names)
    : outletsWith(storyline, texts, carried, settings);
  return fitted({ ...told, ...outlets, texts }, settings);
}

/** Two storylines that turned out to tell of one development: the older one with all that the other held. */
export function withAbsorbed(
  older: OpenStoryline,
  younger: OpenStoryline,
  weightOf: WeightOf,
  settings: StorylineSettings,
): OpenStoryline {
  const { limits } = settings;
  const wordings = older.wordings + younger.wordings;
  const words = summed(older.words, younger.words, limits.words);
  const texts = [...older.texts, ...younger.texts];
  const earlierOutlets = sorted([...older.earlierOutlets, ...younger.earlierOutlets], limits.names);
  const earlierWires = sorted([...older.earlierWires, ...younger.earlierWires], limits.names);
  const both = outletsOf(texts, { outlets: earlierOutlets, wires: earlierWires }, limits.names);
  return fitted(
    {
      ...older,
      opened: earlier(older.opened, younger.opened),
      last: later(older.last, younger.last),
      stories: older.stories + younger.stories,
      langs: sorted([...older.langs, ...younger.langs], limits.names),
      priority: higherPriority(older.priority, younger.priority),
      states: [...new Set([...older.states, ...younger.states])],
      ...both,
      texts,
      words,
      wordings,
      norm: lengthOf(words.map(([stem, count]) => (weightOf(stem) * count) / wordings)),
      entities: summed(older.entities, younger.entities, limits.names),
      events: summed(older.events, younger.events, limits.names),
      figures: highestFigures(older.figures, younger.figures, mostFigures),
      earlierOutlets,
      earlierWires,
    },
    settings,
  );
}

function summed(a: readonly Counted[], b: readonly Counted[], most: number): readonly Counted[] {
  const counts = new Map(a);
  for (const [name, count] of b) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort((x, y) => y[1] - x[1]).slice(0, most);
}

/** The outlets with those of one wording that is new or has a new carrier: where no wire carries it, they only add up. */
function outletsWith(
  storyline: OpenStoryline,
  texts: readonly KnownText[],
  text: KnownText,
  settings: StorylineSettings,
): Outlets {
  const { outlets, wires } = storyline;
  if (text.wire !== '') return outletsOf(texts, earlierOf(storyline), settings.limits.names);
  if (text.outlets.every((outlet) => outlets.includes(outlet))) return { outlets, wires };
  return { outlets: sorted([...outlets, ...text.outlets], settings.limits.names), wires };
}

/** What every story adds, copy or not. */
function withTold(storyline: OpenStoryline, reading: Reading, settings: StorylineSettings): OpenStoryline {
  const { story, lang } = reading;
  const { langs } = storyline;
  return {
    ...storyline,
    stories: storyline.stories + 1,
    opened: earlier(storyline.opened, story.published),
    last: later(storyline.last, story.published),
    langs: langs.includes(lang) ? langs : sorted([...langs, lang], settings.limits.names),
    priority: higherPriority(storyline.priority, story.priority),
  };
}

/** Counts names once more; what is named most stands first, and of those named alike often the latest. */
export function counted(before: readonly Counted[], named: readonly string[], most: number): readonly Counted[] {
  if (named.length === 0) return before;
  const left = new Set(named);
  const repeated: Counted[] = [];
  const once: Counted[] = [];
  for (const entry of before) {
    if (left.delete(entry[0])) repeated.push([entry[0], entry[1] + 1]);
    else (entry[1] > 1 ? repeated : once).push(entry);
  }
  const fresh = [...left].map((name) => [name, 1] as const);
  return [...repeated.sort((a, b) => b[1] - a[1]), ...fresh, ...once].slice(0, most);
}

export function highestFigures(a: readonly Figure[], b: readonly Figure[], most: number): readonly Figure[] {
  if (b.length === 0) return a;
  const highest = new Map(a.map(({ of, value }) => [of, value]));
  for (const { of, value } of b) highest.set(of, Math.max(value, highest.get(of) ?? 0));
  return [...highest].slice(0, most).map(([of, value]) => ({ of, value }));
}

function lengthOf(weights: readonly number[]): number {
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return Math.round(Math.sqrt(sum) * 1_000) / 1_000;
}

function names(ids: readonly string[]): readonly string[] {
  return ids.map((id) => id.slice(0, longestName));
}

function earlier(a: string, b: string): string {
  return Date.parse(b) < Date.parse(a) ? b : a;
}

function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a;
}
