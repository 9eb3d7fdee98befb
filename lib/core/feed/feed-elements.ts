/** How long the text of an element may be, by the limit that applies to it. */
export type Length = 'title' | 'content' | 'field';

const titles = ['title', 'dc:title', 'atom:title', 'media:title', 'itunes:title'];

const texts = [
  ...[
    'description',
    'summary',
    'content',
    'subtitle',
    'tagline',
    'content:encoded',
    'xhtml:body',
    'xhtml:div',
    'body',
    'fullitem',
  ],
  ...['dc:description', 'dcterms:abstract', 'dcterms:description', 'media:description', 'atom:summary', 'atom:content'],
  ...['itunes:summary', 'itunes:subtitle', 'atom:subtitle'],
];

const dates = [
  ...['pubdate', 'published', 'updated', 'issued', 'modified', 'created', 'date', 'dc:date', 'dcterms:issued'],
  ...['dcterms:created', 'dcterms:modified', 'dcterms:date', 'dcterms:available', 'atom:published', 'atom:updated'],
];

const itemFields = [
  ...['link', 'guid', 'id', 'author', 'category', 'language', 'atom:link', 'atom:id', 'atom:category', 'dc:creator'],
  ...[
    'dc:subject',
    'dc:language',
    'dc:author',
    'dcterms:creator',
    'itunes:category',
    'itunes:keywords',
    'media:category',
    'dcterms:subject',
    'dcterms:language',
    'itunes:author',
  ],
  ...['media:credit', 'name', 'email', 'uri'],
];

const headFields = [
  ...['link', 'id', 'language', 'dc:language', 'dcterms:language', 'atom:link', 'ttl', 'hour', 'day'],
  ...['sy:updateperiod', 'sy:updatefrequency', 'name', 'email', 'uri'],
];

/** The fields read from an entry and from the feed's head; any other element is passed over with all it holds. */
export const entryFields: readonly string[] = [...titles, ...texts, ...dates, ...itemFields];
export const feedFields: readonly string[] = [...titles, ...texts, ...headFields];
export const dateFields: ReadonlySet<string> = new Set(dates);

const lengths: ReadonlyMap<string, Length> = new Map([
  ...[...itemFields, ...headFields, ...dates].map((name) => [name, 'field'] as const),
  ...titles.map((name) => [name, 'title'] as const),
  ...texts.map((name) => [name, 'content'] as const),
]);

const inEntry: ReadonlySet<string> = new Set(entryFields);
const inHead: ReadonlySet<string> = new Set(feedFields);

/** The part an element plays. `through` means: its children count as its parent's. */
export type Role = 'channel' | 'entry' | 'author' | 'source' | 'through' | 'field' | 'skip';

export function roleOf(name: string, parent: 'head' | 'entry' | 'author' | 'source', atom: boolean): Role {
  if (parent === 'author') return ofPersons.has(name) ? 'field' : 'skip';
  if (name === 'author' && atom) return 'author';
  if (name === 'atom:author') return 'author';
  if (parent === 'source') return 'skip';
  if (name === 'item' || name === 'entry' || name === 'atom:entry') return 'entry';
  if (parent === 'entry') {
    if (name === 'source' && atom) return 'source';
    if (name === 'media:group' || name === 'media:content') return 'through';
    return inEntry.has(name) ? 'field' : 'skip';
  }
  if (name === 'channel') return 'channel';
  if (name === 'skiphours' || name === 'skipdays') return 'through';
  return inHead.has(name) ? 'field' : 'skip';
}

const ofPersons: ReadonlySet<string> = new Set(['name', 'email', 'uri']);

export function lengthOf(name: string): Length {
  return lengths.get(name) ?? 'field';
}

/** A known element of feeds, whose start ends an element that was not closed. */
export function isFeedElement(name: string): boolean {
  return (lengths.has(name) && !ofPersons.has(name)) || name === 'item' || name === 'entry' || name === 'channel';
}
