import { absoluteUrl } from './absolute-url.ts';
import type { EntryParts } from './entry-parts.ts';
import { readDate } from './feed-date.ts';
import type { FeedHead } from './feed-entry.ts';
import { languageTag } from './language-tag.ts';
import type { CutCounter, ReadLimits } from './limits.ts';
import { newest } from './newest.ts';
import { distinctNames, personName } from './person-name.ts';
import { clip, foldSpace, textOfHtml } from './plain-text.ts';

/** A JSON Feed 1.0 or 1.1, read; null where the text is JSON of another kind. */
export type JsonFeed = { readonly head: FeedHead; readonly entries: readonly EntryParts[] };

type Fields = Readonly<Record<string, unknown>>;

export function readJsonFeed(
  value: unknown,
  url: string | null,
  limits: ReadLimits,
  cuts: CutCounter,
): JsonFeed | null {
  const feed = fieldsOf(value);
  if (feed === null || !isJsonFeed(feed)) return null;
  const outer = [url, text(feed.feed_url)];
  const link = absoluteUrl(text(feed.home_page_url), outer);
  const language = languageTag(text(feed.language));
  const inherited = { bases: [link, ...outer], authors: authorsOf(feed), lang: language };
  const all = list(feed.items)
    .map(fieldsOf)
    .filter((item) => item !== null && Object.keys(item).length > 0) as Fields[];
  const kept = newest(all, limits.entries, (item) => readDate(text(item.date_published) || text(item.date_modified)));
  if (kept.length < all.length) cuts.add(`entries over ${limits.entries}`, all.length - kept.length);
  return {
    head: {
      format: 'json',
      title: clip(foldSpace(text(feed.title)), limits.title).toWellFormed(),
      link,
      description: clip(foldSpace(text(feed.description)), limits.content).toWellFormed(),
      language,
      ...{ ttlMinutes: null, updatePeriodMinutes: null, skipHours: [], skipDays: [] },
    },
    entries: kept.map((item) => entryOf(item, inherited, limits, cuts)),
  };
}

function isJsonFeed(feed: Fields): boolean {
  return text(feed.version).includes('jsonfeed.org/version') || (Array.isArray(feed.items) && 'title' in feed);
}

type Inherited = {
  readonly bases: readonly (string | null)[];
  readonly authors: readonly string[];
  readonly lang: string | null;
};

function entryOf(item: Fields, feed: Inherited, limits: ReadLimits, cuts: CutCounter): EntryParts {
  /** Like the source of a text in XML, four times as long at most as its words may be. */
  const source = (name: string, limit: number) => {
    const whole = text(item[name]);
    if (whole.length > limit * 4) cuts.add(`sources of texts over ${(limit * 4) / 1024} kB`);
    return clip(whole, limit * 4);
  };
  const givenId = text(item.id).trim();
  const address = absoluteUrl(text(item.url), feed.bases) ?? absoluteUrl(text(item.external_url), feed.bases);
  const authors = authorsOf(item);
  return {
    givenId,
    url: address ?? (/^https?:\/\//i.test(givenId) ? absoluteUrl(givenId, []) : null),
    title: foldSpace(source('title', limits.title)),
    summary: foldSpace(source('summary', limits.content)),
    content: textOfHtml(source('content_html', limits.content)) || foldSpace(source('content_text', limits.content)),
    published: readDate(text(item.date_published)),
    updated: readDate(text(item.date_modified)),
    // "If not specified in an item, then the top-level authors, if present, are the authors of the item" (1.1).
    authors: authors.length > 0 ? authors : feed.authors,
    categories: [
      ...new Set(
        listOrOne(item.tags)
          .slice(0, limits.values)
          .map((tag) => foldSpace(text(tag))),
      ),
    ].filter(Boolean),
    lang: languageTag(text(item.language)) ?? feed.lang,
  };
}

/** `authors` of version 1.1, else the `author` of 1.0. */
function authorsOf(fields: Fields): string[] {
  const authors = listOrOne(fields.authors);
  const people = authors.length > 0 ? authors : [fields.author];
  const names = people.slice(0, 100).map((person) => {
    if (typeof person === 'string') return personName(person);
    const author = fieldsOf(person);
    return author === null ? '' : personName(text(author.name) || text(author.url));
  });
  return distinctNames(names);
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Publishers forget the brackets around a single value. */
function listOrOne(value: unknown): readonly unknown[] {
  return value === undefined || value === null || Array.isArray(value) ? list(value) : [value];
}

/** A text, or a number as one: "if an id is presented as a number, a feed reader should coerce it to a string". */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
