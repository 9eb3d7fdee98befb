import { isOlder } from './likeness.ts';
import type { Reading } from './reading.ts';
import { compareFound, surenessOf } from './same-development.ts';
import type { StorylineSettings } from './settings.ts';
import type { Shelf, Shelved } from './shelf.ts';

const hourMs = 3_600_000;

export type FoundAcross = { readonly shelved: Shelved; readonly events: number; readonly entities: number };

/**
 * The storyline in other languages that tells of the same events with nearly the same entities at the same time: the one
 * that shares most, the older of two alike. Titles in two languages share no words, so this asks for more than a name; the
 * less the shared events and entities say, the sooner the story has to come. One shared state never joins.
 */
export function acrossLanguages(shelf: Shelf, reading: Reading, settings: StorylineSettings): FoundAcross | null {
  const { story, lang } = reading;
  const seen = new Set<Shelved>();
  let best: FoundAcross | null = null;
  for (const event of story.events) {
    for (const shelved of shelf.byEvent(event)) {
      if (seen.has(shelved)) continue;
      seen.add(shelved);
      if (shelved.storyline.langs.includes(lang)) continue;
      const found = foundIn(shelved, reading, settings);
      if (found !== null && (best === null || isBetter(found, best))) best = found;
    }
  }
  return best;
}

function foundIn(shelved: Shelved, { story, timeMs }: Reading, settings: StorylineSettings): FoundAcross | null {
  const compared = compareFound(story, shelved.storyline);
  const sureness = surenessOf(compared);
  if (sureness === null) return null;
  const { sureHours, likelyHours } = settings.crossLanguage;
  const gapMs = Math.max(0, timeMs - shelved.lastMs, shelved.openedMs - timeMs);
  if (gapMs > (sureness === 'sure' ? sureHours : likelyHours) * hourMs) return null;
  return { shelved, events: compared.sharedEvents, entities: compared.sharedEntities };
}

function isBetter(a: FoundAcross, b: FoundAcross): boolean {
  if (a.events !== b.events) return a.events > b.events;
  return a.entities !== b.entities ? a.entities > b.entities : isOlder(a.shelved, b.shelved);
}
