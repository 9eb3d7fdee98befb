import { expect, test } from 'vitest';
import { decodeBytes } from '../../../lib/core/feed/decode-bytes.ts';
import type { FeedEntry } from '../../../lib/core/feed/feed-entry.ts';
import { readFeed } from '../../../lib/core/feed/read-feed.ts';
import { type PlainEntry, readWithFeedsmith } from './feedsmith-reading.ts';
import { fixtureFeeds } from './reading-promises.ts';

// feedsmith leaves dates to Date.parse, which takes those without a zone for the machine's own.
process.env.TZ = 'UTC';

/**
 * Where this reader and feedsmith 3 differ on the fixtures, and why. A pattern is matched against `fixture field`; the
 * field is `feed` where one of the two refuses the feed, and `count` where they find another number of entries.
 * feedsmith is handed decoded text, since it decodes none itself.
 */
const explained: readonly (readonly [why: string, differences: RegExp])[] = [
  [
    'feedsmith gives HTML as it stands, we give its words',
    /^(?:description-(?!itunes|media)\S+ summary|atom-summary-html summary|(?:content-(?!xhtml)\S+|rdf-content|json-\S+|atom-\S+) content)$/,
  ],
  ['the same in titles', /^(?:title-(?:inline|escaped)-markup|title-cdata-entities|atom-title-\S+|atom-0\.3) title$/],
  ['RSS titles are often escaped once too often, and we undo it', /^title-escaped-(?:twice|thrice) title$/],
  ['we fold white space, no-break spaces included', /^title-(?:white-space|html-entities-bare) title$/],
  ['control characters, or references to them, leave our texts', /^title-(?:control-characters|bad-references) title$/],
  ['C1 controls are quotes and dashes of windows-1252', /^title-c1-controls title$/],
  ['instructions inside a text are no text', /^title-processing-instruction title$/],
  [
    'feedsmith leaves relative addresses to its caller',
    /^(?:atom-base-\S+|link-(?:\S+-)?relative\S*|json-relative-url) (?:url|id)$/,
  ],
  [
    'only http and https are addresses of stories',
    /^(?:link-(?:javascript\S*|data|file|ftp|mailto)|json-javascript-url) url$/,
  ],
  ['no address holds `&amp;`', /^link-cdata-escaped url$/],
  ['no name and password in an address', /^link-credentials url$/],
  ['a guid that is no address gives none', /^guid-not-an-address url$/],
  [
    'an id or rdf:about that is an address stands for a missing link',
    /^(?:\S+-id-(?:as-link|is-url)|json-id-is-url|rdf-about-only) url$/,
  ],
  ['an alternate link that is a web page comes first, rel may be a URI', /^atom-link-(?:html-first|rel-uri) url$/],
  ["Atom's link and author count in RSS too", /^(?:link-atom-in-rss url|author-atom-in-rss authors)$/],
  ['without a name an entry gets a hash', /^id-none-hashed id$/],
  ['r:about is not rdf:about, and feedsmith looks at local names', /^rdf-other-prefix id$/],
  ['a prefix bound to another namespace is another element', /^author-dc-other-namespace authors$/],
  [
    "entries have their feed's or source's authors",
    /^(?:atom-author-(?:inherited|source)|json-author-inherited) authors$/,
  ],
  [
    'podcast and media modules, which feedsmith keeps apart, fill what is missing',
    /^(?:author-(?:itunes|media-credit) authors|category-media categories|description-(?:itunes|media) summary|atom-media-group summary|title-empty-media title)$/,
  ],
  ['a name is better than an address', /^author-mail-and-creator authors$/],
  ['categories once each, a label where there is no term', /^(?:category-many|atom-category) categories$/],
  ['a title of another type counts as missing', /^json-odd-types title$/],
  ['__proto__ is a name like others', /^(?:json-proto count|repair-proto feed)$/],
  [
    'feedsmith leaves dates to its caller, here Date.parse: it knows no such spelling',
    /^date-(?:chinese|french|german|spanish|russian|turkish|persian-digits|iso-(?:basic|ordinal|week|short-offset)|rfc822-military|zone-\S+) published$/,
  ],
  [
    'and it takes days that do not exist for others, and leap seconds for none',
    /^date-(?:day-of-month-31|iso-february-30|year-1|leap-second) published$/,
  ],
  ['dcterms dates and a second date count where the first is none', /^date-(?:bad-then-good|dcterms) published$/],
  ['a date in the future becomes the time it was seen', /^date-future published$/],
  ['XHTML in RSS is content', /^content-xhtml-body content$/],
  ['feeds that are broken are mended', /^(?:json-)?repair-\S+ (?:feed|count|url|summary)$/],
  [
    'HTML-style links, bare channels, entry documents and empty feeds are feeds',
    /^(?:atom-unclosed-link|rss-bare-channel|atom-entry-document|atom-empty) feed$/,
  ],
];

const about = { contentType: null, url: null, now: new Date('2026-11-24T12:00:00Z') };

test('every difference from feedsmith is explained, and every explanation needed', async () => {
  const differences = (await Promise.all(fixtureFeeds().map(differencesIn))).flat();
  const unexplained = differences.filter((difference) => !explained.some(([, pattern]) => pattern.test(difference)));
  const unneeded = explained.filter(([, pattern]) => !differences.some((difference) => pattern.test(difference)));
  expect(unexplained).toEqual([]);
  expect(unneeded).toEqual([]);
});

test('the two agree on most fields', async () => {
  const feeds = fixtureFeeds();
  const differences = (await Promise.all(feeds.map(differencesIn))).flat();
  expect(differences.length).toBeLessThan(feeds.length / 2);
});

async function differencesIn({ name, body }: { name: string; body: Uint8Array }): Promise<string[]> {
  const fixture = name.replace(/\.\w+$/, '');
  const read = await readFeed(body, about);
  const theirs = readWithFeedsmith(decodeBytes(body, null).text);
  if (read.kind === 'unreadable' || theirs === null) {
    return (read.kind === 'unreadable') === (theirs === null) ? [] : [`${fixture} feed`];
  }
  if (read.entries.length !== theirs.length) return [`${fixture} count`];
  const fields = read.entries.map(plain).flatMap((ours, index) => differing(ours, theirs[index]!));
  return [...new Set(fields)].map((field) => `${fixture} ${field}`);
}

function differing(ours: PlainEntry, theirs: PlainEntry): string[] {
  const fields = Object.keys(ours) as (keyof PlainEntry)[];
  return fields.filter((field) => ours[field] !== String(theirs[field]));
}

function plain(entry: FeedEntry): PlainEntry {
  const { id, title, summary, content } = entry;
  return {
    ...{ id, title, summary, content, url: entry.url ?? '', published: entry.published ?? '' },
    authors: entry.authors.join(' | '),
    categories: entry.categories.join(' | '),
  };
}
