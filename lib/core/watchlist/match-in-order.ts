import type { MatchInput } from './matched.ts';
import type { Matcher, MatchResult } from './matcher.ts';
import { noteMatched, nothingRunning } from './running.ts';

/**
 * Matches stories as the days brought them: in order of `published`, each seeing the stories that ran before it. The
 * results stand in the order of the input. Stories without a date come first and count for no running story.
 */
export function matchInOrder(matcher: Matcher, stories: readonly MatchInput[]): readonly MatchResult[] {
  const times = stories.map(({ published }) => {
    const time = published ? Date.parse(published) : Number.NaN;
    return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
  });
  const order = stories
    .map((_, i) => i)
    .sort((a, b) => (times[a]! < times[b]! ? -1 : times[a]! > times[b]! ? 1 : a - b));
  const results = new Array<MatchResult>(stories.length);
  let running = nothingRunning;
  for (const i of order) {
    const story = stories[i]!;
    const result = matcher.match(story, running);
    results[i] = result;
    running = noteMatched(running, {
      events: result.strictEvents,
      outlet: story.source ?? '',
      published: story.published ?? null,
    });
  }
  return results;
}
