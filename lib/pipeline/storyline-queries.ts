import type { StorylineState } from '../core/storyline/storyline-state.ts';
import type { Evidence, Priority } from '../core/watchlist/matched.ts';
import { priorities } from '../core/watchlist/watchlist-source.ts';
import { matchRow } from './alert.ts';
import { keptStorylines } from './kept-storylines.ts';
import { mapLimited } from './map-limited.ts';
import { wordFilter } from './matches.ts';
import { unknownStoryline } from './near-ids.ts';
import type { LedgerRow } from './ports/ledger-store.ts';
import type { MatchRow, StoredStory } from './ports/story-store.ts';
import type { QueryDeps } from './queries.ts';
import {
  checkTargets,
  reaches,
  readChoice,
  readCursor,
  readLimit,
  readWindow,
  rowsAPage,
  writeCursor,
} from './query-values.ts';
import type { StorylineReader, StorylineRow, StorylineStoryRow } from './storyline-reader.ts';

/** As the command line and the API give it: every field a string, or absent. */
export type StorylinesQuery = Partial<
  Record<
    ('entity' | 'event' | 'state' | 'outlet' | 'lang' | 'priority' | 'text') | ('since' | 'until' | 'limit' | 'cursor'),
    string
  >
>;

export type StorylinesPage = {
  readonly storylines: readonly StorylineRow[];
  readonly next: string | null;
  /** Rows read to make the page, at most `rowsAPage`. */
  readonly read: number;
};

const states: readonly StorylineState[] = ['new', 'corroborated', 'escalated', 'corrected'];
/** Each story of a page is a row read, and may be 2 kB. */
const mostStories = 100;
/** The reader's keys are its own; whatever could not be one of ours is no cursor. */
const cursorShape = /^[\x20-\x7e\uffff]+$/;

/** Storylines, newest activity first: those open, and those closed within the window. */
export async function storylines(query: StorylinesQuery, deps: QueryDeps): Promise<StorylinesPage> {
  checkTargets(query, deps.matcher);
  const page = await readerOf(deps).list({
    ...readWindow(query, deps, deps.retentionDays),
    cursor: readCursor(query.cursor, cursorShape),
    limit: readLimit(query.limit, rowsAPage, 50),
    readAtMost: rowsAPage,
    keep: keeper(query, readChoice('state', query.state, states), readChoice('priority', query.priority, priorities)),
  });
  return { storylines: page.rows, next: writeCursor(page.next), read: page.read };
}

function keeper(
  query: StorylinesQuery,
  state: StorylineState | null,
  least: Priority | null,
): (row: StorylineRow) => boolean {
  const hasWords = wordFilter(query.text);
  return (row) =>
    (query.entity === undefined || row.entities.includes(query.entity)) &&
    (query.event === undefined || row.events.includes(query.event)) &&
    (query.outlet === undefined || row.outlets.includes(query.outlet)) &&
    (query.lang === undefined || row.langs.includes(query.lang.toLowerCase())) &&
    (state === null || row.states.includes(state)) &&
    reaches(row.priority, least) &&
    hasWords(row.title);
}

export type StorylinePage = {
  readonly storyline: StorylineRow;
  readonly stories: readonly StorylineStory[];
  readonly next: string | null;
  readonly alerts: readonly Alert[];
  /** Display names of its entities and events. */
  readonly names: Readonly<Record<string, string>>;
};

export type StorylineStory = StorylineStoryRow & {
  /** Null once the story has expired. */
  readonly match: MatchRow | null;
  readonly evidence: readonly Evidence[];
  /** Earlier titles, oldest first. */
  readonly revisions: StoredStory['revisions'];
};

export type Alert = Pick<LedgerRow, 'subscriber' | 'state' | 'story' | 'decided' | 'sent' | 'held'>;

/** One storyline with its stories in time, their earlier titles, and the alerts it brought. Reads a page of stories. */
export async function storyline(
  id: string,
  query: Partial<Record<'limit' | 'cursor', string>>,
  deps: QueryDeps,
): Promise<StorylinePage> {
  const limit = readLimit(query.limit, mostStories, 50);
  const cursor = readCursor(query.cursor, cursorShape);
  const reader = readerOf(deps);
  const row = (await reader.get(id)) ?? (await unknownStoryline('id', id, reader, deps));
  const { rows, next } = await reader.stories(id, { cursor, limit });
  const stories = await mapLimited(rows, 10, async (member) =>
    withText(member, id, await deps.store.stories.get(member.story)),
  );
  const alerts = (await deps.store.ledger.ofStoryline(id))
    .map(({ subscriber, state, story, decided, sent, held }) => ({ subscriber, state, story, decided, sent, held }))
    .sort((a, b) => (a.decided < b.decided ? -1 : 1));
  const nameOf = (target: string) => deps.matcher?.nameOf(target) ?? target;
  const names = Object.fromEntries([...row.events, ...row.entities].map((target) => [target, nameOf(target)]));
  return { storyline: row, stories, next: writeCursor(next), alerts, names };
}

function withText(member: StorylineStoryRow, storyline: string, story: StoredStory | null): StorylineStory {
  if (story === null || story.match === null) return { ...member, match: null, evidence: [], revisions: [] };
  return {
    ...member,
    match: matchRow({ ...story, match: story.match }, { placed: { ...member, storyline } }),
    evidence: story.match.evidence,
    revisions: story.revisions,
  };
}

function readerOf(deps: QueryDeps): StorylineReader {
  return deps.storylines ?? keptStorylines(deps.store);
}
