import { noteMatched } from '../core/watchlist/running.ts';
import type { LiveMatcher } from './live-matcher.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { Log } from './ports/outside.ts';

/** A new story and the events whose own rule it matched. */
export type StrictMatch = { readonly events: readonly string[]; readonly outlet: string; readonly published: string };

const mostTries = 5;

/**
 * Adds a batch's matches to the state of running stories that all functions share: one write a batch that had any. A
 * batch that loses the race to others reads again; one that loses it always is logged, and costs context, not a story.
 */
export async function noteRunning(
  matches: readonly StrictMatch[],
  deps: { readonly control: ControlStore; readonly matcher: LiveMatcher; readonly log: Log },
): Promise<void> {
  if (matches.length === 0) return;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { state, revision } = await deps.control.running();
    const next = matches.reduce(noteMatched, state);
    if (!(await deps.control.putRunning(next, revision))) continue;
    deps.matcher.takeUp(next);
    return;
  }
  deps.log({ event: 'running stories not noted', matches: matches.length });
}
