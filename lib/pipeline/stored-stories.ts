import { mapLimited } from './map-limited.ts';
import type { Arrivals, StoredStory } from './ports/story-store.ts';
import type { QueryDeps } from './queries.ts';
import { readLimit, readTime } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';

/** As the API gives it: every field a string, or absent. `since` and `until` bound when a story arrived. */
export type StoriesQuery = Partial<Record<'since' | 'until' | 'limit' | 'cursor', string>>;

/** What a replay needs of a story: the text as stored (at most 2 kB, of what matched nothing 1, so content may be cut), and what it matched. */
export type ReplayStory = Pick<
  StoredStory,
  'id' | 'feed' | 'outlet' | 'url' | 'title' | 'summary' | 'content' | 'lang' | 'published' | 'seen' | 'match'
>;

export type StoriesPage = {
  /** In the order in which they arrived. */
  readonly stories: readonly ReplayStory[];
  readonly next: string | null;
  /** Rows read to make the page: arrivals and stories, at most `mostRows` each. */
  readonly read: number;
};

/** The most story rows a page reads, and the most arrivals rows or days without any. */
export const mostRows = 100;

/**
 * A story is named by the batch that stored it, or, where that batch ended before it could say so, by the next that finds it,
 * be that after a night in which nothing ran. What is named later still is an entry of long ago that its feed lists again.
 */
const namedWithinMs = 2 * 86_400_000;

/** Where a page begins: an arrivals row (`<at>#<by>`, or a time), and how many of its ids come before. */
type Place = { readonly from: string; readonly skip: number };

/**
 * All stored stories, matched or not, as far back as all are kept, by the arrivals rows of decision 0001. A story is given
 * once, but for one whose batch ended between naming it and saving what its feeds had learnt: that one may come twice.
 */
export async function storedStories(query: StoriesQuery, deps: QueryDeps): Promise<StoriesPage> {
  const now = deps.now();
  const oldest = new Date(now.getTime() - deps.unmatchedDays * 86_400_000).toISOString();
  const asked = readTime('since', query.since, deps) ?? oldest;
  // Older stories are kept only where they matched, and no page walks through the days before it.
  const [, since = oldest] = [asked, oldest].sort();
  const askedUntil = readTime('until', query.until, deps) ?? now.toISOString();
  const [until = askedUntil] = [askedUntil, now.toISOString()].sort();
  const limit = readLimit(query.limit, mostRows, mostRows);
  const arrived = await arrivedIds(readCursor(query.cursor) ?? { from: since, skip: 0 }, until, limit, deps);
  const found = await mapLimited(arrived.ids, 10, async ({ id, row }) => {
    const story = await deps.store.stories.get(id);
    return story === null || !isNamedBy(row, story) ? [] : [forReplay(story)];
  });
  return { stories: found.flat(), next: writeCursor(arrived.next), read: arrived.rows + arrived.ids.length };
}

type Arrived = { readonly id: string; readonly row: Arrivals };

function isNamedBy({ at, by, isPromise }: Arrivals, { feed, seen }: StoredStory): boolean {
  if (isPromise) return feed === by && seen === at;
  return Date.parse(at) - Date.parse(seen) <= namedWithinMs;
}

async function arrivedIds(
  start: Place,
  until: string,
  limit: number,
  deps: QueryDeps,
): Promise<{ ids: readonly Arrived[]; next: Place | null; rows: number }> {
  const ids: Arrived[] = [];
  let place = start;
  let rows = 0;
  while (place.from <= until) {
    const left = mostRows - rows;
    if (left <= 0) return { ids, next: place, rows };
    const day = place.from.slice(0, 10);
    const page = await deps.store.stories.arrivals(day, { from: place.from, limit: Math.min(left, limit) });
    // A day without arrivals costs a read, too.
    rows += Math.max(1, page.length);
    for (const row of page) {
      if (row.at > until) return { ids, next: null, rows };
      const key = `${row.at}#${row.by}`;
      const skip = key === place.from ? place.skip : 0;
      const taken = row.ids.slice(skip, skip + limit - ids.length);
      ids.push(...taken.map((id) => ({ id, row })));
      if (ids.length === limit) return { ids, next: { from: key, skip: skip + taken.length }, rows };
    }
    const last = page.at(-1);
    // A read may bring fewer rows than it asked for and leave some, so only none at all ends a day. The space begins
    // after the last key: no feed's id has one.
    place = { from: last === undefined ? dayAfter(day) : `${last.at}#${last.by} `, skip: 0 };
  }
  return { ids, next: null, rows };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function forReplay(story: StoredStory): ReplayStory {
  const { id, feed, outlet, url, title, summary, content, lang, published, seen, match } = story;
  return { id, feed, outlet, url, title, summary, content, lang, published, seen, match };
}

function writeCursor(place: Place | null): string | null {
  return place === null ? null : Buffer.from(`${place.skip}|${place.from}`).toString('base64url');
}

function readCursor(value: string | undefined): Place | null {
  if (value === undefined || value === '') return null;
  const found = /^(\d{1,6})\|(\d{4}-\d\d-\d\d(?:T[\d:.]+Z(?:#[\w.-]+ ?)?)?)$/.exec(
    Buffer.from(value, 'base64url').toString('utf8'),
  );
  // A day past the end of the calendar would break what follows.
  if (found !== null && !Number.isNaN(Date.parse((found[2] ?? '').slice(0, 10))))
    return { skip: Number(found[1]), from: found[2] ?? '' };
  throw new RefusedRequest('cursor', `"${value.slice(0, 40)}" is not a cursor; take "next" from the page before`);
}
