import { parseFeed } from 'feedsmith';

/** The fields in which the two readers are compared, in the form that feedsmith gives them, as little changed as can be. */
export type PlainEntry = {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly summary: string;
  readonly content: string;
  readonly published: string;
  readonly authors: string;
  readonly categories: string;
};

/** Reads with feedsmith, taking of each field what its documentation offers first. Null where it throws. */
export function readWithFeedsmith(text: string): PlainEntry[] | null {
  let parsed: ReturnType<typeof parseFeed>;
  try {
    parsed = parseFeed(text);
  } catch {
    return null;
  }
  if (parsed.format === 'atom') return (parsed.feed.entries ?? []).map(ofAtom);
  if (parsed.format === 'json') return (parsed.feed.items ?? []).map(ofJson);
  return (parsed.feed.items ?? []).map(ofRss);
}

// Its types differ for each format and module, and what is compared is what it gives, so it is read as loose data.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = any;

function ofRss(item: Loose): PlainEntry {
  return {
    id: item.guid?.value ?? item.rdf?.about ?? item.link ?? '',
    url: item.link ?? (item.guid?.isPermaLink === false ? '' : (item.guid?.value ?? '')),
    title: item.title ?? item.dc?.titles?.[0] ?? '',
    summary: item.description ?? item.dc?.descriptions?.[0] ?? '',
    content: item.content?.encoded ?? '',
    published: instant(item.pubDate ?? item.dc?.dates?.[0]),
    authors: joined(item.authors, (author) => author.name ?? author.email ?? author) || joined(item.dc?.creators),
    categories: joined(item.categories, (category) => category.name) || joined(item.dc?.subjects),
  };
}

function ofAtom(entry: Loose): PlainEntry {
  const link = entry.links?.find((candidate: Loose) => (candidate.rel ?? 'alternate') === 'alternate');
  return {
    id: entry.id ?? link?.href ?? '',
    url: link?.href ?? '',
    title: entry.title?.value ?? entry.title ?? '',
    summary: entry.summary?.value ?? entry.summary ?? '',
    content: entry.content?.value ?? entry.content ?? '',
    published: instant(entry.published ?? entry.updated),
    authors: joined(entry.authors, (author) => author.name ?? author.email),
    categories: joined(entry.categories, (category) => category.term),
  };
}

function ofJson(item: Loose): PlainEntry {
  return {
    id: item.id ?? item.url ?? '',
    url: item.url ?? item.external_url ?? '',
    title: item.title ?? '',
    summary: item.summary ?? '',
    content: item.content_html ?? item.content_text ?? '',
    published: instant(item.date_published ?? item.date_modified),
    authors: joined(item.authors, (author) => author.name),
    categories: joined(item.tags),
  };
}

function joined(values: Loose[] | undefined, name: (value: Loose) => string = String): string {
  return (values ?? []).map(name).join(' | ');
}

function instant(text: unknown): string {
  const time = Date.parse(String(text));
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
