import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFetchFeed } from '../../../lib/adapters/fetch-feed.ts';
import { readFeedsFile } from '../../../lib/core/config/feeds-file.ts';
import { readFeed } from '../../../lib/core/feed/read-feed.ts';
import { readNewsroomFeeds } from '../../../lib/local/newsroom/day.ts';
import { type Newsroom, startNewsroom } from '../../../lib/local/newsroom/newsroom.ts';

const dayStart = new Date('2025-06-26T00:00:00Z');
const at = (time: string) => new Date(`2025-06-26T${time}:00Z`);
const feeds = readNewsroomFeeds();

let newsroom: Newsroom;
let now = dayStart;
beforeAll(async () => {
  newsroom = await startNewsroom({ now: () => now, dayStart });
});
afterAll(() => newsroom.stop());

async function poll(id: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${newsroom.url}/feeds/${id}`, { headers });
  return { response, body: new Uint8Array(await response.arrayBuffer()) };
}

async function entriesOf(id: string) {
  const { response, body } = await poll(id);
  const contentType = response.headers.get('content-type');
  const read = await readFeed(body, { contentType, url: response.url, now });
  if (read.kind !== 'feed') throw new Error(`${id}: ${read.error.message}`);
  expect(read.warnings).toEqual([]);
  expect(read.cuts).toEqual([]);
  return read;
}

describe.each(feeds.map((feed) => [feed.id, feed] as const))('%s, read back over HTTP', (id, feed) => {
  test('brings every story of the day, each with its words, address and date', async () => {
    now = at('23:59');
    const { feed: head, entries } = await entriesOf(id);
    const mine = newsroom.day.filter((story) => story.feeds.includes(id)).reverse();
    expect(head).toMatchObject({ format: feed.format, title: feed.name });
    expect(
      entries.map(({ title, summary, canonicalUrl, published }) => ({ title, summary, canonicalUrl, published })),
    ).toEqual(
      mine.slice(0, feed.newest).map((story) => ({
        title: (story.edit ?? story).title,
        summary: (story.edit ?? story).summary,
        canonicalUrl: newsroom.url + story.path,
        published: new Date(dayStart.getTime() + story.dated * 60_000).toISOString(),
      })),
    );
  });

  test('lists the seed alone when the day begins', async () => {
    now = dayStart;
    const { entries } = await entriesOf(id);
    const seeds = newsroom.day.filter((story) => story.feeds.includes(id) && story.seed);
    expect(entries).toHaveLength(seeds.length);
    expect(seeds.length).toBeGreaterThan(0);
  });

  test('lists a story from its minute on, not before', async () => {
    const story = newsroom.day.find(({ feeds: listing, seed }) => listing.includes(id) && !seed);
    if (story === undefined) throw new Error(`${id} has no story in the day`);
    now = new Date(dayStart.getTime() + story.at * 60_000 - 1);
    const before = (await entriesOf(id)).entries.map(({ title }) => title);
    expect(before).not.toContain(story.title);
    now = new Date(dayStart.getTime() + story.at * 60_000);
    expect((await entriesOf(id)).entries[0]?.title).toBe(story.title);
  });

  test('answers 304 to its own validator until something changes, if it has one', async () => {
    now = at('01:00');
    const { response } = await poll(id);
    const etag = response.headers.get('etag');
    const lastModified = response.headers.get('last-modified');
    const headers: Record<string, string> = {
      ...(etag === null ? {} : { 'If-None-Match': etag }),
      ...(lastModified === null ? {} : { 'If-Modified-Since': lastModified }),
    };
    expect(Object.keys(headers)).toHaveLength(feed.validators === 'none' ? 0 : 1);
    now = at('01:10');
    expect((await poll(id, headers)).response.status).toBe(feed.validators === 'none' ? 200 : 304);
    now = at('23:59');
    expect((await poll(id, headers)).response.status).toBe(200);
  });
});

test('an outlet that is down answers 502 for its hour and comes back with what it published meanwhile', async () => {
  for (const [time, status] of [
    ['12:59', 200],
    ['13:00', 502],
    ['13:59', 502],
    ['14:00', 200],
  ] as const) {
    now = at(time);
    expect((await poll('northbridge')).response.status, time).toBe(status);
    expect((await poll('meridian')).response.status, time).toBe(200);
  }
  expect((await entriesOf('northbridge')).entries[0]?.title).toMatch(/through Oman/);
});

test('a correction keeps the address and changes the title and the guid', async () => {
  const found = async (time: string) => {
    now = at(time);
    return (await entriesOf('meridian')).entries.find(({ url }) => url?.endsWith('/qingdao-meeting-ends'));
  };
  const [first, corrected] = [await found('08:19'), await found('08:20')];
  expect(first?.title).not.toBe(corrected?.title);
  expect(corrected?.title).toMatch(/^CORRECTED/);
  expect(first?.id).not.toBe(corrected?.id);
  expect(first?.canonicalUrl).toBe(corrected?.canonicalUrl);
});

test.each([
  ['haifeng', 'gb18030', [0xd2, 0xc1, 0xc0, 0xca]],
  ['mashriq', 'windows-1256', [0xc5, 0xed, 0xd1, 0xc7, 0xe4]],
])('%s sends the bytes of %s', async (id, charset, bytes) => {
  now = at('00:00');
  const { response, body } = await poll(id);
  expect(response.headers.get('content-type')).toContain(charset);
  // "Iran" in Chinese and in Arabic, from the charsets' published tables.
  expect(Buffer.from(body).includes(Buffer.from(bytes))).toBe(true);
  expect(Buffer.from(body).toString('latin1')).not.toMatch(/&#x/);
});

test('its feeds.yaml is read without a problem and leads to the server', () => {
  const { feeds: rows, problems } = readFeedsFile(newsroom.feedsYaml, 'feeds.yaml');
  expect(problems).toEqual([]);
  expect(rows.map(({ url }) => url)).toEqual(feeds.map(({ id }) => `http://${newsroom.hostPort}/feeds/${id}`));
});

test('serves the page of a published story, and none before', async () => {
  const page = (path: string) => fetch(newsroom.url + path);
  now = at('01:39');
  expect((await page('/meridian/sco-ministers-gather')).status).toBe(404);
  now = at('01:40');
  const shown = await page('/meridian/sco-ministers-gather');
  expect(shown.status).toBe(200);
  expect(await shown.text()).toContain('<h1>SCO defence ministers gather in Qingdao under China&#39;s presidency</h1>');
});

test.each(['meridian', 'haifeng'])(
  '%s is polled by the real fetcher, and not sent again while unchanged',
  async (id) => {
    now = at('02:00');
    const { fetchFeed, close } = createFetchFeed({ allowHosts: [newsroom.hostPort] });
    try {
      const url = `${newsroom.url}/feeds/${id}`;
      const first = await fetchFeed({ url, etag: null, lastModified: null });
      if (first.kind !== 'fresh') throw new Error(JSON.stringify(first));
      expect(first.freshForSeconds).toBe(60);
      const again = await fetchFeed({ url, etag: first.etag, lastModified: first.lastModified });
      expect(again.kind).toBe('unchanged');
    } finally {
      await close();
    }
  },
);

test('a port that is taken makes way for a free one, so that two demos can run', async () => {
  const port = Number(new URL(newsroom.url).port);
  const second = await startNewsroom({ now: () => now, dayStart, port });
  expect(second.hostPort).not.toBe(newsroom.hostPort);
  expect((await fetch(`${second.url}/feeds/meridian`)).status).toBe(200);
  await second.stop();
});
