import { createHash } from 'node:crypto';
import { canonicalUrl } from './canonical-url.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { CutCounter, ReadLimits } from './limits.ts';
import { clip } from './plain-text.ts';

/** What was found of one entry, whichever format it came in. */
export type EntryParts = {
  /** The feed's own name for it; '' where it has none. */
  readonly givenId: string;
  readonly url: string | null;
  readonly title: string;
  readonly summary: string;
  readonly content: string;
  readonly published: Date | null;
  readonly updated: Date | null;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly lang: string | null;
};

/** What completing entries needs to know. */
export type Finishing = { readonly now: Date; readonly limits: ReadLimits; readonly cuts: CutCounter };

/**
 * An entry as the rest of the system sees it: with an id, within the limits, not dated in the future. Null where
 * nothing in it could ever be told or found again.
 */
export function finishEntry(parts: EntryParts, { now, limits, cuts }: Finishing): FeedEntry | null {
  const { title, summary, content } = parts;
  if (isEmpty(parts)) {
    cuts.add('empty entries');
    return null;
  }
  const cut = (text: string, limit: number, what: string) => {
    if (text.length > limit) cuts.add(`${what} over ${Math.round(limit / 1024)} kB`);
    return clip(text, limit).toWellFormed();
  };
  const tooLong = parts.url !== null && parts.url.length > limits.field;
  if (tooLong) cuts.add(`addresses over ${limits.field / 1024} kB`);
  const url = tooLong ? null : parts.url;
  const said = parts.published ?? parts.updated;
  const inFuture = said !== null && said.getTime() > now.getTime() + hourMs;
  return {
    id: idOf(parts, limits),
    url,
    canonicalUrl: url === null ? null : canonicalUrl(url),
    title: cut(title, limits.title, 'titles'),
    summary: cut(summary, limits.content, 'summaries'),
    content: cut(content, limits.content, 'contents'),
    published: (inFuture ? now : said)?.toISOString() ?? null,
    updated: notAfter(parts.updated, now)?.toISOString() ?? null,
    ...(inFuture ? { dateWasInFuture: true } : {}),
    authors: parts.authors.map((author) => clip(author, limits.field).toWellFormed()),
    categories: parts.categories.map((category) => clip(category, limits.field).toWellFormed()),
    lang: parts.lang,
  };
}

function isEmpty({
  givenId,
  url,
  title,
  summary,
  content,
  published,
  updated,
  categories,
  authors,
}: EntryParts): boolean {
  const words = `${givenId}${url ?? ''}${title}${summary}${content}${categories.join('')}${authors.join('')}`;
  return words === '' && published === null && updated === null;
}

const hourMs = 3_600_000;

function notAfter(date: Date | null, now: Date): Date | null {
  return date !== null && date.getTime() > now.getTime() + hourMs ? now : date;
}

/** An id longer than a field may be is hashed rather than cut, which could make two of one. */
function idOf({ givenId, url, title, published, updated, summary }: EntryParts, limits: ReadLimits): string {
  const id = givenId.toWellFormed();
  if (id !== '') return id.length <= limits.field ? id : hashed(id);
  if (url !== null) return url.length <= limits.field ? url : hashed(url);
  const date = published ?? updated;
  // Nothing but a text: then the text is its name.
  const words = title === '' && date === null ? summary : title;
  return hashed(`${words}\n${date?.toISOString() ?? ''}`);
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}
