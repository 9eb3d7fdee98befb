/** An Atom feed (RFC 4287) of what we found. Times are ISO 8601 in UTC. */
export type AtomFeed = {
  /** An IRI that stays the same wherever and whenever the feed is read. */
  readonly id: string;
  readonly title: string;
  readonly self: string;
  readonly next: string | null;
  readonly entries: readonly AtomEntry[];
};

export type AtomEntry = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Where the story itself stands; null, or no http address, leaves the link out. */
  readonly url: string | null;
  readonly author: string;
  readonly lang: string | null;
  readonly published: string;
  readonly updated: string;
  readonly categories: readonly string[];
};

/** A tag URI (RFC 4151) under a name that never resolves, so it is nobody else's: `tag:wirewatch.invalid,2026:story/…`. */
export function atomId(kind: string, name: string): string {
  return `tag:wirewatch.invalid,2026:${kind}/${encodeURIComponent(name)}`;
}

export function atom(feed: AtomFeed): string {
  const newest = feed.entries.map(({ updated }) => updated).sort();
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    element('id', feed.id),
    element('title', feed.title),
    // A feed has to have a time; an empty one has never been changed.
    element('updated', newest.at(-1) ?? '1970-01-01T00:00:00.000Z'),
    `<link rel="self" type="application/atom+xml" href="${xmlText(feed.self)}"/>`,
    ...(feed.next === null ? [] : [`<link rel="next" type="application/atom+xml" href="${xmlText(feed.next)}"/>`]),
    '<generator>Wirewatch</generator>',
    ...feed.entries.map(entry),
    '</feed>',
    '',
  ].join('\n');
}

function entry(of: AtomEntry): string {
  const lang = of.lang !== null && /^[a-z0-9]{1,8}(-[a-z0-9]{1,8})*$/i.test(of.lang) ? ` xml:lang="${of.lang}"` : '';
  return [
    `<entry${lang}>`,
    element('id', of.id),
    `<title type="text">${xmlText(of.title)}</title>`,
    `<author>${element('name', of.author)}</author>`,
    element('published', of.published),
    element('updated', of.updated),
    ...(isWeb(of.url) ? [`<link rel="alternate" href="${xmlText(of.url)}"/>`] : []),
    ...of.categories.map((term) => `<category term="${xmlText(term)}"/>`),
    // An entry without an alternate link has to have content (RFC 4287, 4.1.2).
    isWeb(of.url)
      ? `<summary type="text">${xmlText(of.summary)}</summary>`
      : `<content type="text">${xmlText(of.summary)}</content>`,
    '</entry>',
  ].join('\n');
}

function isWeb(url: string | null): url is string {
  return url !== null && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function element(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}

/** Text and attribute values; what XML 1.0 cannot hold at all becomes a replacement character. */
function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
