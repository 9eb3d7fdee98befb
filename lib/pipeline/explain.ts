import type { StorylineState } from '../core/storyline/storyline-state.ts';
import type { Evidence, NearMiss } from '../core/watchlist/matched.ts';
import { unknownStory } from './near-ids.ts';
import type { StoredStory } from './ports/story-store.ts';
import type { Placed } from './ports/storyline-store.ts';
import type { QueryDeps } from './queries.ts';

/** A stored story, who was told of it, and what the live watchlist says of it now. */
export type ExplainedStory = StoredStory & {
  /** Its storyline, and why it lies there; null where it did not match, or was not decided yet. */
  readonly placed: Placed | null;
  readonly alerts: readonly Told[];
  /** Null where no watchlist is live. */
  readonly live: LiveReading | null;
};

/** One alert of its storyline. A subscriber is an id; the address is known to SNS alone. */
export type Told = {
  readonly subscriber: string;
  readonly state: StorylineState;
  readonly decided: string;
  /** When SNS accepted it; null while only claimed. */
  readonly sent: string | null;
};

export type LiveReading = {
  readonly watchlist: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
  /** With the clause that each span satisfied; stored evidence leaves the clause out. */
  readonly evidence: readonly Evidence[];
  readonly nearly: readonly NearMiss[];
  /** Display names of all targets named here and in the stored match. */
  readonly names: Readonly<Record<string, string>>;
};

/** Why a stored story matched, whom it was told, and what nearly matched. Reads one story and its storyline's ledger rows. */
export async function explain(id: string, deps: QueryDeps): Promise<ExplainedStory> {
  const story = (await deps.store.stories.get(id)) ?? (await unknownStory(id, deps));
  const placed = await deps.store.storylines.placed(id);
  const ledger = placed === null ? [] : await deps.store.ledger.ofStoryline(placed.storyline);
  const alerts = ledger.map(({ subscriber, state, decided, sent }) => ({ subscriber, state, decided, sent }));
  return { ...story, placed, alerts, live: liveReading(story, deps) };
}

function liveReading(story: StoredStory, { matcher }: QueryDeps): LiveReading | null {
  if (matcher === null) return null;
  const { matched, nearly } = matcher.explain({ ...story, source: story.feed });
  const { entities, events, evidence } = matched;
  const ids = new Set([...entities, ...events, ...nearly.map(({ target }) => target)]);
  for (const target of [...(story.match?.entities ?? []), ...(story.match?.events ?? [])]) ids.add(target);
  const names = Object.fromEntries([...ids].map((target) => [target, matcher.nameOf(target)]));
  return { watchlist: matcher.version, entities, events, evidence, nearly, names };
}
