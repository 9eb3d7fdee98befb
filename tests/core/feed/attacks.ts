import type { FeedCut, FeedEntry } from '../../../lib/core/feed/feed-entry.ts';

/** What must be left of an attack: an error, or the entries and what was cut. */
type Outcome = {
  readonly error?: string;
  readonly entries?: number;
  readonly first?: Partial<FeedEntry>;
  readonly cuts?: readonly FeedCut[];
};

export type Attack = { readonly name: string; readonly feed: () => string | Uint8Array; readonly outcome: Outcome };

const limit = 8 * 1024 * 1024;

/** A feed of one story with this description. */
function describing(description: string, before = ''): string {
  const item = `<item><title>Story</title><guid isPermaLink="false">1</guid><description>${description}</description></item>`;
  return `${before}<rss version="2.0"><channel><title>Feed</title>${item}</channel></rss>`;
}

/** A feed with this between its head and its one story. */
function besides(content: string): string {
  return `<rss version="2.0"><channel><title>Feed</title>${content}<item><title>Story</title></item></channel></rss>`;
}

const deeper = 'elements deeper than 200';
const longTag = { what: 'attributes of a tag over 64 kB', count: 1 };
const entityBomb = Array.from({ length: 30 }, (_, level) => `<!ENTITY l${level} "${`&l${level - 1};`.repeat(10)}">`);

/** Each with what it may leave behind; the bounds of time and memory hold for all. */
export const attacks: readonly Attack[] = [
  {
    name: 'an entity bomb expands to nothing',
    feed: () => describing('&l29;', `<!DOCTYPE rss [${entityBomb.join('')}]>`),
    outcome: { entries: 1, first: { summary: '&l29;' }, cuts: [] },
  },
  {
    name: 'a quadratic entity bomb stays as it is written',
    feed: () => describing('&a;'.repeat(1000), `<!DOCTYPE rss [<!ENTITY a "${'a'.repeat(50_000)}">]>`),
    outcome: { entries: 1, first: { summary: '&a;'.repeat(1000) } },
  },
  {
    name: 'an external entity is not fetched',
    feed: () => describing('&e;', '<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    outcome: { entries: 1, first: { summary: '&e;' } },
  },
  {
    name: 'an external DTD and parameter entities are not fetched',
    feed: () =>
      describing(
        'text',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd" [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]>',
      ),
    outcome: { entries: 1, first: { summary: 'text' } },
  },
  {
    name: '100,000 elements inside each other, in a text',
    feed: () => describing('<a>'.repeat(100_000)),
    outcome: { entries: 1, cuts: [{ what: deeper, count: 99_804 }] },
  },
  {
    name: '100,000 elements inside each other, beside the stories',
    feed: () => besides(`<x>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</x>`),
    outcome: { entries: 1, first: { title: 'Story' }, cuts: [{ what: deeper, count: 99_803 }] },
  },
  {
    name: '100,000 channels inside each other',
    feed: () => besides('<channel>'.repeat(100_000)),
    outcome: { entries: 1, cuts: [{ what: deeper, count: 99_802 }] },
  },
  {
    name: '200,000 entries inside each other, each with a base',
    feed: () => `<feed>${'<entry xml:base="a/"><title>x</title>'.repeat(200_000)}`,
    outcome: { entries: 2000, cuts: [{ what: 'entries over 2000', count: 198_000 }] },
  },
  {
    name: '200,000 attributes on one tag',
    feed: () => besides(`<x ${Array.from({ length: 200_000 }, (_, index) => `a${index}="1"`).join(' ')}/>`),
    outcome: { entries: 1, first: { title: 'Story' }, cuts: [longTag] },
  },
  {
    name: 'an attribute of 7 MB',
    feed: () => besides(`<x a="${'a'.repeat(7_000_000)}"/>`),
    outcome: { entries: 1, first: { title: 'Story' }, cuts: [longTag] },
  },
  {
    name: 'an attribute of 20 MB is more than is read at all',
    feed: () => besides(`<x a="${'a'.repeat(20_000_000)}"/>`),
    outcome: { error: 'too-large' },
  },
  {
    name: 'a tag name of 7 MB',
    feed: () => besides(`<${'a'.repeat(7_000_000)}/>`),
    outcome: { entries: 1, cuts: [longTag] },
  },
  {
    name: '200,000 <',
    feed: () => describing('<'.repeat(200_000)),
    outcome: { entries: 1, first: { summary: '<'.repeat(200_000) }, cuts: [] },
  },
  {
    name: '100,000 escaped <p',
    feed: () => describing('&lt;p'.repeat(100_000)),
    outcome: { entries: 1, first: { summary: '<p'.repeat(100_000) } },
  },
  {
    name: '100,000 escaped <p that one > ends',
    feed: () => describing(`${'&lt;p '.repeat(100_000)}&gt;end`),
    outcome: { entries: 1, first: { summary: 'end' } },
  },
  {
    name: '100,000 tags that HTML does not know',
    feed: () => `<rss><channel><item><title>${'&lt;zz '.repeat(100_000)}&gt;</title></item></channel></rss>`,
    outcome: {
      entries: 1,
      cuts: [
        { what: 'sources of texts over 64 kB', count: 1 },
        { what: 'titles over 16 kB', count: 1 },
      ],
    },
  },
  {
    name: '100,000 CDATA sections that are not closed',
    feed: () => describing('<![CDATA['.repeat(100_000)),
    outcome: { entries: 1, first: { summary: '' }, cuts: [] },
  },
  {
    name: '100,000 CDATA sections and one end',
    feed: () => describing(`${'<![CDATA['.repeat(100_000)}]]>`),
    outcome: { entries: 1 },
  },
  {
    name: '1,000,000 comments that are not closed',
    feed: () => describing('<!--'.repeat(1_000_000)),
    outcome: { entries: 1, first: { summary: '' } },
  },
  {
    name: '1,000,000 processing instructions that are not closed',
    feed: () => besides('<?'.repeat(1_000_000)),
    outcome: { entries: 1 },
  },
  {
    name: '500,000 declarations that are not closed',
    feed: () => '<!DOCTYPE ['.repeat(500_000),
    outcome: { error: 'not-a-feed' },
  },
  {
    name: 'quotes that are not closed, alternating',
    feed: () => besides(`<a b='\n><a c="\n>`.repeat(400_000)),
    outcome: { cuts: [{ what: deeper, count: 799_802 }] },
  },
  {
    name: '5,000,000 bare ampersands',
    feed: () => describing('&'.repeat(5_000_000)),
    outcome: {
      entries: 1,
      first: { summary: '&'.repeat(200 * 1024) },
      cuts: [
        { what: 'sources of texts over 800 kB', count: 1 },
        { what: 'summaries over 200 kB', count: 1 },
      ],
    },
  },
  {
    name: '1,000,000 empty items',
    feed: () => besides('<item/>'.repeat(1_000_000)),
    outcome: { entries: 1, first: { title: 'Story' }, cuts: [{ what: 'empty entries', count: 1_000_000 }] },
  },
  {
    name: '250,000 items with a title',
    feed: () => besides('<item><title>a</title></item>'.repeat(250_000)),
    outcome: { entries: 2000, cuts: [{ what: 'entries over 2000', count: 248_001 }] },
  },
  {
    name: '300,000 categories of one item',
    feed: () => `<rss><channel><item><title>Story</title>${'<category>x</category>'.repeat(300_000)}`,
    outcome: { entries: 1, cuts: [{ what: 'values of one field over 100', count: 299_900 }] },
  },
  {
    name: '3,000 namespaces on the root and one on each of 100,000 items',
    feed: () => {
      const prefixes = Array.from({ length: 3000 }, (_, index) => `xmlns:a${index}="u"`).join(' ');
      return `<rss ${prefixes}><channel>${'<item xmlns:q="u"><title>k</title></item>'.repeat(100_000)}`;
    },
    outcome: { entries: 2000 },
  },
  {
    name: 'names that mean something in JavaScript',
    feed: () => {
      const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'];
      return besides(names.map((name) => `<${name} ${name}="1"><polluted>yes</polluted></${name}>`).join(''));
    },
    outcome: { entries: 1, first: { title: 'Story' } },
  },
  {
    name: 'active markup and javascript: links',
    feed: () => {
      const html = '<script>alert(1)</script><a href="javascript:alert(1)" onclick="x()">Words</a><svg onload="x()"/>';
      const item = `<item><title><![CDATA[${html}]]></title><link>javascript:alert(1)</link><description><![CDATA[${html}]]></description></item>`;
      return `<rss><channel>${item}</channel></rss>`;
    },
    outcome: { entries: 1, first: { title: 'Words', summary: 'Words', url: null, canonicalUrl: null } },
  },
  {
    name: 'a script that is opened 300,000 times',
    feed: () => describing('&lt;script&gt;&lt;style&gt;'.repeat(150_000)),
    outcome: { entries: 1, first: { summary: '' } },
  },
  {
    name: 'JSON nested 3,000,000 deep',
    feed: () => `{"version":"https://jsonfeed.org/version/1","items":${'['.repeat(3_000_000)}`,
    outcome: { error: 'broken' },
  },
  {
    name: 'JSON with 600,000 items',
    feed: () => `{"version":"https://jsonfeed.org/version/1","items":[${'{"id":1},'.repeat(600_000)}{"id":2}]}`,
    outcome: { entries: 2000, cuts: [{ what: 'entries over 2000', count: 598_001 }] },
  },
  {
    name: 'an address of 7 MB',
    feed: () =>
      `{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"https://e.example/${'a'.repeat(7_000_000)}"}]}`,
    outcome: { entries: 1, first: { id: '1', url: null }, cuts: [{ what: 'addresses over 4 kB', count: 1 }] },
  },
  {
    name: 'JSON with 7,000,000 ampersands of HTML',
    feed: () =>
      `{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_html":"${'&'.repeat(7_000_000)}"}]}`,
    outcome: {
      entries: 1,
      first: { content: '&'.repeat(200 * 1024) },
      cuts: [
        { what: 'sources of texts over 800 kB', count: 1 },
        { what: 'contents over 200 kB', count: 1 },
      ],
    },
  },
  {
    name: 'JSON whose __proto__ is set',
    feed: () =>
      '{"version":"https://jsonfeed.org/version/1","__proto__":{"polluted":1},"items":[{"id":1,"__proto__":{"title":"x"}}]}',
    outcome: { entries: 1, first: { id: '1', title: '' } },
  },
  {
    name: 'one byte more than is read',
    feed: () => new Uint8Array(limit + 1).fill(32),
    outcome: { error: 'too-large' },
  },
  {
    name: 'as many bytes as are read, all zero',
    feed: () => new Uint8Array(limit),
    outcome: { error: 'not-a-feed' },
  },
];
