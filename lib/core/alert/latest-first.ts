import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';
import type { AlertFacts } from './alert-facts.ts';

/** An alert that was held, with the time at which it was decided (ISO 8601). */
export type DigestEntry = { readonly facts: AlertFacts; readonly at: string };

/** A storyline as a digest shows it: once, as it stands by now. */
export type DigestStoryline = {
  readonly facts: AlertFacts;
  /** What it went through, oldest first, the latest last. */
  readonly states: readonly StorylineState[];
};

/** The storylines of what was held, the most important first: by priority, then outlets, then the newest. */
export function byImportance(entries: readonly DigestEntry[]): readonly DigestStoryline[] {
  const storylines = Map.groupBy([...entries].sort(earlier), ({ facts }) => facts.storyline);
  return [...storylines.values()]
    .map((held) => ({ latest: held.at(-1) as DigestEntry, states: [...new Set(held.map(({ facts }) => facts.state))] }))
    .sort((a, b) => weight(b.latest) - weight(a.latest) || earlier(b.latest, a.latest))
    .map(({ latest, states }) => ({ facts: latest.facts, states }));
}

function weight({ facts }: DigestEntry): number {
  return priorityWeight[facts.priority] * 1_000_000 + Math.min(facts.outlets, 999_999);
}

const priorityWeight: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2, critical: 3 };

/** By time; at the same time by the order in which a storyline comes to its states, then by its id. */
function earlier(a: DigestEntry, b: DigestEntry): number {
  const states = stateOrder[a.facts.state] - stateOrder[b.facts.state];
  return a.at < b.at ? -1 : a.at > b.at ? 1 : states || (a.facts.storyline < b.facts.storyline ? 1 : -1);
}

const stateOrder: Readonly<Record<StorylineState, number>> = { new: 0, corroborated: 1, escalated: 2, corrected: 3 };
