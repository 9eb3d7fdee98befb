import type { Counted, Figure, KnownText, OpenStoryline } from './open-storyline.ts';
import { carriedBy, outletsOf, sorted } from './outlets.ts';
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
  const texts = [...storyline.texts, carriedBy(blank, story, limits.names)];
  const wordings = storyline.wordings + 1;
  const words = counted(storyline.words, terms, limits.words);
  const told = withTold(storyline, reading, settings);
  return fitted(
    {
      ...told,
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
  return fitted({ ...told, texts }, settings);
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
  return fitted(
    {
      ...older,
      opened: earlier(older.opened, younger.opened),
      last: later(older.last, younger.last),
      stories: older.stories + younger.stories,
      langs: sorted([...older.langs, ...younger.langs], limits.names),
      priority: higherPriority(older.priority, younger.priority),
      states: [...new Set([...older.states, ...younger.states])],
      texts: [...older.texts, ...younger.texts],
      words,
      wordings,
      norm: lengthOf(words.map(([stem, count]) => (weightOf(stem) * count) / wordings)),
      entities: summed(older.entities, younger.entities, limits.names),
      events: summed(older.events, younger.events, limits.names),
      figures: highestFigures(older.figures, younger.figures, mostFigures),
      earlierOutlets: sorted([...older.earlierOutlets, ...younger.earlierOutlets], limits.names),
      earlierWires: sorted([...older.earlierWires, ...younger.earlierWires], limits.names),
    },
    settings,
  );
}

function summed(a: readonly Counted[], b: readonly Counted[], most: number): readonly Counted[] {
  const counts = new Map(a);
  for (const [name, count] of b) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort((x, y) => y[1] - x[1]).slice(0, most);
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
  const left = new Set(named);
  const again = before.map((entry) => (left.delete(entry[0]) ? ([entry[0], entry[1] + 1] as const) : entry));
  const fresh = [...left].map((name) => [name, 1] as const);
  const repeated = again.filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1]);
  return [...repeated, ...fresh, ...again.filter(([, count]) => count === 1)].slice(0, most);
}

export function highestFigures(a: readonly Figure[], b: readonly Figure[], most: number): readonly Figure[] {
  if (b.length === 0) return a;
  const highest = new Map(a.map(({ of, value }) => [of, value]));
  for (const { of, value } of b) highest.set(of, Math.max(value, highest.get(of) ?? 0));
  return [...highest].slice(0, most).map(([of, value]) => ({ of, value }));
}

/**
 * Within the limits: the oldest wordings leave (their outlets stay known), then the rarest words. A title, its id and
 * sixteen outlets fit the smallest limit that makes sense; what remains after all cuts is never cut further.
 */
function fitted(storyline: OpenStoryline, settings: StorylineSettings): OpenStoryline {
  const { limits } = settings;
  let { texts, words } = storyline;
  let earlier = { outlets: storyline.earlierOutlets, wires: storyline.earlierWires };
  let left = limits.bytes === Number.POSITIVE_INFINITY ? 0 : limits.bytes - bytesOf(storyline);
  while (texts.length > limits.texts || (left < 0 && texts.length > 1)) {
    earlier = outletsOf(texts.slice(0, 1), earlier, limits.names);
    left += textBytes(texts[0]!);
    texts = texts.slice(1);
  }
  while (left < 0 && words.length > 8) {
    left += wordBytes(words.at(-1)!);
    words = words.slice(0, -1);
  }
  const { outlets, wires } = outletsOf(texts, earlier, limits.names);
  return { ...storyline, texts, words, outlets, wires, earlierOutlets: earlier.outlets, earlierWires: earlier.wires };
}

function bytesOf(storyline: OpenStoryline): number {
  const { texts, words, outlets, earlierOutlets, langs, entities, events, title, id } = storyline;
  let sum = 420 + byteLength(title) + byteLength(id);
  for (const text of texts) sum += textBytes(text);
  for (const word of words) sum += wordBytes(word);
  for (const name of [...outlets, ...earlierOutlets, ...langs]) sum += byteLength(name) + 3;
  for (const name of [...entities, ...events]) sum += wordBytes(name);
  return sum;
}

function textBytes({ story, words, outlets, wire }: KnownText): number {
  let sum = 90 + byteLength(story) + byteLength(words) + byteLength(wire);
  for (const outlet of outlets) sum += byteLength(outlet) + 3;
  return sum;
}

function wordBytes([name, count]: Counted): number {
  return byteLength(name) + 5 + String(count).length;
}

function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) length += code > 0x7ff ? 2 : 1;
  }
  return length;
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
