import type { MatchedStory, PlaceStory } from './place-story.ts';
import type { FeedRow } from './ports/feed-store.ts';
import type { MatchRow, StoredStory, StoryStore } from './ports/story-store.ts';
import type { Placed, StorylineStore } from './ports/storyline-store.ts';
import { type TellDeps, type Told, tellAll } from './tell.ts';

export type AlertDeps = TellDeps & {
  readonly stories: StoryStore;
  readonly storylines: StorylineStore;
  readonly place: PlaceStory;
  readonly feed: (id: string) => Promise<FeedRow | null>;
};

export type AlertSummary = Told & {
  readonly filed: number;
  /** Null where there was nothing to decide. */
  readonly storyline: string | null;
  readonly duplicateOf: string | null;
  readonly reached: readonly string[];
};

const nothing: AlertSummary = {
  filed: 0,
  storyline: null,
  duplicateOf: null,
  reached: [],
  sent: 0,
  held: 0,
  unsent: 0,
};

/**
 * Decides one matched story: places it in its storyline, files it where queries look, tells each subscriber who is to
 * hear of the storyline's state, and ends the story's wait. May run again at any point: the place is found again, filing
 * repeats itself, the ledger lets one caller alone tell each subscriber, and the wait ends last.
 */
export async function decide(story: StoredStory, deps: AlertDeps): Promise<AlertSummary> {
  if (story.match === null || story.undecidedSince === null) return nothing;
  const matched = { ...story, match: story.match };
  const feed = (await deps.feed(story.feed))?.config;
  const place = await deps.place(matched, feed?.wire === true);
  await deps.stories.file(matchRow(matched, place));
  const told = story.tell ? await tellAll(matched, place, feed?.tier ?? 3, deps) : { sent: 0, held: 0, unsent: 0 };
  await deps.stories.decided(story.id, story.undecidedSince);
  const { storyline, duplicateOf, reached } = place.placed;
  return { filed: 1, storyline, duplicateOf, reached, ...told };
}

/** What lists of matches show of a story. */
export function matchRow(
  story: MatchedStory,
  { placed }: { readonly placed: Pick<Placed, 'storyline' | 'duplicateOf' | 'reached'> },
): MatchRow {
  return {
    id: story.id,
    storyline: placed.storyline,
    duplicateOf: placed.duplicateOf,
    reached: placed.reached,
    title: cut(story.title, 300),
    url: story.url,
    source: story.feed,
    outlet: story.outlet,
    lang: story.lang,
    published: story.published,
    seen: story.seen,
    entities: story.match.entities,
    events: story.match.events,
    priority: story.match.priority,
    words: [...new Set(story.match.evidence.map(({ text }) => cut(text, 40)))].slice(0, 6),
    summary: cut(story.summary, 200),
  };
}

/** So many characters at most, and no half of one: the store refuses those. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
