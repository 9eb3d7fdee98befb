import { type Story, storyId } from '../story.ts';
import type { FeedEntry } from './feed-entry.ts';
import { fingerprintOf, packFingerprints, titleMark, unpackFingerprints } from './fingerprints.ts';

export type FeedOrigin = { readonly id: string; readonly outlet: string; readonly lang: string };

export type NewsInFeed = {
  /** Oldest first, so that a batch cut short leaves the newest for the next poll. */
  readonly stories: readonly Story[];
  /** Known stories whose title changed. */
  readonly revised: readonly Story[];
  /** How many it lists, known ones among them. */
  readonly listed: number;
  /** The fingerprints to remember once the stories are stored. */
  readonly known: Uint8Array;
  readonly changed: boolean;
};

/**
 * Tells apart what a feed lists for the first time, what it lists with another title, and what is known. Pure: storing
 * comes after, and a crash in between finds the same news again.
 * @param newestBefore when the newest story known so far was published, ISO 8601; null where that is not known
 */
export function newsInFeed(
  feed: FeedOrigin,
  entries: readonly FeedEntry[],
  known: Uint8Array,
  now: Date,
  newestBefore: string | null = null,
): NewsInFeed {
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
    const isLater = newestBefore !== null && story.published > newestBefore && story.published !== story.seen;
    if (knownTitle === null && (isLater || !isMoved(story, before.withTitle(print.title), marks))) fresh.push(story);
    if (knownTitle !== null && knownTitle !== print.title) revised.push(story);
  }
  return {
    stories: fresh.reverse(),
    revised,
    listed: stories.size,
    known: packFingerprints(listed.length + before.size === 0 ? [nothingListed] : listed, before.list),
    changed:
      before.size === 0 || [...stories.values()].some((story) => before.titleOf(story.id) !== titleMark(story.title)),
  };
}

/** Remembered of a feed that was read and listed nothing: it has been seeded, and what it lists next is news. */
const nothingListed = { mark: '0000000000000000', title: 0 };

/**
 * Takes the address away from entries that it does not tell apart: a home page, or one address under several entries
 * (some feeds link every entry to the front page). These are named by the feed and their own id instead.
 */
function identified(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  const ids = new Map<string, Set<string>>();
  const titles = new Map<string, Set<number>>();
  for (const { canonicalUrl: url, id, title } of entries) {
    if (url === null) continue;
    ids.set(url, (ids.get(url) ?? new Set()).add(id));
    titles.set(url, (titles.get(url) ?? new Set()).add(titleMark(title)));
  }
  return entries.map((entry) => {
    const url = entry.canonicalUrl;
    if (url === null) return entry;
    const { pathname, search } = new URL(url);
    // One page listed twice under one title is one story, whatever its ids.
    const shared = (ids.get(url)?.size ?? 0) > 1 && (titles.get(url)?.size ?? 0) > 1;
    return shared || (pathname === '/' && search === '') ? { ...entry, canonicalUrl: null } : entry;
  });
}

/**
 * A publisher that changes an entry's id and address keeps its title: a new id under a title that the feed had before is
 * the known story, unless the feed still lists the earlier one (then there are two of that name) or the title is so short
 * that it may be a section's ("News in brief"). A daily column keeps its title too, but its date is later than any known.
 */
function isMoved(story: Story, earlier: string | null, listedMarks: ReadonlySet<string>): boolean {
  return earlier !== null && lettersIn(story.title) >= 25 && !listedMarks.has(earlier);
}

/** A title's length as if in letters: a Chinese, Japanese or Korean character says as much as two or three of them. */
function lettersIn(title: string): number {
  const characters = title.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  return title.length + 1.5 * characters;
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
