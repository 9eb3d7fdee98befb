import { describe, expect, test } from 'vitest';
import type { FeedEntry } from '../../../lib/core/feed/feed-entry.ts';
import { type NewsInFeed, newsInFeed } from '../../../lib/core/feed/news-in-feed.ts';

const origin = { id: 'bbc-world', outlet: 'bbc', lang: 'en' };
const now = new Date('2026-11-24T09:00:00.000Z');
const earlier = '2026-11-24T08:00:00.000Z';
const none: Uint8Array = new Uint8Array();

function entry(id: string, fields: Partial<FeedEntry> = {}): FeedEntry {
  const url = `https://bbc.example/${id}`;
  return {
    id,
    url,
    canonicalUrl: url,
    title: `A title of no particular note for ${id}`,
    summary: '',
    content: '',
    published: earlier,
    updated: null,
    authors: [],
    categories: [],
    lang: null,
    ...fields,
  };
}

const news = (entries: readonly FeedEntry[], known = none, newest: string | null = null) =>
  newsInFeed(origin, entries, known, now, newest);
const titles = ({ stories }: NewsInFeed) => stories.map(({ title }) => title);

describe('what is new', () => {
  test('all of it at first, oldest first, and none of it again', () => {
    const entries = [entry('c'), entry('b'), entry('a')];
    const first = news(entries);
    expect(first.stories.map(({ url }) => url?.at(-1))).toEqual(['a', 'b', 'c']);
    expect(first.changed).toBe(true);
    expect(news(entries, first.known)).toMatchObject({ stories: [], revised: [], changed: false });
  });

  test('a crash before the fingerprints are saved finds the same stories under the same ids', () => {
    const entries = [entry('b'), entry('a')];
    expect(news(entries).stories).toEqual(news(entries).stories);
  });

  test('a feed that lists nothing is remembered as read', () => {
    const read = news([]);
    expect(read).toMatchObject({ stories: [], changed: true });
    expect(read.known.length).toBeGreaterThan(0);
    expect(news([], read.known).changed).toBe(false);
    expect(news([entry('a')], read.known).stories).toHaveLength(1);
  });

  test('an empty listing between two full ones brings nothing twice', () => {
    const entries = Array.from({ length: 90 }, (_, index) => entry(`s${index}`));
    const after = news([], news(entries).known);
    expect(news(entries, after.known).stories).toEqual([]);
  });

  test('a known address under a new id is no news', () => {
    const { known } = news([entry('a')]);
    expect(news([{ ...entry('a'), id: 'another' }], known)).toMatchObject({ stories: [], revised: [] });
  });

  test('two feeds of one outlet name a story alike; another outlet does not', () => {
    const [here] = news([entry('a')]).stories;
    const [there] = newsInFeed({ ...origin, id: 'bbc-top' }, [entry('a')], none, now).stories;
    const [elsewhere] = newsInFeed({ ...origin, outlet: 'irna' }, [entry('a')], none, now).stories;
    expect(there?.id).toBe(here?.id);
    expect(elsewhere?.id).not.toBe(here?.id);
  });

  test('without an address a story is named by the feed and its own id', () => {
    const bare = entry('a', { url: null, canonicalUrl: null });
    const [here] = news([bare]).stories;
    const [there] = newsInFeed({ ...origin, id: 'bbc-top' }, [bare], none, now).stories;
    expect(here?.url).toBeNull();
    expect(there?.id).not.toBe(here?.id);
  });
});

describe('an address that does not tell entries apart', () => {
  test.each([
    ['the home page', 'https://bbc.example/'],
    ['one page for all', 'https://bbc.example/live'],
  ])('%s', (_, url) => {
    const entries = ['a', 'b', 'c'].map((id) => entry(id, { url, canonicalUrl: url }));
    const found = news(entries);
    expect(new Set(found.stories.map(({ id }) => id)).size).toBe(3);
    expect(found.stories[0]?.url).toBe(url);
    expect(news(entries, found.known).stories).toEqual([]);
  });

  test('a home page with a query is an address', () => {
    const url = 'https://bbc.example/?id=7';
    const [here] = news([entry('a', { canonicalUrl: url })]).stories;
    const [there] = news([entry('b', { canonicalUrl: url })]).stories;
    expect(there?.id).toBe(here?.id);
  });

  test('one page listed twice under one title is one story', () => {
    const page = { url: 'https://bbc.example/x', canonicalUrl: 'https://bbc.example/x', title: 'One and the same' };
    expect(news([entry('a', page), entry('b', page)]).stories).toHaveLength(1);
  });
});

describe('a new title', () => {
  test('of a known story is a revision', () => {
    const { known } = news([entry('a')]);
    const found = news([entry('a', { title: 'Now something else' })], known);
    expect(found).toMatchObject({ stories: [], changed: true, revised: [{ title: 'Now something else' }] });
    expect(news([entry('a', { title: 'Now something else' })], found.known)).toMatchObject({
      revised: [],
      changed: false,
    });
  });

  test('that differs in case and spaces alone is none', () => {
    const { known } = news([entry('a', { title: 'Iran speaks' })]);
    expect(news([entry('a', { title: 'IRAN  speaks ' })], known)).toMatchObject({ revised: [], changed: false });
  });
});

describe('a new address under a known title', () => {
  const title = 'Iran and the powers meet again in Geneva';
  const { known } = news([entry('draft', { title })]);
  const listed = (fields: Partial<FeedEntry> = {}) => entry('final', { title, ...fields });

  test.each<[string, readonly FeedEntry[], string | null, number]>([
    ['is the known story', [listed()], earlier, 0],
    ['is the known story where no date is known', [listed()], null, 0],
    ['is the known story where it has no date', [listed({ published: null })], earlier, 0],
    ['is another while the first is still listed', [listed(), entry('draft', { title })], earlier, 1],
    [
      'is another where its date is later than all before',
      [listed({ published: '2026-11-24T08:30:00.000Z' })],
      earlier,
      1,
    ],
  ])('%s', (_, entries, newest, stories) => {
    expect(news(entries, known, newest).stories).toHaveLength(stories);
  });

  test.each([
    ['short in letters', 'News in brief', 1],
    ['short in characters and not in words', '上海合作组织国防部长会议在青岛举行', 0],
    ['short in characters too', '要闻', 1],
  ])('a title %s', (_, short, stories) => {
    const before = news([entry('draft', { title: short })]);
    expect(news([entry('final', { title: short })], before.known, earlier).stories).toHaveLength(stories);
  });
});

test.each([
  ['as the feed says', { published: '2026-11-24T07:00:00.000Z' }, '2026-11-24T07:00:00.000Z'],
  ['in one form', { published: '2026-11-24T07:00:00Z' }, '2026-11-24T07:00:00.000Z'],
  ['updated where not published', { published: null, updated: '2026-11-24T07:30:00.000Z' }, '2026-11-24T07:30:00.000Z'],
  ['when seen, where neither', { published: null }, now.toISOString()],
  ['when seen, where it is yet to come', { published: '2026-11-25T00:00:00.000Z' }, now.toISOString()],
])('a story is published %s', (_, fields, expected) => {
  expect(news([entry('a', fields)]).stories[0]?.published).toBe(expected);
});

test.each([
  ['the entry', 'fa', 'fa'],
  ['the feed, where the entry does not say', null, 'en'],
])("a story's language is what %s says", (_, lang, expected) => {
  expect(titles(news([entry('a', { lang })]))).toHaveLength(1);
  expect(news([entry('a', { lang })]).stories[0]?.lang).toBe(expected);
});
