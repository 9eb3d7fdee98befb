import type { FeedHead } from '../lib/core/feed/feed-entry.ts';
import type { FetchFeed } from '../lib/core/feed/fetched.ts';
import { findFeeds } from '../lib/core/feed/find-feeds.ts';
import { readFeed } from '../lib/core/feed/read-feed.ts';
import { PlainError } from '../lib/core/plain-error.ts';

/** A row of feeds.yaml as the commands write it. */
export type NewFeed = {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly outlet: string;
  readonly tier: number;
  readonly lang: string;
  readonly country: string;
  readonly checked: { readonly date: string; readonly source: string };
};

export type FoundFeed = { readonly url: string; readonly feed: FeedHead; readonly entries: number };

/** The feed at an address, or the first readable one that the page there names. */
export async function findFeed(address: string, fetchFeed: FetchFeed): Promise<FoundFeed> {
  const own = await tryAddress(address, fetchFeed);
  if (own.found !== null) return own.found;
  for (const candidate of own.html === null ? [] : findFeeds(own.html, address)) {
    const { found } = await tryAddress(candidate, fetchFeed);
    if (found !== null) return found;
  }
  throw new PlainError(`${address} is no feed and names none (${own.problem}); give the feed's own address`);
}

async function tryAddress(
  url: string,
  fetchFeed: FetchFeed,
): Promise<{ readonly found: FoundFeed | null; readonly html: string | null; readonly problem: string }> {
  const fetched = await fetchFeed({ url, etag: null, lastModified: null });
  if (fetched.kind === 'failed') return { found: null, html: null, problem: fetched.message };
  if (fetched.kind === 'unchanged') return { found: null, html: null, problem: 'it answers 304 to a first request' };
  const read = await readFeed(fetched.body, { contentType: fetched.contentType, url: fetched.url, now: new Date() });
  if (read.kind === 'feed')
    return { found: { url, feed: read.feed, entries: read.entries.length }, html: null, problem: '' };
  return { found: null, html: Buffer.from(fetched.body).toString('utf8'), problem: read.error.message };
}

/** A row for a found feed; what the caller does not say is taken from the feed and its address. */
export function rowFor(found: FoundFeed, said: Partial<NewFeed>, today: string): NewFeed {
  const host = new URL(found.url).hostname.replace(/^(www|rss|feeds?)\./, '');
  const name = said.name ?? (found.feed.title || host);
  const outlet = said.outlet ?? slug(host.split('.').at(0) ?? host);
  return {
    id: said.id ?? slug(`${outlet}-${lastPath(found.url)}`),
    url: found.url,
    name,
    outlet,
    tier: said.tier ?? 3,
    lang: said.lang ?? (found.feed.language?.split('-')[0] || 'en'),
    country: said.country ?? 'XX',
    checked: { date: today, source: 'added by hand, and read' },
  };
}

function lastPath(url: string): string {
  const part = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? 'feed';
  return part.replace(/\.(xml|rss|atom|json|rdf)$/i, '');
}

export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'feed'
  );
}
