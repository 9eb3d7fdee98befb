import { saysItCorrects } from './corrections.ts';
import type { OpenStoryline } from './open-storyline.ts';
import { isHigher } from './priorities.ts';
import type { Reading } from './reading.ts';
import type { StorylineSettings } from './settings.ts';
import type { StorylineState } from './storyline-state.ts';

/** The states that a story brings a storyline to, which it had not reached. */
export function reachedBy(
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

export function corroborated(storyline: OpenStoryline, settings: StorylineSettings): readonly StorylineState[] {
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
function correction({ wording, story, lang }: Reading, before: OpenStoryline): string | null {
  if (!saysItCorrects(wording.words, story.title, lang)) return null;
  const isAboutIt = before.texts.every(({ words }) => saysItCorrects(words.split(' '), '', 'und'));
  return isAboutIt ? null : 'denies, retracts or corrects what was told';
}
