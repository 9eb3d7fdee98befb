import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedEntry, ReadFeed } from '../../../lib/core/feed/feed-entry.ts';
import { readLimits } from '../../../lib/core/feed/limits.ts';

/** What the reader promises of its answer, whatever the bytes were. Returns what is broken, in words. */
export function brokenPromises(read: ReadFeed): string[] {
  if (read.kind === 'unreadable') {
    // What the repair lets through, the parser must take: its refusal would be a fault of ours.
    return read.error.message === '' || read.error.message.includes('could not be parsed') ? [read.error.message] : [];
  }
  const broken = read.entries.flatMap((entry, index) => ofEntry(entry).map((problem) => `entry ${index}: ${problem}`));
  if (read.entries.length > readLimits.entries) broken.push(`${read.entries.length} entries`);
  if (!isLink(read.feed.link)) broken.push(`feed link ${read.feed.link}`);
  for (const cut of read.cuts) if (cut.count < 1 || cut.what === '') broken.push(`cut ${JSON.stringify(cut)}`);
  return broken;
}

function ofEntry(entry: FeedEntry): string[] {
  const broken: string[] = [];
  if (entry.id === '' || entry.id.length > readLimits.field) broken.push(`id ${JSON.stringify(entry.id)}`);
  if (!isLink(entry.url)) broken.push(`url ${entry.url}`);
  if ((entry.url === null) !== (entry.canonicalUrl === null)) broken.push(`canonical ${entry.canonicalUrl}`);
  if (entry.title.length > readLimits.title) broken.push(`title of ${entry.title.length}`);
  if (entry.content.length > readLimits.content) broken.push(`content of ${entry.content.length}`);
  for (const text of [entry.title, entry.summary, entry.content, ...entry.authors, ...entry.categories]) {
    if (!isPlain(text)) broken.push(`text ${JSON.stringify(text.slice(0, 80))}`);
  }
  for (const date of [entry.published, entry.updated]) {
    if (date !== null && new Date(date).toISOString() !== date) broken.push(`date ${date}`);
  }
  if (entry.lang !== null && !/^[a-z0-9-]+$/.test(entry.lang)) broken.push(`lang ${entry.lang}`);
  return broken;
}

function isLink(link: string | null): boolean {
  return link === null || (/^https?:\/\//i.test(link) && URL.canParse(link));
}

/** Well-formed, folded, and without control characters. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}|\s\s|^\s|[\t\n\r]/u.test(text);
}

/** The feeds of the fixtures, as bytes. */
export function fixtureFeeds(): { name: string; body: Uint8Array }[] {
  const folder = join(import.meta.dirname, '../../fixtures/feeds');
  const files = globSync('*.{xml,json,bin}', { cwd: folder }).filter((file) => !file.endsWith('.expected.json'));
  return files.sort().map((name) => ({ name, body: readFileSync(join(folder, name)) }));
}

/** What feeds break on, to be strewn into them. */
export const shards: readonly string[] = [
  ...['<', '>', '&', ';', '"', "'", ']]>', '<![CDATA[', '<!--', '-->', '<?', '?>', '</', '/>', '<!DOCTYPE [', ']>'],
  ...['<item>', '</item>', '<entry>', '</entry>', '</channel>', '</rss>', '<title>', '</title>', '<link>', '<author>'],
  ...[
    '<name>',
    '</author>',
    '<source>',
    '<content type="xhtml">',
    '<div>',
    '<media:group>',
    'xmlns="x"',
    'xml:base="//"',
  ],
  ...[
    'xml:lang=""',
    '&#0;',
    '&#x110000;',
    '&#xd800;',
    '&amp;lt;',
    '\u0000',
    '\ufffe',
    '\ud800',
    '\u202e',
    'href="',
    '=',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    '\\u0000',
    '__proto__',
    '\xff\xfe',
    '\xef\xbb\xbf',
    '99999999999999999999',
    '-1',
    '24:00',
  ],
];
