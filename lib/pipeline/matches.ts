import type { Priority } from '../core/watchlist/matched.ts';
import { priorities } from '../core/watchlist/watchlist-source.ts';
import { keptStorylines } from './kept-storylines.ts';
import { refuseUnknownSource } from './known-sources.ts';
import { unknownStoryline } from './near-ids.ts';
import type { Axis, MatchRow } from './ports/story-store.ts';
import type { QueryDeps } from './queries.ts';
import {
  checkTargets,
  reaches,
  readChoice,
  readCursor,
  readLimit,
  readWindow,
  rowsAPage,
  type Window,
  writeCursor,
} from './query-values.ts';
import type { StorylineRow } from './storyline-reader.ts';

/** As the command line and the API give it: every field a string, or absent. */
export type MatchesQuery = Partial<
  Record<
    | ('entity' | 'event' | 'source' | 'outlet' | 'lang' | 'priority' | 'storyline' | 'text')
    | ('since' | 'until' | 'limit' | 'cursor'),
    string
  >
>;

export type MatchesPage = {
  readonly matches: readonly MatchRow[];
  readonly next: string | null;
  /** Rows read to make the page, at most `rowsAPage`. */
  readonly read: number;
};

const cursorShape = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#[\w-]+$/;

/** Stored matches, newest first, read along one indexed axis; the other filters work inside what it reads. */
export async function matches(given: MatchesQuery, deps: QueryDeps): Promise<MatchesPage> {
  const query = { ...given, lang: given.lang?.toLowerCase() };
  checkTargets(query, deps.matcher);
  const limit = readLimit(query.limit, rowsAPage, 50);
  const cursor = readCursor(query.cursor, cursorShape);
  const keep = keeper(query, readChoice('priority', query.priority, priorities));
  const window = readWindow(query, deps, deps.retentionDays);
  const storyline = query.storyline === undefined ? null : await storylineOf(query.storyline, deps);
  const page = await deps.store.stories.page({
    axis: storyline === null ? axisOf(query) : { name: 'storyline', value: storyline.id },
    ...(storyline === null ? window : within(window, storyline)),
    cursor,
    limit,
    readAtMost: rowsAPage,
    keep,
  });
  if (page.rows.length === 0 && cursor === null) await refuseUnknownSource(query, window, deps.store);
  return { matches: page.rows, next: writeCursor(page.next), read: page.read };
}

/** A storyline's stories lie on an axis of their own; its times say in which months. */
async function storylineOf(id: string, deps: QueryDeps): Promise<StorylineRow> {
  const reader = deps.storylines ?? keptStorylines(deps.store);
  return (await reader.get(id)) ?? (await unknownStoryline('storyline', id, reader, deps));
}

function within(window: Window, { opened, last }: StorylineRow): Window {
  return {
    since: opened > window.since ? opened : window.since,
    until: last < window.until ? last : window.until,
  };
}

/** The rarest of the named axes is a guess: an event has fewer stories than an entity, a source fewer than a language. */
function axisOf(query: MatchesQuery): Axis {
  for (const name of ['event', 'entity', 'source', 'lang'] as const) {
    const value = query[name];
    if (value !== undefined) return { name, value };
  }
  return { name: 'all' };
}

function keeper(query: MatchesQuery, least: Priority | null): (row: MatchRow) => boolean {
  const hasWords = wordFilter(query.text);
  return (row) =>
    (query.entity === undefined || row.entities.includes(query.entity)) &&
    (query.event === undefined || row.events.includes(query.event)) &&
    (query.source === undefined || row.source === query.source) &&
    (query.outlet === undefined || row.outlet === query.outlet) &&
    (query.lang === undefined || row.lang === query.lang) &&
    (query.storyline === undefined || row.storyline === query.storyline) &&
    reaches(row.priority, least) &&
    hasWords(`${row.title} ${row.summary}`);
}

/** Every one of the words, in any order and case, anywhere in the text. */
export function wordFilter(words: string | undefined): (text: string) => boolean {
  const wanted = (words ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return wanted.every((word) => lower.includes(word));
  };
}
