import { beforeEach, describe, expect, test } from 'vitest';
import type { Fetched } from '../../lib/core/feed/fetched.ts';
import { type PollDeps, poll, pollTogether, splitBatch } from '../../lib/pipeline/poll.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import type { PollMessage } from '../../lib/pipeline/schedule.ts';
import { aFeed } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { claimFeeds, failing, fakeFetch, fresh, type Item, iso, minutes, pollDeps, start } from './world.ts';

let store: Store;
beforeEach(() => {
  store = memoryStore();
});

const page = (name: string) => `https://feed.example/${name}`;
const old: Item = { title: 'An earlier story about nothing much', link: page('old'), at: -600 };

/** Polls one feed as if alone: what it lists now is what `items` says. */
async function pollOnce(items: readonly Item[] | Fetched, minute: number, fields: Partial<PollDeps> = {}, id = 'bbc') {
  const config = aFeed(id, { outlet: 'bbc' });
  const answer = Array.isArray(items) ? fresh(items as Item[]) : (items as Fetched);
  const message = await claimFeeds(store, [config], iso(minute), `shard-${id}`);
  const deps = pollDeps(store, fakeFetch({ [config.url]: answer }).fetchFeed, {
    now: () => minutes(minute),
    ...fields,
  });
  return { summary: await poll(message, deps), lines: deps.lines };
}

/** Every story that was announced, so that a test need not know ids. */
async function stored(): Promise<readonly StoredStory[]> {
  const ids = new Set((await store.stories.arrivals('2026-11-24')).flatMap((row) => row.ids));
  const stories = await Promise.all([...ids].map((id) => store.stories.get(id)));
  return stories.filter((story) => story !== null);
}

const byTitle = async (title: string) => (await stored()).find((story) => story.title === title);

describe('what a poll stores', () => {
  test('the first poll seeds: stored and matched, nobody is told', async () => {
    const { summary } = await pollOnce([{ title: 'Iran speaks', link: page('a') }, old], 0);
    expect(summary).toMatchObject({ polled: 1, stories: 2, seeded: 2, matches: 1 });
    expect(await byTitle('Iran speaks')).toMatchObject({
      tell: false,
      undecidedSince: iso(0),
      match: { entities: ['iran'] },
    });
  });

  test('what comes after the seed is news; what was there is not stored again', async () => {
    await pollOnce([old], 0);
    const { summary } = await pollOnce([{ title: 'Iran speaks', link: page('a') }, old], 10);
    expect(summary).toMatchObject({ stories: 1, seeded: 0, matches: 1, known: 1 });
    expect(await byTitle('Iran speaks')).toMatchObject({ tell: true, undecidedSince: iso(10), seen: iso(10) });
    expect((await pollOnce([{ title: 'Iran speaks', link: page('a') }, old], 20)).summary).toMatchObject({
      stories: 0,
    });
    expect(await stored()).toHaveLength(2);
  });

  test('its shard counts the day: new, matched and known, in the write that sets the due times', async () => {
    await pollOnce([old], 0);
    await pollOnce([{ title: 'Iran speaks', link: page('a') }, old], 10);
    await pollOnce([{ title: 'Iran speaks', link: page('a') }, old], 20);
    const counts = {
      day: '2026-11-24',
      polls: 3,
      unchanged: 0,
      failed: 0,
      dropped: 0,
      stories: 2,
      matches: 1,
      known: 3,
    };
    expect((await store.feeds.shards())[0]?.counts).toEqual(counts);
  });

  test.each([
    ['without dates', { title: 'Iran speaks', link: page('a'), at: null }],
    ['with a date to come', { title: 'Iran speaks', link: page('a'), at: 600 }],
  ])('a seed %s tells nobody either', async (_, item) => {
    await pollOnce([item], 0);
    expect(await byTitle('Iran speaks')).toMatchObject({ tell: false, published: iso(0) });
  });

  test('a backfill tells what is younger than it', async () => {
    const items = [
      { title: 'Iran now', link: page('a'), at: -30 },
      { title: 'Iran then', link: page('b'), at: -90 },
    ];
    await pollOnce(items, 0, { backfillMs: 3_600_000 });
    expect(await byTitle('Iran now')).toMatchObject({ tell: true });
    expect(await byTitle('Iran then')).toMatchObject({ tell: false });
  });

  test.each([
    ['told', -47 * 60, true],
    ['not told', -49 * 60, false],
  ])('a story seen so long after its date is stored and %s', async (_, at, tell) => {
    await pollOnce([old], 0);
    await pollOnce([{ title: 'Iran late', link: page('late'), at }, old], 0);
    expect(await byTitle('Iran late')).toMatchObject({ tell, match: { entities: ['iran'] } });
  });

  test('a feed that listed nothing, then failed, is not seeded by its first story', async () => {
    await pollOnce([], 0);
    await pollOnce(failing('unreachable'), 10);
    const { summary } = await pollOnce([{ title: 'Iran speaks', link: page('a') }], 20);
    expect(summary).toMatchObject({ stories: 1, seeded: 0 });
    expect(await byTitle('Iran speaks')).toMatchObject({ tell: true });
  });

  test('a feed that failed first is seeded when it answers', async () => {
    await pollOnce(failing('unreachable'), 0);
    const { summary } = await pollOnce([old], 10);
    expect(summary).toMatchObject({ stories: 1, seeded: 1 });
  });
});

describe('a known story', () => {
  const before: Item = { title: 'Talks go on in Vienna', link: page('live'), at: -60 };
  const after: Item = { ...before, title: 'Israel and Iran agree a truce' };

  test('under a new title is revised and decided again', async () => {
    await pollOnce([old], 0);
    await pollOnce([before, old], 5);
    const { summary } = await pollOnce([after, old], 10);
    expect(summary.stories).toBe(0);
    expect(await byTitle(after.title)).toMatchObject({
      tell: true,
      undecidedSince: iso(10),
      match: { entities: ['iran', 'israel'], events: ['truce'] },
      revisions: [{ at: iso(10), title: before.title }],
    });
  });

  test('that was a silent seed is news once its title concerns somebody', async () => {
    await pollOnce([before], 0);
    await pollOnce([after], 10);
    expect(await byTitle(after.title)).toMatchObject({ tell: true, undecidedSince: iso(10) });
  });

  test('that was a silent match stays silent under a title that adds nothing', async () => {
    await pollOnce([{ ...before, title: 'Iran talks go on' }], 0);
    await pollOnce([{ ...before, title: 'Iran talks go on and on' }], 10);
    expect(await byTitle('Iran talks go on and on')).toMatchObject({ tell: false });
  });

  test('is known still when a poll ended before its state was saved', async () => {
    await pollOnce([old], 0);
    const crashing = { ...store.feeds, putPoll: () => Promise.reject(new Error('crash')) };
    await pollOnce([after, old], 5, { feeds: crashing });
    const first = await byTitle(after.title);
    await pollOnce([after, old], 10);
    expect(await byTitle(after.title)).toEqual(first);
    expect(first).toMatchObject({ tell: true, seen: iso(5) });
  });

  test('at a new address is not told again', async () => {
    const title = 'Iran and the powers meet again in Geneva';
    await pollOnce([{ title, link: page('draft'), at: -30 }], 0);
    const { summary } = await pollOnce([{ title, link: page('final'), at: -30 }], 10);
    expect(summary.stories).toBe(0);
  });

  test('at a new address and then under a new title is not lost', async () => {
    await pollOnce([{ title: 'The powers meet again in Geneva', link: page('draft'), at: -30 }], 0);
    await pollOnce([{ title: 'The powers meet again in Geneva', link: page('final'), at: -30 }], 10);
    await pollOnce([{ title: 'Iran and the powers agree', link: page('final'), at: -30 }], 20);
    expect(await byTitle('Iran and the powers agree')).toMatchObject({ tell: true, undecidedSince: iso(20) });
  });

  test("is not a daily column's new day", async () => {
    const title = 'Iran briefing: what we know this morning';
    await pollOnce([{ title, link: page('monday'), at: -1_440 }], 0);
    const { summary } = await pollOnce([{ title, link: page('tuesday'), at: 5 }], 10);
    expect(summary.stories).toBe(1);
    expect((await stored()).map(({ url }) => url).sort()).toEqual([page('monday'), page('tuesday')]);
  });
});

describe('two feeds of one outlet', () => {
  const story: Item = { title: 'Iran speaks', link: page('a') };

  test('bring one story', async () => {
    await pollOnce([old], 0, {}, 'top');
    await pollOnce([old], 0, {}, 'world');
    await pollOnce([story, old], 5, {}, 'top');
    const first = await byTitle('Iran speaks');
    expect((await pollOnce([story, old], 6, {}, 'world')).summary).toMatchObject({ stories: 0, matches: 0 });
    expect(await byTitle('Iran speaks')).toEqual(first);
  });

  test('polled at the same time bring it once', async () => {
    await pollOnce([old], 0, {}, 'top');
    await pollOnce([old], 0, {}, 'world');
    const both = await Promise.all([pollOnce([story, old], 5, {}, 'top'), pollOnce([story, old], 5, {}, 'world')]);
    expect(both.map(({ summary }) => summary.stories).sort()).toEqual([0, 1]);
  });

  test('tell it though the seed of the other had it first', async () => {
    await pollOnce([old], 0, {}, 'top');
    await pollOnce([story, old], 5, {}, 'world');
    expect(await byTitle('Iran speaks')).toMatchObject({ tell: false });
    await pollOnce([story, old], 6, {}, 'top');
    expect(await byTitle('Iran speaks')).toMatchObject({ tell: true, undecidedSince: iso(6) });
  });

  test('match it by what either says, in whichever order', async () => {
    const brief: Item = { title: 'Talks end', link: page('talks') };
    const full: Item = { ...brief, summary: 'Iran and Israel sign' };
    for (const id of ['top', 'world']) await pollOnce([old], 0, {}, id);
    await pollOnce([brief, old], 5, {}, 'top');
    expect(await byTitle('Talks end')).toMatchObject({ match: null, undecidedSince: null });
    await pollOnce([full, old], 6, {}, 'world');
    const found = await byTitle('Talks end');
    expect(found).toMatchObject({ tell: true, undecidedSince: iso(6), match: { entities: ['iran', 'israel'] } });
    expect(found?.summary).toBe('Iran and Israel sign');
  });

  test('keep both what one and what the other matched', async () => {
    for (const id of ['top', 'world']) await pollOnce([old], 0, {}, id);
    await pollOnce([{ title: 'Iran to talk', link: page('t') }, old], 5, {}, 'top');
    await pollOnce([{ title: 'Israel to talk', link: page('t') }, old], 6, {}, 'world');
    const found = await byTitle('Israel to talk');
    expect(found?.match?.entities).toEqual(['iran', 'israel']);
    expect(found?.match?.evidence.map(({ target }) => target)).toEqual(['israel', 'iran']);
  });
});

describe('a batch', () => {
  const config = (id: string, host = `${id}.example`, alternates: readonly string[] = []) =>
    aFeed(id, { url: `https://${host}/${id}`, alternates });
  const due = async (message: PollMessage) => (await store.feeds.shard(message.shard))?.feeds ?? {};

  test('one feed that breaks does not stop the others, and is due again soon', async () => {
    const feeds = ['bad', 'good', 'worse'].map((id) => config(id));
    const message = await claimFeeds(store, feeds);
    const { fetchFeed } = fakeFetch({
      'https://good.example/good': fresh([old]),
      'https://bad.example/bad': () => Promise.reject(new Error('our own fault')),
      'https://worse.example/worse': { ...fresh([]), body: new Uint8Array([1, 2, 3]) } as Fetched,
    });
    const deps = pollDeps(store, fetchFeed);
    expect(await poll(message, deps)).toMatchObject({ polled: 2, failed: 2, stories: 1 });
    const after = await due(message);
    expect(Object.values(after).map(({ claim }) => claim)).toEqual([null, null, null]);
    expect(after.bad?.due).toBe(iso(1));
    expect(deps.lines).toContainEqual(expect.objectContaining({ event: 'poll broke', feed: 'bad' }));
    expect((await store.feeds.get(['worse']))[0]?.state?.health).not.toBe('ok');
  });

  test('a host that is busy holds its other feeds, polled beside it or after', async () => {
    const feeds = Array.from({ length: 14 }, (_, index) => config(`f${index}`, 'one.example'));
    const message = await claimFeeds(store, [...feeds, config('free')]);
    const fetching = fakeFetch({
      ...Object.fromEntries(feeds.map(({ url }) => [url, fresh([])])),
      'https://one.example/f0': failing('busy', 7_200),
      'https://free.example/free': fresh([old]),
    });
    await poll(message, pollDeps(store, fetching.fetchFeed));
    const after = await due(message);
    for (const { id } of feeds) expect(after[id]?.due.localeCompare(iso(120))).toBeGreaterThanOrEqual(0);
    expect(after.free?.due.localeCompare(iso(120))).toBeLessThan(0);
    expect(fetching.asked.length).toBeLessThan(15);
  });

  test('a host that is busy holds those of its feeds that were not in the batch', async () => {
    const message = await claimFeeds(store, [
      config('asked', 'one.example'),
      config('later', 'one.example'),
      config('free'),
    ]);
    const fetching = fakeFetch({ 'https://one.example/asked': failing('busy', 7_200) });
    await poll({ ...message, feeds: ['asked'] }, pollDeps(store, fetching.fetchFeed));
    const after = await due(message);
    expect(after.later?.due.localeCompare(iso(120))).toBeGreaterThanOrEqual(0);
    expect(after.free?.due.localeCompare(iso(120))).toBeLessThan(0);
  });

  test('what the time does not suffice for is due at once, unharmed', async () => {
    const message = await claimFeeds(store, [config('a'), config('b')]);
    const fetching = fakeFetch({});
    const summary = await poll(message, pollDeps(store, fetching.fetchFeed, { timeLeftMs: () => 29_000 }));
    expect(summary).toMatchObject({ polled: 0, failed: 0, dropped: 0 });
    expect(fetching.asked).toEqual([]);
    expect(await due(message)).toEqual({
      a: { due: iso(0), claim: null, paused: false },
      b: { due: iso(0), claim: null, paused: false },
    });
  });

  test('a fetch that the end of the time cut short counts as no failure', async () => {
    const message = await claimFeeds(store, [config('slow')]);
    const end = new AbortController();
    const fetching = fakeFetch({
      'https://slow.example/slow': () => {
        end.abort();
        return failing('unreachable');
      },
    });
    await poll(message, pollDeps(store, fetching.fetchFeed, { timeUp: end.signal }));
    expect(await due(message)).toMatchObject({ slow: { due: iso(0), claim: null } });
    expect((await store.feeds.get(['slow']))[0]?.state).toBeNull();
  });

  test.each([
    ['an alternate is asked when the address fails', 60_000, ['https://a.example/a', 'https://b.example/'], 1],
    ['no alternate is begun without time for it', 20_000, ['https://a.example/a'], 0],
  ])('%s', async (_, leftAfterFirst, asked, stories) => {
    const message = await claimFeeds(store, [config('a', 'a.example', ['https://b.example/'])]);
    let left = 60_000;
    const fetching = fakeFetch({
      'https://a.example/a': () => {
        left = leftAfterFirst;
        return failing('unreachable');
      },
      'https://b.example/': fresh([old]),
    });
    const summary = await poll(message, pollDeps(store, fetching.fetchFeed, { timeLeftMs: () => left }));
    expect(fetching.asked.map(({ url }) => url)).toEqual(asked);
    expect(summary.stories).toBe(stories);
  });

  test.each<[string, (message: PollMessage) => Promise<void>]>([
    ['the shard is gone', ({ shard }) => store.feeds.removeShard(shard)],
    [
      'its claim was taken over',
      ({ shard }) => store.feeds.putShard(shard, { a: { due: iso(0), claim: iso(20), paused: false } }),
    ],
    [
      'it was answered before',
      ({ shard }) => store.feeds.putShard(shard, { a: { due: iso(9), claim: null, paused: false } }),
    ],
  ])('is dropped and counted where %s', async (_, happens) => {
    const message = await claimFeeds(store, [config('a')]);
    await happens(message);
    const before = await store.feeds.shard(message.shard);
    const fetching = fakeFetch({});
    const deps = pollDeps(store, fetching.fetchFeed);
    expect(await poll(message, deps)).toMatchObject({ polled: 0, dropped: 1 });
    expect(fetching.asked).toEqual([]);
    expect(await store.feeds.shard(message.shard)).toEqual(before);
    expect(deps.lines).toContainEqual(expect.objectContaining({ event: 'stale message dropped', dropped: 1 }));
  });

  test('is polled beside the others of its message, which one line sums up; what broke is thrown once they are done', async () => {
    const batches: PollMessage[] = [];
    for (const id of ['a', 'b', 'c']) batches.push(await claimFeeds(store, [config(id)], iso(0), `shard-${id}`));
    const { fetchFeed } = fakeFetch(
      Object.fromEntries(['a', 'b', 'c'].map((id) => [config(id).url, fresh([{ title: `Iran ${id}` }])])),
    );
    const finish: Store['feeds']['finish'] = (shard, ...rest) =>
      shard === 'shard-b' ? Promise.reject(new Error('throttled')) : store.feeds.finish(shard, ...rest);
    const deps = pollDeps(store, fetchFeed, { feeds: { ...store.feeds, finish } });
    await expect(pollTogether(batches, deps)).rejects.toThrow('throttled');
    expect(deps.lines.filter(({ event }) => event === 'batch polled')).toEqual([
      {
        ...{ event: 'batch polled', trace: iso(0), shards: ['shard-a', 'shard-c'], polled: 2, stories: 2, seeded: 2 },
        ...{ unchanged: 0, failed: 0, dropped: 0, matches: 2, known: 0 },
      },
    ]);
  });

  test('delivered twice at the same time stores once', async () => {
    await pollOnce([old], 0);
    const message = await claimFeeds(store, [aFeed('bbc', { outlet: 'bbc' })], iso(5), 'shard-bbc');
    const { fetchFeed } = fakeFetch({
      'https://bbc.example/rss': fresh([{ title: 'Iran speaks', link: page('a') }, old]),
    });
    const deps = pollDeps(store, fetchFeed, { now: () => minutes(5) });
    const both = await Promise.all([poll(message, deps), poll(message, deps)]);
    expect(both.map(({ stories }) => stories).sort()).toEqual([0, 1]);
    expect((await store.feeds.shard('shard-bbc'))?.feeds.bbc?.claim).toBeNull();
  });

  test('nothing new leaves the row unwritten and counts the poll', async () => {
    await pollOnce([old], 0);
    const writes: string[] = [];
    const counting = {
      ...store.feeds,
      putPoll: async (id: string, next: Parameters<Store['feeds']['putPoll']>[1]) => {
        writes.push(id);
        return store.feeds.putPoll(id, next);
      },
    };
    await pollOnce([old], 10, { feeds: counting });
    expect(writes).toEqual([]);
    expect((await store.feeds.shard('shard-bbc'))?.counts).toMatchObject({ day: '2026-11-24', polls: 2 });
  });

  test('from its second delivery it is single feeds under the same claim', async () => {
    const message = await claimFeeds(store, [config('a'), config('b')]);
    const sent: PollMessage[] = [];
    await splitBatch(message, async (batches) => void sent.push(...batches));
    expect(sent).toEqual([
      { ...message, feeds: ['a'] },
      { ...message, feeds: ['b'] },
    ]);
    const { fetchFeed } = fakeFetch({ 'https://b.example/b': fresh([old]) });
    await poll(sent[1] as PollMessage, pollDeps(store, fetchFeed));
    expect(await due(message)).toMatchObject({ a: { claim: start.toISOString() }, b: { claim: null } });
  });
});
