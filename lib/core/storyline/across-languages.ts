import { isOlder } from './likeness.ts';
import type { Reading } from './reading.ts';
import type { StorylineSettings } from './settings.ts';
import type { Shelf, Shelved } from './shelf.ts';

const hourMs = 3_600_000;

export type FoundAcross = { readonly shelved: Shelved; readonly events: number; readonly entities: number };

/**
 * The storyline in other languages that tells of the same event with the same entities at the same time: the one that
 * shares most, the older of two alike. Titles in two languages share no words, so this asks for more than a name: at
 * least one event of the watchlist and, beside it, as many entities as the settings say. One shared state never joins.
 */
export function acrossLanguages(shelf: Shelf, reading: Reading, settings: StorylineSettings): FoundAcross | null {
  const { story, lang, timeMs } = reading;
  if (story.events.length === 0 || story.entities.length < settings.crossLanguage.entities) return null;
  const seen = new Set<Shelved>();
  let best: FoundAcross | null = null;
  for (const event of story.events) {
    for (const shelved of shelf.byEvent(event)) {
      if (seen.has(shelved)) continue;
      seen.add(shelved);
      if (shelved.storyline.langs.includes(lang) || !isNear(shelved, timeMs, settings)) continue;
      const found = shares(shelved, reading);
      if (found.entities >= settings.crossLanguage.entities && (best === null || isBetter(found, best))) best = found;
    }
  }
  return best;
}

function isNear({ openedMs, lastMs }: Shelved, timeMs: number, settings: StorylineSettings): boolean {
  return Math.max(0, timeMs - lastMs, openedMs - timeMs) <= settings.crossLanguage.withinHours * hourMs;
}

function shares(shelved: Shelved, { story }: Reading): FoundAcross {
  const { events, entities } = shelved.storyline;
  return {
    shelved,
    events: events.filter(([event]) => story.events.includes(event)).length,
    entities: entities.filter(([entity]) => story.entities.includes(entity)).length,
  };
}

function isBetter(a: FoundAcross, b: FoundAcross): boolean {
  if (a.events !== b.events) return a.events > b.events;
  return a.entities !== b.entities ? a.entities > b.entities : isOlder(a.shelved, b.shelved);
}
