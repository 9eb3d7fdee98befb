import { type Story, storyId } from '../story.ts';
import type { FeedEntry } from './feed-entry.ts';
import { fingerprintOf, packFingerprints, titleMark, unpackFingerprints } from './fingerprints.ts';

export type FeedOrigin = { readonly id: string; readonly outlet: string; readonly lang: string };

export type NewsInFeed = {
  /** Oldest first, so that a batch cut short leaves the newest for the next poll. */
  readonly stories: readonly Story[];
  /** Known stories whose title changed. */
  readonly revised: readonly Story[];
  /** The fingerprints to remember once the stories are stored. */
  readonly known: Uint8Array;
  readonly changed: boolean;
};

/**
 * Tells apart what a feed lists for the first time, what it lists with another title, and what is known. Pure: storing
 * comes after, and a crash in between finds the same news again.
 */
export function newsInFeed(feed: FeedOrigin, entries: readonly FeedEntry[], known: Uint8Array, now: Date): NewsInFeed {
  const before = unpackFingerprints(known);
  const stories = new Map<string, Story>();
  for (const entry of identified(entries)) {
    const story = toStory(feed, entry, now);
    if (!stories.has(story.id)) stories.set(story.id, story);
  }
  const listed = [...stories.values()].map((story) => fingerprintOf(story.id, story.title));
  const marks = new Set(listed.map(({ mark }) => mark));

  const fresh: Story[] = [];
  const revised: Story[] = [];
  for (const story of stories.values()) {
    const print = fingerprintOf(story.id, story.title);
    const knownTitle = before.titleOf(story.id);
    if (knownTitle === null && !isMoved(story, before.withTitle(print.title), marks)) fresh.push(story);
    if (knownTitle !== null && knownTitle !== print.title) revised.push(story);
  }
  return {
    stories: fresh.reverse(),
    revised,
    known: packFingerprints(listed, before.list),
    changed: [...stories.values()].some((story) => before.titleOf(story.id) !== titleMark(story.title)),
  };
}

/**
 * Takes the address away from entries that it does not tell apart: a home page, or one address under several entries
 * (some feeds link every entry to the front page). These are named by the feed and their own id instead.
 */
function identified(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  const ids = new Map<string, Set<string>>();
  for (const { canonicalUrl, id } of entries) {
    if (canonicalUrl !== null) ids.set(canonicalUrl, (ids.get(canonicalUrl) ?? new Set()).add(id));
  }
  return entries.map((entry) => {
    const url = entry.canonicalUrl;
    if (url === null) return entry;
    const { pathname, search } = new URL(url);
    const shared = (ids.get(url)?.size ?? 0) > 1;
    return shared || (pathname === '/' && search === '') ? { ...entry, canonicalUrl: null } : entry;
  });
}

/**
 * A publisher that changes an entry's id and address keeps its title: a new id under a title that the feed had before is
 * the known story, unless the feed still lists the earlier one (then there are two of that name) or the title is so short
 * that it may be a section's ("News in brief").
 */
function isMoved(story: Story, earlier: string | null, listedMarks: ReadonlySet<string>): boolean {
  return earlier !== null && story.title.length >= 25 && !listedMarks.has(earlier);
}

function idOf(feed: FeedOrigin, entry: FeedEntry): string {
  return storyId({ outlet: feed.outlet, feed: feed.id, canonicalUrl: entry.canonicalUrl, entryId: entry.id });
}

function toStory(feed: FeedOrigin, entry: FeedEntry, now: Date): Story {
  const seen = now.toISOString();
  return {
    id: idOf(feed, entry),
    feed: feed.id,
    outlet: feed.outlet,
    url: entry.url,
    title: entry.title,
    summary: entry.summary,
    content: entry.content,
    lang: entry.lang ?? feed.lang,
    published: publishedAt(entry, seen),
    seen,
    authors: entry.authors,
    categories: entry.categories,
  };
}

/** The feed's date, in one form; the time it was seen where the feed gives none or one that has not come yet. */
function publishedAt(entry: FeedEntry, seen: string): string {
  const said = entry.published ?? entry.updated;
  if (said === null) return seen;
  const iso = new Date(said).toISOString();
  return iso > seen ? seen : iso;
}
