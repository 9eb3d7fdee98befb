import type { OpenStoryline } from './open-storyline.ts';
import type { StorylineSettings } from './settings.ts';

const hourMs = 3_600_000;

/**
 * Tells the storylines that stay open at `now` (ISO) from those that close: silent for longer than the settings say, or
 * the longest silent of too many. Both lists keep the order they came in.
 */
export function closeSilent(
  open: readonly OpenStoryline[],
  now: string,
  settings: StorylineSettings,
): { readonly open: readonly OpenStoryline[]; readonly closed: readonly OpenStoryline[] } {
  const since = Date.parse(now) - settings.silenceHours * hourMs;
  const heard = open.filter((storyline) => !(Date.parse(storyline.last) < since));
  const kept = new Set(
    heard
      .toSorted((a, b) => Date.parse(b.last) - Date.parse(a.last) || (a.id < b.id ? -1 : 1))
      .slice(0, settings.maxOpen),
  );
  return {
    open: open.filter((storyline) => kept.has(storyline)),
    closed: open.filter((storyline) => !kept.has(storyline)),
  };
}
