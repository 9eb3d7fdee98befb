import { beforeAll, describe, expect, test } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/feeds-file.ts';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { noPollCounts, type PollCounts } from '../../lib/core/feed/poll-counts.ts';
import { defaultPreferences, type Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { emptyTally } from '../../lib/core/subscriber/tally.ts';
import type { FeedRow } from '../../lib/pipeline/ports/feed-store.ts';
import type { LedgerRow } from '../../lib/pipeline/ports/ledger-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { AxisQuery, MatchRow, StoredMatch, StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import type { KeptStoryline, Placement } from '../../lib/pipeline/ports/storyline-store.ts';

const seen = '2026-11-24T09:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(seen) + minute * 60_000).toISOString();
const state = newPollState(new Date(seen));
const counts: PollCounts = { ...noPollCounts, day: '2026-11-24', polls: 1, stories: 2, matches: 1, known: 3 };

/** What each store promises in lib/pipeline/ports. `open` gives a store with nothing in it. */
export function storeSuite(name: string, open: () => Promise<Store>): void {
  describe(`${name}: feeds`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });

    test('a feed is read back as it was put, and only what is there is read', async () => {
      const config = aFeed('whole', { everySeconds: 300, alternates: ['https://b.example/rss'], checked: null });
      await store.feeds.putConfig(config, 'run-time');
      const rows = await store.feeds.get(['whole', 'nowhere', 'whole']);
      expect(rows).toEqual([
        { config, origin: 'run-time', pausedByHand: false, state: null, known: new Uint8Array(), revision: 0 },
      ]);
    });

    test('the list is what the shards hold', async () => {
      await store.feeds.putConfig(aFeed('listed'), 'file');
      await store.feeds.putConfig(aFeed('outside'), 'file');
      await store.feeds.putShard('list', { listed: { due: seen, claim: null, paused: false } });
      expect((await store.feeds.list()).map(({ config }) => config.id)).toEqual(['listed']);
      await store.feeds.removeShard('list');
      expect(await store.feeds.list()).toEqual([]);
    });

    test('more feeds than one read takes', async () => {
      const ids = Array.from({ length: 130 }, (_, index) => `many-${index}`);
      await Promise.all(ids.map((id) => store.feeds.putConfig(aFeed(id), 'file')));
      const read = (await store.feeds.get(ids)).map(({ config }) => config.id);
      expect(read.sort()).toEqual([...ids].sort());
    });

    test('for a poll the same rows are read, polled before or not', async () => {
      for (const id of ['polled', 'never']) await store.feeds.putConfig(aFeed(id), 'file');
      await store.feeds.putPoll('polled', { state, known: new Uint8Array(12), readRevision: 0 });
      const ids = ['never', 'nowhere', 'polled'];
      const byId = (rows: readonly FeedRow[]) => rows.toSorted((a, b) => (a.config.id < b.config.id ? -1 : 1));
      expect(byId(await store.feeds.getForPoll(ids))).toEqual(byId(await store.feeds.get(ids)));
      expect(await store.feeds.getForPoll([])).toEqual([]);
    });

    test('a new configuration keeps what polling has learnt', async () => {
      await store.feeds.putConfig(aFeed('learnt'), 'file');
      const known = new Uint8Array([1, 2, 3]);
      expect(await store.feeds.putPoll('learnt', { state, known, readRevision: 0 })).toBe(true);
      await store.feeds.putConfig(aFeed('learnt', { name: 'Renamed' }), 'file');
      const [row] = await store.feeds.get(['learnt']);
      expect(row).toMatchObject({ config: { name: 'Renamed' }, state, revision: 1 });
      expect([...(row?.known ?? [])]).toEqual([1, 2, 3]);
    });

    test('a new address forgets the old one and keeps the fingerprints; a poll of the old one settles nothing', async () => {
      await store.feeds.putConfig(aFeed('moved'), 'file');
      const known = new Uint8Array([7]);
      await store.feeds.putPoll('moved', { state: { ...state, health: 'gone' }, known, readRevision: 0 });
      await store.feeds.putConfig(aFeed('moved', { url: 'https://new.example/rss' }), 'file');
      const [row] = await store.feeds.get(['moved']);
      expect(row).toMatchObject({ state: null, config: { url: 'https://new.example/rss' } });
      expect([...(row?.known ?? [])]).toEqual([7]);
      expect(await store.feeds.putPoll('moved', { state, known, readRevision: 1 })).toBe(false);
      expect(await store.feeds.putPoll('moved', { state, known, readRevision: row?.revision ?? -1 })).toBe(true);
    });

    test('a pause by hand holds through new configurations, until it is taken back', async () => {
      const byHand = async () => (await store.feeds.get(['held']))[0]?.pausedByHand;
      await store.feeds.putConfig(aFeed('held'), 'file');
      await store.feeds.putPausedByHand('held', true);
      await store.feeds.putConfig(aFeed('held', { name: 'Renamed' }), 'file');
      await store.feeds.putConfig(aFeed('held', { url: 'https://new.example/rss' }), 'file');
      expect(await byHand()).toBe(true);
      await store.feeds.putPausedByHand('held', false);
      expect(await byHand()).toBe(false);
      await store.feeds.putPausedByHand('nobody', true);
      expect(await store.feeds.get(['nobody'])).toEqual([]);
    });

    test('of two polls that read the same row one is saved', async () => {
      await store.feeds.putConfig(aFeed('raced'), 'file');
      const save = (mark: number, readRevision: number) =>
        store.feeds.putPoll('raced', { state, known: new Uint8Array([mark]), readRevision });
      for (const revision of [0, 1, 2]) {
        const won = await Promise.all([save(1, revision), save(2, revision), save(3, revision)]);
        expect(won.filter(Boolean)).toHaveLength(1);
      }
      expect(await save(4, 1)).toBe(false);
    });

    test('the state of a removed feed brings nothing of it back', async () => {
      await store.feeds.putConfig(aFeed('removed'), 'file');
      await store.feeds.remove('removed');
      expect(await store.feeds.putPoll('removed', { state, known: new Uint8Array(), readRevision: 0 })).toBe(false);
      expect(await store.feeds.get(['removed'])).toEqual([]);
      await store.feeds.remove('removed');
    });
  });

  describe(`${name}: shards and claims`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    const free = { due: seen, claim: null, paused: false };
    const shardOf = async (id: string) => {
      const shard = await store.feeds.shard(id);
      if (shard === null) throw new Error(`no shard ${id}`);
      return shard;
    };

    test('a shard is read back, paused feeds and all, and new members keep its counts', async () => {
      await store.feeds.putShard('kept', { a: free, 'b-2': { due: at(5), claim: at(1), paused: true } });
      await store.feeds.finish('kept', at(1), { 'b-2': at(9) }, counts);
      await store.feeds.putShard('kept', { a: free });
      expect(await store.feeds.shard('kept')).toEqual({ id: 'kept', feeds: { a: free }, counts });
      expect(await store.feeds.shard('nowhere')).toBeNull();
    });

    test('of many ticks that race for a shard exactly one wins, forty feeds at once', async () => {
      const ids = Array.from({ length: 40 }, (_, index) => `feed-with-a-long-name-${index}`);
      await store.feeds.putShard('raced', Object.fromEntries(ids.map((id) => [id, free])));
      const read = await shardOf('raced');
      const ticks = Array.from({ length: 8 }, (_, index) => at(index + 1));
      const won = await Promise.all(ticks.map((tick) => store.feeds.claim(read, ids, tick)));
      const winner = ticks[won.indexOf(true)];
      expect(won.filter(Boolean)).toHaveLength(1);
      const claims = Object.values((await shardOf('raced')).feeds).map(({ claim }) => claim);
      expect(new Set(claims)).toEqual(new Set([winner]));
    });

    test('two ticks that want overlapping feeds do not both get the one they share', async () => {
      await store.feeds.putShard('overlap', { a: free, b: free, c: free });
      const read = await shardOf('overlap');
      const won = await Promise.all([
        store.feeds.claim(read, ['a', 'b'], at(1)),
        store.feeds.claim(read, ['b', 'c'], at(2)),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    test('a feed whose due time was moved since it was read is not claimed', async () => {
      await store.feeds.putShard('moved', { a: free, b: free });
      const read = await shardOf('moved');
      expect((await store.feeds.shards('lately')).find(({ id }) => id === 'moved')).toEqual(read);
      await store.feeds.postpone('moved', 'a', at(600));
      expect(await store.feeds.claim(read, ['a', 'b'], at(1))).toBe(false);
      expect(await store.feeds.claim(read, ['b'], at(1))).toBe(true);
    });

    test('a claim that was read may be taken over, by one', async () => {
      await store.feeds.putShard('lapsed', { a: { ...free, claim: at(-30) } });
      const read = await shardOf('lapsed');
      const won = await Promise.all([store.feeds.claim(read, ['a'], at(1)), store.feeds.claim(read, ['a'], at(2))]);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.feeds.claim(read, ['a'], at(3))).toBe(false);
    });

    test('a feed or shard removed meanwhile cannot be claimed', async () => {
      await store.feeds.putShard('shrunk', { a: free, b: free });
      const read = await shardOf('shrunk');
      await store.feeds.putShard('shrunk', { b: free });
      expect(await store.feeds.claim(read, ['a', 'b'], at(1))).toBe(false);
      await store.feeds.removeShard('shrunk');
      expect(await store.feeds.claim(read, ['b'], at(1))).toBe(false);
      expect(await store.feeds.shard('shrunk')).toBeNull();
    });

    test('finishing sets what the claim holds, frees it and counts, in whatever company', async () => {
      await store.feeds.putShard('done', { a: free, b: free, other: { ...free, claim: at(0) } });
      await store.feeds.claim(await shardOf('done'), ['a', 'b'], at(1));
      await store.feeds.finish('done', at(1), { a: at(10), b: at(20) }, counts);
      expect(await shardOf('done')).toEqual({
        id: 'done',
        feeds: { a: { ...free, due: at(10) }, b: { ...free, due: at(20) }, other: { ...free, claim: at(0) } },
        counts,
      });
    });

    test('postponing moves one feed back, never forward, and brings no removed one back', async () => {
      await store.feeds.putShard('later', { a: { ...free, due: at(5) }, b: { ...free, due: at(20) } });
      for (const feed of ['a', 'b', 'gone']) await store.feeds.postpone('later', feed, at(10));
      await store.feeds.postpone('no-such-shard', 'a', at(10));
      expect((await shardOf('later')).feeds).toEqual({ a: { ...free, due: at(10) }, b: { ...free, due: at(20) } });
    });

    test('finishing with one feed removed and one claimed anew still sets the third', async () => {
      await store.feeds.putShard('mixed', { a: free, b: free, c: free });
      await store.feeds.claim(await shardOf('mixed'), ['a', 'b', 'c'], at(1));
      await store.feeds.putShard('mixed', {
        b: { ...free, claim: at(2) },
        c: { ...free, claim: at(1) },
      });
      await store.feeds.finish('mixed', at(1), { a: at(10), b: at(10), c: at(10) }, counts);
      expect((await shardOf('mixed')).feeds).toEqual({
        b: { ...free, claim: at(2) },
        c: { ...free, due: at(10) },
      });
    });

    test('finishing twice, or after the shard has gone, changes nothing', async () => {
      await store.feeds.putShard('twice', { a: free });
      await store.feeds.claim(await shardOf('twice'), ['a'], at(1));
      await store.feeds.finish('twice', at(1), { a: at(10) }, counts);
      await store.feeds.finish('twice', at(1), { a: at(99) }, { ...counts, polls: 99 });
      expect(await shardOf('twice')).toMatchObject({ feeds: { a: { due: at(10), claim: null } }, counts });
      await store.feeds.removeShard('twice');
      await store.feeds.finish('twice', at(1), { a: at(10) }, counts);
      expect(await store.feeds.shard('twice')).toBeNull();
    });
  });

  describe(`${name}: stories`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });

    test('a story is read back, with its match and its wait', async () => {
      const story = aStory('back', { match: aMatch, undecidedSince: seen, content: 'A few words of text.'.repeat(3) });
      expect(await store.stories.putNew(story)).toBe(true);
      expect(await store.stories.get('back')).toEqual(story);
      expect(await store.stories.get('nowhere')).toBeNull();
    });

    test('of many copies put at once one is new, and it stays as it was', async () => {
      const copies = Array.from({ length: 6 }, (_, index) => aStory('copy', { title: `Copy ${index} of the story` }));
      const isNew = await Promise.all(copies.map((copy) => store.stories.putNew(copy)));
      expect(isNew.filter(Boolean)).toHaveLength(1);
      expect((await store.stories.get('copy'))?.title).toBe(`Copy ${isNew.indexOf(true)} of the story`);
    });

    test('a text with half a character, or none at all, is stored', async () => {
      const story = aStory('halves', {
        title: 'Broken \ud83d end',
        summary: '',
        content: '\udc00 lost half',
        url: null,
        lang: 'zh',
        match: { ...aMatch, evidence: [{ target: 'iran', field: 'title', start: 0, end: 3, text: 'x\ud83d' }] },
      });
      expect(await store.stories.putNew(story)).toBe(true);
      expect(await store.stories.get('halves')).toMatchObject({ url: null, summary: '' });
    });

    test('a revision keeps the earlier title; the same again changes nothing', async () => {
      await store.stories.putNew(aStory('revised', { title: 'First words', content: 'Body' }));
      const revision = {
        at: at(5),
        title: 'Second words',
        summary: 'New summary',
        match: aMatch,
        tell: true,
        undecided: true,
      };
      await store.stories.revise('revised', revision);
      await store.stories.revise('revised', { ...revision, at: at(9) });
      await store.stories.revise('nowhere', revision);
      expect(await store.stories.get('revised')).toMatchObject({
        title: 'Second words',
        summary: 'New summary',
        content: 'Body',
        match: aMatch,
        undecidedSince: at(5),
        revisions: [{ at: at(5), title: 'First words' }],
      });
      expect(await store.stories.get('nowhere')).toBeNull();
    });

    test('of revisions at the same time none is lost', async () => {
      await store.stories.putNew(aStory('both', { title: 'First', match: aMatch, undecidedSince: seen }));
      const revise = (title: string, minute: number) =>
        store.stories.revise('both', {
          at: at(minute),
          title,
          summary: '',
          match: aMatch,
          tell: true,
          undecided: true,
        });
      await Promise.all([revise('Second', 1), revise('Third', 2), store.stories.decided('both', seen)]);
      const story = await store.stories.get('both');
      expect(story?.revisions).toHaveLength(2);
      expect([at(1), at(2)]).toContain(story?.undecidedSince);
    });

    test('a title too long for its row is no new title when it comes again', async () => {
      const long = 'سازمان همکاری شانگهای '.repeat(40);
      await store.stories.putNew(aStory('long', { title: 'Short' }));
      const revision = { title: long, summary: '', match: null, tell: false, undecided: false };
      await store.stories.revise('long', { ...revision, at: at(1) });
      await store.stories.revise('long', { ...revision, at: at(2) });
      expect((await store.stories.get('long'))?.revisions).toEqual([{ at: at(1), title: 'Short' }]);
    });

    test('a seed that gains a match under the same title may be told from then on', async () => {
      await store.stories.putNew(aStory('silent', { title: 'Same', tell: false }));
      await store.stories.revise('silent', {
        at: at(3),
        title: 'Same',
        summary: 'Now with words',
        match: aMatch,
        tell: true,
        undecided: true,
      });
      expect(await store.stories.get('silent')).toMatchObject({
        tell: true,
        undecidedSince: at(3),
        match: aMatch,
        revisions: [],
      });
    });

    test('what waits is found oldest first, and a decision ends its own wait alone', async () => {
      const waits = ['w1', 'w2', 'w3'].map((id, index) =>
        aStory(id, { match: aMatch, undecidedSince: at(60 + index) }),
      );
      for (const story of [...waits].reverse()) await store.stories.putNew(story);
      const waiting = async () => (await store.stories.undecided(at(100), 10)).map(({ id }) => id);
      const before = (await waiting()).filter((id) => id.startsWith('w'));
      expect(before).toEqual(['w1', 'w2', 'w3']);
      expect((await store.stories.undecided(at(61), 10)).map(({ id }) => id)).not.toContain('w2');
      expect(await store.stories.undecided(at(100), 1)).toHaveLength(1);

      await store.stories.revise('w1', {
        at: at(70),
        title: 'A later title',
        summary: '',
        match: { ...aMatch, entities: ['iran', 'israel'] },
        tell: true,
        undecided: true,
      });
      await store.stories.decided('w1', at(60));
      expect(await waiting()).toContain('w1');
      await store.stories.decided('w1', at(70));
      await store.stories.decided('w1', at(70));
      await store.stories.decided('nowhere', at(70));
      expect(await waiting()).not.toContain('w1');
      expect(await store.stories.get('w1')).toMatchObject({ undecidedSince: null, title: 'A later title' });
    });

    test('arrivals come oldest first, by day', async () => {
      await store.stories.announce('b', at(2), ['y', 'z']);
      await store.stories.announce('a', at(1), ['x']);
      await store.stories.announce('a', at(1), ['x']);
      await store.stories.announce('a', '2026-11-25T00:00:00.000Z', ['tomorrow']);
      expect(await store.stories.arrivals('2026-11-24')).toEqual([
        { at: at(1), by: 'a', ids: ['x'], isPromise: false },
        { at: at(2), by: 'b', ids: ['y', 'z'], isPromise: false },
      ]);
      expect(await store.stories.arrivals('2026-11-23')).toEqual([]);
      const page = (from: string, limit: number) => store.stories.arrivals('2026-11-24', { from, limit });
      expect((await page('2026-11-24', 1)).map(({ by }) => by)).toEqual(['a']);
      expect((await page(`${at(1)}#a`, 2)).map(({ by }) => by)).toEqual(['a', 'b']);
      expect((await page(`${at(1)}#a `, 2)).map(({ by }) => by)).toEqual(['b']);
    });

    test('a sighting may be added again and again', async () => {
      await store.stories.addSighting('back', 'world', seen);
      await store.stories.addSighting('back', 'world', at(1));
    });
  });

  describe(`${name}: lists of matches`, () => {
    let store: Store;
    const published = [
      '2026-09-30T23:59:59.999Z',
      '2026-11-01T00:00:00.000Z',
      '2026-11-20T08:00:00.000Z',
      '2026-11-20T08:00:00.000Z',
      '2026-11-24T08:00:00.000Z',
    ];
    beforeAll(async () => {
      store = await open();
      for (const [index, date] of published.entries()) {
        const row = aRow(`m${index}`, date, index === 2 ? { events: ['truce'], lang: 'fa', source: 'irna' } : {});
        await store.stories.file(row);
        await store.stories.file(row);
      }
    });
    const all = ['m4', 'm3', 'm2', 'm1', 'm0'];
    const window: AxisQuery = {
      axis: { name: 'all' },
      since: '2026-09-01T00:00:00.000Z',
      until: '2026-11-24T09:00:00.000Z',
      cursor: null,
      limit: 50,
      readAtMost: 100,
      keep: () => true,
    };
    const ids = async (query: Partial<AxisQuery>) =>
      (await store.stories.page({ ...window, ...query })).rows.map(({ id }) => id);

    test.each<[string, Partial<AxisQuery>, string[]]>([
      ['everything, newest first, across an empty month', {}, all],
      ['an entity', { axis: { name: 'entity', value: 'iran' } }, all],
      ['an event', { axis: { name: 'event', value: 'truce' } }, ['m2']],
      ['a source', { axis: { name: 'source', value: 'irna' } }, ['m2']],
      ['a language', { axis: { name: 'lang', value: 'en' } }, ['m4', 'm3', 'm1', 'm0']],
      ['an axis without a row', { axis: { name: 'entity', value: 'nobody' } }, []],
      ['a window whose ends are stories', { since: published[1], until: published[2] }, ['m3', 'm2', 'm1']],
      ['a window between stories', { since: '2026-11-02T00:00:00.000Z', until: '2026-11-03T00:00:00.000Z' }, []],
      ['a window turned round', { since: '2026-11-20T00:00:00.000Z', until: '2026-11-10T00:00:00.000Z' }, []],
      [
        'a window turned round by a month',
        { since: '2026-11-20T00:00:00.000Z', until: '2026-10-10T00:00:00.000Z' },
        [],
      ],
      ['a filter', { keep: ({ lang }) => lang === 'fa' }, ['m2']],
      ['a cursor older than the window', { cursor: '2026-08-01T00:00:00.000Z#x' }, []],
      [
        "a cursor in the window's month and before it",
        { since: published[2], cursor: '2026-11-02T00:00:00.000Z#x' },
        [],
      ],
      [
        'a cursor newer than the window',
        { until: published[2], cursor: '2026-11-24T08:00:00.000Z#m4' },
        ['m3', 'm2', 'm1', 'm0'],
      ],
    ])('%s', async (_, query, expected) => {
      expect(await ids(query)).toEqual(expected);
    });

    test('a row is read back whole', async () => {
      const page = await store.stories.page({ ...window, axis: { name: 'event', value: 'truce' } });
      expect(page.rows).toEqual([aRow('m2', published[2] ?? '', { events: ['truce'], lang: 'fa', source: 'irna' })]);
    });

    test.each([1, 2, 3, 4, 5, 6])('pages of %i give every row once and end', async (limit) => {
      const found: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<typeof store.stories.page>> = await store.stories.page({
          ...window,
          limit,
          cursor,
        });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        found.push(...page.rows.map(({ id }) => id));
        cursor = page.next;
        pages += 1;
      } while (cursor !== null && pages < 20);
      expect(found).toEqual(all);
      expect(pages).toBe(Math.ceil(all.length / limit));
    });

    test.each([1, 2, 3])('pages that may read %i rows give every wanted row once and end', async (readAtMost) => {
      const found: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<typeof store.stories.page>> = await store.stories.page({
          ...window,
          cursor,
          limit: 10,
          readAtMost,
          keep: ({ id }) => id === 'm0' || id === 'm3',
        });
        expect(page.read).toBeLessThanOrEqual(readAtMost);
        found.push(...page.rows.map(({ id }) => id));
        cursor = page.next;
        pages += 1;
      } while (cursor !== null && pages < 20);
      expect(found).toEqual(['m3', 'm0']);
      expect(pages).toBeLessThanOrEqual(Math.ceil(all.length / readAtMost) + 1);
    });

    test('a full last page has no next', async () => {
      const page = await store.stories.page({ ...window, limit: all.length });
      expect(page).toMatchObject({ next: null, read: all.length });
    });
  });

  describe(`${name}: storylines`, () => {
    const window = { since: at(-10_000), until: at(10_000), cursor: null, limit: 10, readAtMost: 100 };
    const everyOne = { ...window, keep: () => true };
    const ids = ({ rows }: { readonly rows: readonly KeptStoryline[] }) => rows.map(({ storyline }) => storyline.id);
    const place = async (store: Store, kept: KeptStoryline, story = kept.storyline.id) => {
      const { revision } = await store.storylines.open();
      return store.storylines.place(aPlacement(kept, story), revision);
    };

    test('of many who decide upon one reading one alone is heard', async () => {
      const store = await open();
      const { storylines, revision } = await store.storylines.open();
      expect(storylines).toEqual([]);
      const tries = Array.from({ length: 8 }, (_, n) =>
        store.storylines.place(aPlacement(aKept(`l${n}`, 0), `s${n}`), revision),
      );
      const won = await Promise.all(tries);
      expect(won.filter(Boolean)).toHaveLength(1);
      const after = await store.storylines.open();
      expect(after.storylines.map(({ storyline }) => storyline.id)).toEqual([`l${won.indexOf(true)}`]);
      expect(await store.storylines.placed(`s${won.indexOf(false)}`)).toBeNull();
    });

    test('a story is placed once, whatever the revision', async () => {
      const store = await open();
      expect(await place(store, aKept('a', 0), 's')).toBe(true);
      expect(await place(store, aKept('b', 0), 's')).toBe(false);
      expect(await store.storylines.placed('s')).toEqual(aPlacement(aKept('a', 0), 's').placed);
      expect(await store.storylines.get('b')).toBeNull();
    });

    test('a revised story is placed again in its storyline, and only where it was placed', async () => {
      const store = await open();
      const revision = async () => (await store.storylines.open()).revision;
      const again = { ...aPlacement(aKept('a', 5), 's'), isRevision: true };
      expect(await store.storylines.place(again, await revision())).toBe(false);
      await place(store, aKept('a', 0), 's');
      expect(await store.storylines.place(again, await revision())).toBe(true);
      expect(await store.storylines.get('a')).toEqual(aKept('a', 5));
    });

    test('a storyline is read back as it was put, joined, and closed', async () => {
      const store = await open();
      await place(store, aKept('a', 0), 's1');
      const joined = { ...aKept('a', 5), matched: ['Iran', 'ایران', 'truce'] };
      await place(store, joined, 's2');
      expect(await store.storylines.get('a')).toEqual(joined);
      const { storylines, revision } = await store.storylines.open();
      expect(storylines).toEqual([joined]);
      expect(await store.storylines.close(joined, at(99), revision - 1)).toBe(false);
      expect(await store.storylines.close(joined, at(99), revision)).toBe(true);
      expect((await store.storylines.open()).storylines).toEqual([]);
      expect(await store.storylines.get('a')).toEqual({ ...joined, closed: at(99) });
    });

    test('what another process placed is seen', async () => {
      const store = await open();
      await place(store, aKept('a', 0));
      await store.storylines.open();
      await place(store, aKept('b', 1));
      const { storylines } = await store.storylines.open();
      expect(storylines.map(({ storyline }) => storyline.id).sort()).toEqual(['a', 'b']);
    });

    test('open and closed ones are listed by their latest story, page by page', async () => {
      const store = await open();
      const minutes = [1, -2_000, 3, -60_000, 5, 6];
      for (const [n, minute] of minutes.entries()) await place(store, aKept(`l${n}`, minute));
      for (const n of [1, 2, 3]) {
        const { storylines, revision } = await store.storylines.open();
        const kept = storylines.find(({ storyline }) => storyline.id === `l${n}`) as KeptStoryline;
        expect(await store.storylines.close(kept, at(99), revision)).toBe(true);
      }
      const far = { ...everyOne, since: at(-100_000) };
      expect(ids(await store.storylines.list(far))).toEqual(['l5', 'l4', 'l2', 'l0', 'l1', 'l3']);
      expect(ids(await store.storylines.list({ ...far, since: at(-3_000), until: at(4) }))).toEqual(['l2', 'l0', 'l1']);
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof store.storylines.list>> = await store.storylines.list({
          ...far,
          cursor,
          limit: 2,
          keep: ({ storyline }) => storyline.id !== 'l4',
        });
        expect(page.rows.length).toBeLessThanOrEqual(2);
        found.push(...ids(page));
        cursor = page.next;
      } while (cursor !== null);
      expect(found).toEqual(['l5', 'l2', 'l0', 'l1', 'l3']);
    });
  });

  describe(`${name}: ledger`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });

    test('of many deciders one claims an alert; another state or reader is another alert', async () => {
      const won = await Promise.all(Array.from({ length: 8 }, () => store.ledger.claim(aClaim('raced', 'reader'))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.ledger.claim(aClaim('raced', 'another'))).toBe(true);
      expect(await store.ledger.claim({ ...aClaim('raced', 'reader'), state: 'corrected' })).toBe(true);
      expect(await store.ledger.ofStoryline('raced')).toHaveLength(3);
      expect(await store.ledger.ofStoryline('race')).toEqual([]);
    });

    test('a claim waits until it is sent, is taken over by one, and sent once', async () => {
      const claim = aClaim('slow', 'reader', at(1));
      await store.ledger.claim(claim);
      const unsent = async (before: string) =>
        (await store.ledger.unsent(before, 50)).filter(({ storyline }) => storyline === 'slow');
      expect(await unsent(at(1))).toEqual([]);
      expect(await unsent(at(2))).toEqual([{ ...claim, sent: null }]);

      const row: LedgerRow = { ...claim, sent: null };
      const won = await Promise.all([at(5), at(6), at(7)].map((now) => store.ledger.reclaim(row, now)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.ledger.reclaim(row, at(8))).toBe(false);
      expect(await unsent(at(2))).toEqual([]);
      expect(await unsent(at(9))).toHaveLength(1);

      await store.ledger.markSent(claim, at(10));
      await store.ledger.markSent(claim, at(20));
      expect(await unsent(at(99))).toEqual([]);
      expect(await store.ledger.claim(claim)).toBe(false);
      const [sent] = (await store.ledger.sentOn('2026-11-24', 50)).filter(({ storyline }) => storyline === 'slow');
      expect(sent?.sent).toBe(at(10));
      const again = { ...claim, claimed: sent?.claimed ?? '', sent: null };
      expect(await store.ledger.reclaim(again, at(30))).toBe(false);
    });

    test('sending what was never claimed leaves no trace', async () => {
      await store.ledger.markSent(aClaim('never', 'reader'), at(1));
      expect(await store.ledger.ofStoryline('never')).toEqual([]);
    });

    test('a held alert waits for its time, and is then taken by one caller alone', async () => {
      const held = { until: at(30), why: 'quiet hours' as const };
      expect(await store.ledger.claim({ ...aClaim('night', 'sleeper'), held })).toBe(true);
      expect(await store.ledger.claim(aClaim('night', 'sleeper'))).toBe(false);
      const due = async (before: string) =>
        (await store.ledger.due(before, 50)).filter(({ subscriber }) => subscriber === 'sleeper');
      const unsent = async () =>
        (await store.ledger.unsent(at(59), 50)).filter(({ subscriber }) => subscriber === 'sleeper');
      expect(await due(at(30))).toEqual([]);
      expect(await unsent()).toEqual([]);
      const [row] = (await due(at(31))) as [LedgerRow];
      expect(row).toMatchObject({ storyline: 'night', held, sent: null });
      expect(await store.ledger.reclaim(row, at(31))).toBe(false);
      await store.ledger.markSent(row, at(31));
      const taken = await Promise.all([at(31), at(32), at(33)].map((now) => store.ledger.take(row, now)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await due(at(59))).toEqual([]);
      expect(await unsent()).toMatchObject([{ storyline: 'night', held: null, waited: 'quiet hours' }]);
    });

    test('what is held for one reader until one time is found by both', async () => {
      const hold = async (storyline: string, subscriber: string, minute: number) =>
        store.ledger.claim({ ...aClaim(storyline, subscriber), held: { until: at(minute), why: 'confirmation' } });
      await hold('one', 'joins', 40);
      await hold('two', 'joins', 40);
      await hold('later', 'joins', 41);
      await hold('other', 'joins-too', 40);
      const found = async (limit: number) =>
        (await store.ledger.heldUntil(at(40), 'joins', limit)).map(({ storyline }) => storyline).sort();
      expect(await found(10)).toEqual(['one', 'two']);
      expect(await found(1)).toHaveLength(1);
      for (const row of await store.ledger.heldUntil(at(40), 'joins', 10)) await store.ledger.take(row, at(5));
      expect(await found(10)).toEqual([]);
    });

    test('a held alert may be put off, and keeps its place among the held', async () => {
      const held = { until: at(30), why: 'sms cap' as const };
      const row = { ...aClaim('put-off', 'phone'), held };
      await store.ledger.claim(row);
      await store.ledger.postpone({ ...row, sent: null }, { until: at(90), why: 'quiet hours' });
      await store.ledger.postpone({ ...row, sent: null }, { until: at(5), why: 'burst' });
      const due = async (before: string) =>
        (await store.ledger.due(before, 50)).filter(({ subscriber }) => subscriber === 'phone');
      expect(await due(at(89))).toEqual([]);
      expect(await due(at(91))).toMatchObject([{ held: { until: at(90), why: 'quiet hours' } }]);
      expect(await store.ledger.take({ ...row, sent: null }, at(91))).toBe(false);
    });

    test('a claim that ends is no work and no alert, and cannot be claimed again', async () => {
      await store.ledger.claim(aClaim('ended', 'gone'));
      await store.ledger.end(aClaim('ended', 'gone'));
      await store.ledger.markSent(aClaim('ended', 'gone'), at(1));
      const [row] = (await store.ledger.ofStoryline('ended')) as [LedgerRow];
      expect(row.sent).toBeNull();
      expect(await store.ledger.reclaim(row, at(2))).toBe(false);
      expect((await store.ledger.unsent(at(59), 50)).filter(({ subscriber }) => subscriber === 'gone')).toEqual([]);
      expect(await store.ledger.claim(aClaim('ended', 'gone'))).toBe(false);
    });

    test('what was sent on a day comes newest first, so many as asked', async () => {
      for (const [index, sent] of [
        '2026-11-22T23:59:59.999Z',
        '2026-11-23T00:00:00.000Z',
        '2026-11-23T12:00:00.000Z',
      ].entries()) {
        await store.ledger.claim(aClaim(`day-${index}`, 'reader'));
        await store.ledger.markSent(aClaim(`day-${index}`, 'reader'), sent);
      }
      const on = async (limit: number) =>
        (await store.ledger.sentOn('2026-11-23', limit)).map(({ storyline }) => storyline);
      expect(await on(10)).toEqual(['day-2', 'day-1']);
      expect(await on(1)).toEqual(['day-2']);
    });
  });

  describe(`${name}: subscribers and control`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });

    test('subscribers are put, changed, listed and removed', async () => {
      expect(await store.subscribers.list()).toEqual([]);
      await store.subscribers.put(aSubscriber('s2'));
      await store.subscribers.put(aSubscriber('s1'));
      const confirmed = { ...aSubscriber('s1'), subscriptionArn: 'arn:aws:sns:eu-west-1:1:t:s' };
      await store.subscribers.put(confirmed);
      expect(await store.subscribers.list()).toEqual([confirmed, aSubscriber('s2')]);
      expect(await store.subscribers.get('s1')).toEqual(confirmed);
      await store.subscribers.remove('s1');
      await store.subscribers.remove('s1');
      expect(await store.subscribers.get('s1')).toBeNull();
      expect(await store.subscribers.list()).toEqual([aSubscriber('s2')]);
    });

    test('of two who write one tally the later reads again', async () => {
      expect(await store.subscribers.tally('counted')).toEqual({ tally: emptyTally, revision: 0 });
      const tally = { ...emptyTally, tokens: 3, tokensAt: at(1), lastTold: at(1) };
      expect(await store.subscribers.putTally('counted', tally, 0)).toBe(true);
      expect(await store.subscribers.putTally('counted', emptyTally, 0)).toBe(false);
      expect(await store.subscribers.tally('counted')).toEqual({ tally, revision: 1 });
      await store.subscribers.remove('counted');
      expect(await store.subscribers.tally('counted')).toEqual({ tally: emptyTally, revision: 0 });
    });

    test('the latest watchlist is live', async () => {
      expect(await store.control.liveWatchlist()).toBeNull();
      const first = { version: 'aa', key: 'k', applied: at(1), by: 'deploy' as const, entities: 1, events: 2 };
      await store.control.putWatchlist(first);
      await store.control.putWatchlist({ ...first, version: 'bb', by: 'command', applied: at(2) });
      expect(await store.control.liveWatchlist()).toMatchObject({ version: 'bb', by: 'command', applied: at(2) });
    });

    test('of writers that read the same running stories one is saved', async () => {
      expect(await store.control.running()).toEqual({ state: { v: 1, events: {} }, revision: 0 });
      const state = (outlet: string) => ({
        v: 1 as const,
        events: { truce: { stories: [[82_000, 3]] as const, outlets: [[outlet, 491_000]] as const } },
      });
      for (const revision of [0, 1]) {
        const outlets = ['bbc', 'irna', 'xinhua'];
        const won = await Promise.all(outlets.map((outlet) => store.control.putRunning(state(outlet), revision)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await store.control.running()).toEqual({
          state: state(outlets[won.indexOf(true)] ?? ''),
          revision: revision + 1,
        });
      }
    });

    test('link keys are written by whoever read them last', async () => {
      const key = { id: 1, secret: 'c2VjcmV0', retired: null };
      expect(await store.control.linkKeys()).toEqual({ keys: [], revision: 0 });
      expect(await store.control.putLinkKeys([key], 0)).toBe(true);
      expect(await store.control.putLinkKeys([{ ...key, id: 2 }], 0)).toBe(false);
      expect(await store.control.linkKeys()).toEqual({ keys: [key], revision: 1 });
      expect(
        await store.control.putLinkKeys(
          [
            { ...key, retired: at(1) },
            { ...key, id: 2 },
          ],
          1,
        ),
      ).toBe(true);
      expect((await store.control.linkKeys()).keys.map(({ id }) => id)).toEqual([1, 2]);
    });

    test('a day of a chart is set, not added to, and read by target and days', async () => {
      const event = { name: 'event' as const, value: 'truce' };
      const day = { day: '2026-11-24', hours: { '09': { stories: 3, outlets: 2 } }, outlets: ['bbc', 'irna'] };
      const more = { ...day, hours: { ...day.hours, '10': { stories: 1, outlets: 1 } } };
      await store.series.putDay(event, { ...day, day: '2026-11-23' });
      await store.series.putDay(event, day);
      await store.series.putDay(event, more);
      await store.series.putDay(event, more);
      await store.series.putDay({ name: 'entity', value: 'truce' }, day);
      await store.series.putDay({ name: 'all' }, { ...day, hours: {}, outlets: [] });
      expect(await store.series.days(event, '2026-11-24', '2026-11-30')).toEqual([more]);
      expect((await store.series.days(event, '2026-11-23', '2026-11-24')).map(({ day }) => day)).toEqual([
        '2026-11-23',
        '2026-11-24',
      ]);
      expect(await store.series.days({ name: 'entity', value: 'truce' }, '2026-11-24', '2026-11-24')).toEqual([day]);
      expect(await store.series.days({ name: 'all' }, '2026-11-24', '2026-11-24')).toMatchObject([{ hours: {} }]);
      expect(await store.series.days({ name: 'event', value: 'other' }, '2026-11-01', '2026-11-30')).toEqual([]);
    });

    test('a beat is the last one', async () => {
      expect(await store.control.beat('digest')).toBeNull();
      await store.control.putBeat('digest', at(1), { decided: 1 });
      await store.control.putBeat('digest', at(2), { decided: 0 });
      expect(await store.control.beat('digest')).toEqual({ at: at(2), note: { decided: 0 } });
    });
  });
}

export function aFeed(id: string, fields: Partial<FeedConfig> = {}): FeedConfig {
  return {
    id,
    url: `https://${id}.example/rss`,
    name: `Feed ${id}`,
    outlet: id,
    tier: 2,
    wire: false,
    lang: 'en',
    country: 'GB',
    everySeconds: null,
    paused: false,
    alternates: [],
    checked: { date: '2026-11-24', source: 'https://example.org' },
    ...fields,
  };
}

export const aMatch: StoredMatch = {
  entities: ['iran'],
  events: [],
  priority: 'normal',
  watchlist: 'v1',
  evidence: [{ target: 'iran', field: 'title', start: 2, end: 6, text: 'Iran' }],
};

export function aStory(id: string, fields: Partial<StoredStory> = {}): StoredStory {
  return {
    id,
    feed: 'bbc',
    outlet: 'bbc',
    url: `https://bbc.example/${id}`,
    title: 'A story',
    summary: 'What it says',
    content: '',
    lang: 'en',
    published: seen,
    seen,
    authors: ['A. Writer'],
    categories: ['World'],
    match: null,
    tell: true,
    undecidedSince: null,
    revisions: [],
    trace: `bbc@${seen}`,
    ...fields,
  };
}

export function aSubscriber(id: string, fields: Partial<Subscriber> = {}): Subscriber {
  return {
    ...defaultPreferences,
    id,
    consent: null,
    channel: 'email',
    topicArn: `arn:aws:sns:eu-west-1:000000000000:ww-${id}`,
    subscriptionArn: `arn:aws:sns:eu-west-1:000000000000:ww-${id}:1`,
    follow: ['*'],
    created: seen,
    confirmed: seen,
    ...fields,
  };
}

function aRow(id: string, published: string, fields: Partial<MatchRow> = {}): MatchRow {
  return {
    id,
    storyline: id,
    duplicateOf: null,
    reached: [],
    title: `Match ${id}`,
    url: null,
    source: 'bbc',
    outlet: 'bbc',
    lang: 'en',
    published,
    seen,
    entities: ['iran'],
    events: [],
    priority: 'normal',
    words: ['Iran'],
    summary: '',
    ...fields,
  };
}

function aKept(id: string, minute: number): KeptStoryline {
  return {
    storyline: {
      id,
      opened: at(minute),
      last: at(minute),
      stories: 1,
      title: `Storyline ${id}`,
      outlets: ['bbc'],
      wires: [],
      langs: ['en'],
      entities: [['iran', 1]],
      events: [],
      priority: 'normal',
      states: ['new'],
      texts: [],
      words: [],
      wordings: 1,
      norm: 1,
      figures: [],
      earlierOutlets: [],
      earlierWires: [],
    },
    matched: ['Iran'],
    closed: null,
  };
}

function aPlacement(storyline: KeptStoryline, story: string): Placement {
  const { id, title } = storyline.storyline;
  const placed = { storyline: id, title, duplicateOf: null, reached: ['new' as const], why: ['it opens'] };
  return { story, seen, placed, storyline, isRevision: false };
}

function aClaim(storyline: string, subscriber: string, claimed = seen): Omit<LedgerRow, 'sent'> {
  return {
    storyline,
    state: 'new',
    subscriber,
    story: storyline,
    published: seen,
    seen,
    decided: claimed,
    claimed,
    tier: 2,
    held: null,
    waited: null,
  };
}
