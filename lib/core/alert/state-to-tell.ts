import type { StorylineState } from '../storyline/storyline-state.ts';

/** The most telling first: of two states that one story brings, the reader hears of the first. */
const byWeight: readonly StorylineState[] = ['corrected', 'escalated', 'corroborated'];

/**
 * Which state of a storyline one reader is to hear of now that a story has joined it; null for none.
 *
 * Whoever was not told of the storyline yet and follows what this story matched is told that it is new, whichever story
 * it is: the one that opened it may have been a seed, or have held nothing that they follow. Whoever was told hears of
 * what this story brought about, and of a correction whatever states they asked for.
 */
export function stateToTell(
  reader: {
    readonly states: readonly StorylineState[];
    readonly follows: boolean;
    readonly told: ReadonlySet<StorylineState>;
  },
  storyline: { readonly reached: readonly StorylineState[]; readonly states: readonly StorylineState[] },
): StorylineState | null {
  if (reader.told.size === 0) {
    if (!reader.follows) return null;
    if (reader.states.includes('new')) return 'new';
    const wanted = (state: StorylineState) => state !== 'corrected' && reader.states.includes(state);
    return byWeight.find((state) => wanted(state) && storyline.states.includes(state)) ?? null;
  }
  const wanted = (state: StorylineState) => state === 'corrected' || reader.states.includes(state);
  return (
    byWeight.find((state) => wanted(state) && storyline.reached.includes(state) && !reader.told.has(state)) ?? null
  );
}
