import { canonicalUrl } from '../feed/canonical-url.ts';
import { hashOf } from '../text/tokens.ts';
import { backgroundWeight } from './background-words.ts';
import { type Wording, wordingOf } from './copies.ts';
import { figuresOf, mayHoldFigures } from './figures.ts';
import type { Figure } from './open-storyline.ts';
import type { StorylineStory } from './story-in.ts';
import { termsOf } from './terms.ts';
import { titleWords } from './title-words.ts';

/** A story, read once for all that is asked of it. */
export type Reading = {
  readonly story: StorylineStory;
  readonly timeMs: number;
  readonly wording: Wording;
  readonly terms: readonly string[];
  /** False where the title is made of words that could stand over any story: by it nothing joins. */
  readonly tells: boolean;
  /** '' without an address. */
  readonly page: string;
  readonly lang: string;
  readonly figures: readonly Figure[];
};

export function readStory(story: StorylineStory): Reading {
  const words = titleWords(story.title, story.source);
  const time = Date.parse(story.published);
  const terms = termsOf(words);
  return {
    story,
    timeMs: Number.isNaN(time) ? 0 : time,
    wording: wordingOf(words, story.title),
    terms,
    tells: terms.reduce((sum, term) => sum + backgroundWeight(term), 0) >= 1,
    page: pageOf(story.url),
    lang: languageOf(story.lang, story.title),
    figures: mayHoldFigures(words) ? figuresOf(story.title) : [],
  };
}

/** 64 bits of the canonical address, in 13 characters. */
function pageOf(url: string | null): string {
  const page = url === null ? null : canonicalUrl(url);
  if (page === null) return '';
  const halves = [hashOf(page), hashOf(`${page.length}${page}`)];
  return halves.map((half) => (half >>> 0).toString(36)).join('-');
}

const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Cyrillic}/u, 'und-cyrl'],
  [/\p{Script=Arabic}/u, 'und-arab'],
  [/\p{Script=Hebrew}/u, 'und-hebr'],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u, 'und-hani'],
  [/\p{Script=Latin}/u, 'und-latn'],
];

/** The primary tag; where the language is not told, the script of the title. */
function languageOf(lang: string, title: string): string {
  const primary = lang.split('-', 1)[0]!.toLowerCase();
  if (primary !== '' && primary !== 'und') return primary.slice(0, 8);
  const start = title.slice(0, 80);
  return scripts.find(([script]) => script.test(start))?.[1] ?? 'und';
}
