import { parseAtomFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { describe, expect, test } from 'vitest';
import { type AtomEntry, atom, atomId } from '../../../lib/core/export/atom.ts';

const entry = (fields: Partial<AtomEntry> = {}): AtomEntry => ({
  ...{ id: atomId('story', 's1'), title: 'Iran speaks', summary: 'In short', url: 'https://bbc.example/1' },
  ...{ author: 'bbc', lang: 'en', published: '2026-11-24T09:00:00.000Z', updated: '2026-11-24T09:01:00.000Z' },
  ...{ categories: ['truce', 'iran'], ...fields },
});
const feed = (entries: readonly AtomEntry[], next: string | null = null) =>
  atom({
    ...{ id: atomId('matches', 'event=truce'), title: 'Matches', self: 'https://w.example/api/matches' },
    next,
    entries,
  });

test('is read by two readers of feeds as it was meant', async () => {
  const text = feed(
    [entry(), entry({ id: atomId('story', 's2'), updated: '2026-11-24T08:00:00.000Z' })],
    'https://w.example/?a=1&b=2',
  );
  const read = parseAtomFeed(text);
  expect(read).toMatchObject({
    id: 'tag:wirewatch.invalid,2026:matches/event%3Dtruce',
    updated: '2026-11-24T09:01:00.000Z',
    links: [{ rel: 'self' }, { rel: 'next', href: 'https://w.example/?a=1&b=2' }],
  });
  expect(read.entries?.[0]).toMatchObject({
    id: 'tag:wirewatch.invalid,2026:story/s1',
    title: { value: 'Iran speaks' },
    authors: [{ name: 'bbc' }],
    categories: [{ term: 'truce' }, { term: 'iran' }],
    links: [{ rel: 'alternate', href: 'https://bbc.example/1' }],
  });
  expect((await new RssParser().parseString(text)).items).toHaveLength(2);
});

describe('stays one document, and its text stays text, with', () => {
  test.each([
    ['markup', '<script>alert(1)</script> & <b>"'],
    ['an end of a CDATA', 'a ]]> b'],
    ['what XML cannot hold', `a${String.fromCharCode(0, 27, 0xffff)}b\ud800c`],
    ['a picture and Persian', '🕊️ آتش‌بس'],
  ])('%s', async (_, hostile) => {
    const text = feed([
      entry({
        title: hostile,
        summary: hostile,
        author: hostile,
        categories: [hostile],
        url: `https://a.example/?${hostile}`,
      }),
    ]);
    const plain = [...hostile.toWellFormed()].map((one) => (/\p{Cc}|\uffff/u.test(one) ? '\ufffd' : one)).join('');
    // xml2js is strict: what is not well-formed throws.
    const { items } = await new RssParser().parseString(text);
    expect(items).toHaveLength(1);
    expect(items[0]?.title).toBe(plain);
  });
});

test.each([
  ['no address', null],
  ['an address that runs', 'javascript:alert(1)'],
  ['an address that is none', 'http//:'],
])('an entry with %s has content and no link', async (_, url) => {
  const text = feed([entry({ url })]);
  expect(text).not.toContain('rel="alternate"');
  expect(parseAtomFeed(text).entries?.[0]?.content?.value).toBe('In short');
});

test('an empty feed is one, too', () => {
  expect(parseAtomFeed(feed([]))).toMatchObject({ title: { value: 'Matches' }, updated: '1970-01-01T00:00:00.000Z' });
});

test('a language that is none is left out', () => {
  expect(feed([entry({ lang: 'fa-IR' })])).toContain('xml:lang="fa-IR"');
  expect(feed([entry({ lang: '"><x' })])).not.toContain('xml:lang');
});
