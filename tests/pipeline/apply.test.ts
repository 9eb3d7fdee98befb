import { beforeEach, describe, expect, test } from 'vitest';
import { neverAgain, newPollState } from '../../lib/core/feed/after-poll.ts';
import { createMatcher } from '../../lib/core/watchlist/matcher.ts';
import { decodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import { type Applied, type ApplyDeps, type ApplyRequest, applyConfig, sourceKey } from '../../lib/pipeline/apply.ts';
import { addFeeds, removeFeed, setPaused } from '../../lib/pipeline/feed-admin.ts';
import type { WatchlistVersion } from '../../lib/pipeline/ports/control-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { rollBack } from '../../lib/pipeline/rollback.ts';
import { aFeed } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, minutes } from './world.ts';

const feed = (id: string, fields = '') => `  - id: ${id}
    url: https://${id}.example/rss
    name: Feed ${id}
    outlet: ${id}
    tier: 2
    lang: en
    country: GB
${fields}`;
const feedsFile = (...rows: string[]) => `feeds:\n${rows.join('')}`;

const entities = `entities:
  iran:
    name: Iran
    kind: state
    aliases:
      en: [Iran]
`;
const watchlist = `${entities}events:
  iran-talks:
    name: Talks with Iran
    priority: high
    when: '@iran AND talks'
`;

let store: Store;
let objects: Map<string, Uint8Array>;
let writes: string[];
beforeEach(() => {
  store = memoryStore();
  objects = new Map();
  writes = [];
});

function apply(
  fields: { feeds?: string; watchlist?: string; minute?: number } & Partial<Pick<ApplyRequest, 'by' | 'dryRun'>> = {},
) {
  const request: ApplyRequest = {
    feeds: { name: 'config/feeds.yaml', text: fields.feeds ?? feedsFile(feed('a'), feed('b')) },
    watchlist: { name: 'config/watchlist.yaml', text: fields.watchlist ?? watchlist },
    by: fields.by ?? 'deploy',
    dryRun: fields.dryRun ?? false,
  };
  const control: Store['control'] = {
    ...store.control,
    putWatchlist: async (version) => {
      // The pointer never names what is not there yet.
      expect(objects.has(version.key)).toBe(true);
      writes.push(version.version);
      await store.control.putWatchlist(version);
    },
  };
  return applyConfig(request, { ...deps(fields.minute ?? 0), control });
}

function deps(minute: number): ApplyDeps {
  return {
    feeds: store.feeds,
    control: store.control,
    putObject: async (key, body) => void objects.set(key, body),
    getObject: async (key) => objects.get(key) ?? Promise.reject(new Error(`no object ${key}`)),
    now: () => minutes(minute),
    log: logLines().log,
  };
}

const errors = ({ problems }: Applied) => problems.filter(({ severity }) => severity === 'error');
const members = async () => Object.assign({}, ...(await store.feeds.shards()).map(({ feeds }) => feeds));
const rowIds = async () => (await store.feeds.list()).map(({ config }) => config.id).sort();

describe('the watchlist', () => {
  test('is compiled, stored and live, and matches when it is read back', async () => {
    const applied = await apply();
    expect(applied).toMatchObject({ applied: true, entities: 1, events: 1 });
    const live = await store.control.liveWatchlist();
    expect(live).toMatchObject({ version: applied.version, by: 'deploy', applied: iso(0) });
    const matcher = createMatcher(decodeWatchlist(objects.get(live?.key ?? '') ?? new Uint8Array()));
    expect(matcher.match({ title: 'New talks in Iran', summary: '', lang: 'en' })).toMatchObject({
      entities: ['iran'],
      events: ['iran-talks'],
    });
  });

  test('the same again changes nothing', async () => {
    const first = await apply();
    const again = await apply({ minute: 5 });
    expect(again).toMatchObject({
      applied: true,
      version: first.version,
      feeds: { added: [], changed: [], removed: [] },
    });
    expect(writes).toEqual([first.version]);
    expect((await store.control.liveWatchlist())?.applied).toBe(iso(0));
  });

  test.each([
    ['a bad query', { watchlist: watchlist.replace('AND talks', 'AND (talks') }, 'config/watchlist.yaml'],
    ['an unknown id', { watchlist: watchlist.replace('@iran AND', '@irann AND') }, 'config/watchlist.yaml'],
    ['no YAML', { watchlist: 'entities: [' }, 'config/watchlist.yaml'],
    ['a feed without an address', { feeds: feedsFile(feed('a').replace(/ {4}url:.*\n/, '')) }, 'config/feeds.yaml'],
    ['two feeds of one name', { feeds: feedsFile(feed('a'), feed('a')) }, 'config/feeds.yaml'],
  ])('with %s is refused whole: what was live stays', async (_, change, file) => {
    const before = await apply();
    const refused = await apply({ feeds: feedsFile(feed('c')), ...change });
    expect(refused).toMatchObject({ applied: false, version: null });
    expect(errors(refused)[0]).toMatchObject({ file });
    expect(errors(refused)[0]?.line).toBeGreaterThan(0);
    expect(errors(refused)[0]?.remedy).not.toBe('');
    expect((await store.control.liveWatchlist())?.version).toBe(before.version);
    expect(await rowIds()).toEqual(['a', 'b']);
  });

  test('a dry run says what would change and changes nothing', async () => {
    await apply();
    const dry = await apply({
      feeds: feedsFile(feed('b'), feed('c')),
      watchlist: `${entities}events: {}\n`,
      dryRun: true,
    });
    expect(dry).toMatchObject({ applied: false, events: 0, feeds: { added: ['c'], changed: [], removed: ['a'] } });
    expect(errors(dry)).toEqual([]);
    expect(await rowIds()).toEqual(['a', 'b']);
    expect(writes).toHaveLength(1);
  });
});

describe('a deploy after a change by hand', () => {
  const byHand = watchlist.replace('AND talks', 'AND (talks OR meeting)');

  test('is refused where it differs, naming the version', async () => {
    await apply();
    const hand = await apply({ by: 'command', watchlist: byHand });
    const deploy = await apply({ feeds: feedsFile(feed('c')) });
    expect(deploy.applied).toBe(false);
    expect(errors(deploy)[0]?.message).toContain(hand.version);
    expect(await rowIds()).toEqual(['a', 'b']);
    expect((await store.control.liveWatchlist())?.version).toBe(hand.version);
  });

  test('goes on where it brings the same, and then deploys may change it again', async () => {
    await apply({ by: 'command', watchlist: byHand });
    expect((await apply({ watchlist: byHand })).applied).toBe(true);
    expect((await store.control.liveWatchlist())?.by).toBe('deploy');
    expect((await apply()).applied).toBe(true);
  });

  test('goes on where newer code compiles the same file into another version', async () => {
    await apply({ by: 'command', watchlist: byHand });
    const live = (await store.control.liveWatchlist()) as WatchlistVersion;
    await store.control.putWatchlist({ ...live, version: 'compiled-by-old-code' });
    const deploy = await apply({ watchlist: byHand });
    expect(errors(deploy)).toEqual([]);
    expect(await store.control.liveWatchlist()).toMatchObject({ version: live.version, by: 'deploy' });
  });

  test('goes on where the file was only commented since', async () => {
    await apply({ by: 'command', watchlist: byHand });
    expect((await apply({ watchlist: `# why\n${byHand}` })).applied).toBe(true);
  });

  test('the command itself is never refused for it', async () => {
    await apply({ by: 'command', watchlist: byHand });
    expect((await apply({ by: 'command' })).applied).toBe(true);
  });
});

describe('the feeds', () => {
  const state = newPollState(minutes(0));

  test('are added due at once, changed in place and removed; run-time ones stay', async () => {
    await apply();
    await store.feeds.putConfig(aFeed('mine'), 'run-time');
    await store.feeds.putShard('009', { mine: { due: iso(30), claim: null, paused: false } });
    const applied = await apply({ feeds: feedsFile(feed('b', '    every: 1h\n'), feed('c')), minute: 10 });
    expect(applied.feeds).toEqual({ added: ['c'], changed: ['b'], removed: ['a'] });
    expect(await rowIds()).toEqual(['b', 'c', 'mine']);
    expect(await store.feeds.get(['a'])).toEqual([]);
    const placed = await members();
    expect(placed.c).toEqual({ due: iso(10), claim: null, paused: false });
    expect(placed.mine).toEqual({ due: iso(30), claim: null, paused: false });
    expect((await store.feeds.get(['b']))[0]?.config.everySeconds).toBe(3_600);
  });

  test('a run-time feed is not taken over by a file feed of its name', async () => {
    await store.feeds.putConfig(aFeed('a', { name: 'Mine' }), 'run-time');
    await store.feeds.putShard('000', { a: { due: iso(30), claim: null, paused: false } });
    const { feeds } = await apply();
    expect(feeds).toEqual({ added: ['b'], changed: [], removed: [] });
    expect((await store.feeds.get(['a']))[0]).toMatchObject({ origin: 'run-time', config: { name: 'Mine' } });
  });

  test('a polled feed keeps its due time, claim and state through an apply that leaves its address', async () => {
    await apply();
    await store.feeds.putPoll('a', { state, known: new Uint8Array([1]), readRevision: 0 });
    await store.feeds.putShard('000', { ...(await members()), a: { due: iso(50), claim: iso(9), paused: false } });
    await apply({ feeds: feedsFile(feed('a', '    every: 1h\n'), feed('b')), minute: 10 });
    expect((await members()).a).toEqual({ due: iso(50), claim: iso(9), paused: false });
    expect((await store.feeds.get(['a']))[0]).toMatchObject({ state, revision: 1 });
  });

  test('a feed given up for good is asked again at a new address', async () => {
    await apply();
    await store.feeds.putPoll('a', {
      state: { ...state, health: 'gone', url: 'https://old.example/' },
      known: new Uint8Array([1]),
      readRevision: 0,
    });
    await store.feeds.putShard('000', { ...(await members()), a: { due: neverAgain, claim: null, paused: false } });
    await apply({ feeds: feedsFile(feed('a').replace('a.example', 'new.example'), feed('b')), minute: 10 });
    expect((await members()).a?.due).toBe(iso(10));
    expect((await store.feeds.get(['a']))[0]).toMatchObject({
      state: null,
      config: { url: 'https://new.example/rss' },
    });
  });

  test('pausing in the file pauses', async () => {
    await apply();
    await apply({ feeds: feedsFile(feed('a', '    paused: true\n'), feed('b')) });
    expect((await members()).a?.paused).toBe(true);
  });

  describe('paused by hand', () => {
    const paused = async () => (await members()).a?.paused;
    const admin = () => ({ feeds: store.feeds, now: () => minutes(5) });
    const inFile = (fields = '') => feedsFile(feed('a', fields), feed('b'));

    test.each([
      ['the same row', inFile()],
      ['a changed row', inFile('    every: 1h\n')],
      ['a row with another address', feedsFile(feed('a').replace('a.example', 'new.example'), feed('b'))],
      ['a row beside new ones', feedsFile(feed('a'), feed('b'), feed('c'))],
    ])('stays so through an apply of %s, until it is resumed by hand', async (_, feeds) => {
      await apply();
      await setPaused('a', true, admin());
      await apply({ feeds, minute: 10 });
      expect(await paused()).toBe(true);
      await setPaused('a', false, admin());
      await apply({ feeds, minute: 20 });
      expect(await paused()).toBe(false);
    });

    test('counts as no change of the row', async () => {
      await apply();
      await setPaused('a', true, admin());
      expect((await apply()).feeds).toEqual({ added: [], changed: [], removed: [] });
    });

    test('is not resumed by a file that pauses it and then no longer does', async () => {
      await apply();
      await setPaused('a', true, admin());
      await apply({ feeds: inFile('    paused: true\n') });
      await apply();
      expect(await paused()).toBe(true);
    });

    test('goes with the row: the feed that comes back later is polled', async () => {
      await apply();
      await setPaused('a', true, admin());
      await apply({ feeds: feedsFile(feed('b')) });
      await apply();
      expect(await paused()).toBe(false);
    });

    test('a feed that the file pauses is not resumed by hand, and the refusal says where', async () => {
      await apply({ feeds: inFile('    paused: true\n') });
      await expect(setPaused('a', false, admin())).rejects.toThrow('feeds.yaml');
      await apply({ feeds: inFile('    paused: true\n') });
      expect(await paused()).toBe(true);
      await apply();
      expect(await paused()).toBe(false);
    });

    test('a feed of run time is left as it is by an apply, and by changes of other feeds', async () => {
      await apply();
      await addFeeds(feedsFile(feed('mine', '    paused: true\n')), admin());
      await apply();
      expect((await members()).mine?.paused).toBe(true);
      await setPaused('mine', false, admin());
      await setPaused('a', true, admin());
      await addFeeds(feedsFile(feed('other')), admin());
      await removeFeed('other', admin());
      expect(await members()).toMatchObject({ mine: { paused: false }, a: { paused: true } });
    });
  });

  test.each(['putConfig', 'putShard', 'remove'] as const)(
    'an apply that ends at %s is made good by the next',
    async (method) => {
      await apply();
      const text = feedsFile(feed('b'), feed('c'));
      const whole = store;
      store = { ...whole, feeds: { ...whole.feeds, [method]: () => Promise.reject(new Error('crash')) } };
      await apply({ feeds: text }).catch(() => {});
      store = whole;
      await apply({ feeds: text });
      expect(await rowIds()).toEqual(['b', 'c']);
      expect(Object.keys(await members()).sort()).toEqual(['b', 'c']);
    },
  );
});

describe('the difference to what is live', () => {
  const more = watchlist
    .replace('events:', '  israel:\n    name: Israel\n    kind: state\n    aliases:\n      en: [Israel]\nevents:')
    .replace('AND talks', 'AND (talks OR meeting)');

  test('is told entry by entry, whatever moved in the file', async () => {
    await apply({ watchlist: `${watchlist}  old-news:\n    name: Old\n    when: '@iran AND old'\n` });
    const moved = `# a note at the top\n${more}`;
    const { watchlist: difference } = await apply({ watchlist: moved, dryRun: true });
    expect(difference).toEqual({
      added: ['entity israel'],
      changed: ['event iran-talks'],
      removed: ['event old-news'],
    });
  });

  test('is nothing for a file in which only comments changed', async () => {
    await apply();
    const { watchlist: difference } = await apply({ watchlist: `# so it says\n\n${watchlist}`, dryRun: true });
    expect(difference).toEqual({ added: [], changed: [], removed: [] });
  });

  test('is not known where the live text was not kept', async () => {
    await apply();
    objects.clear();
    expect((await apply({ watchlist: more, dryRun: true })).watchlist).toBeNull();
  });

  test('stands in the refusal of a deploy over a change by hand', async () => {
    await apply();
    await apply({ by: 'command', watchlist: more });
    const deploy = await apply({ watchlist });
    expect(errors(deploy)[0]?.message).toMatch(
      /by this file, 1 changed \(event iran-talks\), 1 removed \(entity israel\)$/,
    );
  });
});

describe('a rollback', () => {
  const second = watchlist.replace('AND talks', 'AND (talks OR meeting)');
  const back = (minute: number, to: string | null = null, dryRun = false) => rollBack({ to, dryRun }, deps(minute));

  test('makes the version before the live one live again, and a second one takes that back', async () => {
    const one = await apply();
    const two = await apply({ watchlist: second, minute: 5 });
    expect(await back(10)).toMatchObject({
      applied: true,
      version: one.version,
      watchlist: { added: [], changed: ['event iran-talks'], removed: [] },
    });
    expect(await store.control.liveWatchlist()).toMatchObject({
      version: one.version,
      by: 'command',
      applied: iso(10),
    });
    expect(await back(15)).toMatchObject({ version: two.version });
    expect((await store.control.liveWatchlist())?.version).toBe(two.version);
  });

  test('leaves the feeds as they are', async () => {
    await apply();
    await apply({ watchlist: second, feeds: feedsFile(feed('c')), minute: 5 });
    await back(10);
    expect(await rowIds()).toEqual(['c']);
  });

  test('goes to a version named by its beginning', async () => {
    const one = await apply();
    await apply({ watchlist: second, minute: 5 });
    await apply({ watchlist: `${entities}events: {}\n`, minute: 6 });
    expect(await back(10, one.version?.slice(0, 6))).toMatchObject({ applied: true, version: one.version });
  });

  test('says what it would do, and does nothing, in a dry run', async () => {
    const one = await apply();
    const two = await apply({ watchlist: second, minute: 5 });
    expect(await back(10, null, true)).toMatchObject({ applied: false, version: one.version });
    expect((await store.control.liveWatchlist())?.version).toBe(two.version);
  });

  test('is refused with the remedy where there is nothing to go back to', async () => {
    await expect(back(0)).rejects.toThrow('no watchlist was ever applied');
    const one = await apply();
    await expect(back(1)).rejects.toThrow('nothing to go back to; there is no other version');
    await apply({ watchlist: second, minute: 5 });
    await expect(back(6, 'f00')).rejects.toThrow(`no version "f00" but the live one; there are ${one.version} (2026-`);
    objects.delete(sourceKey(`watchlists/${one.version}.bin`));
    await expect(back(7)).rejects.toThrow('is not kept');
  });

  test('holds against the next deploy of the file that it took back', async () => {
    await apply();
    await apply({ watchlist: second, minute: 5 });
    await back(10);
    const deploy = await apply({ watchlist: second, minute: 15 });
    expect(deploy.applied).toBe(false);
    expect(errors(deploy)[0]?.message).toContain('applied by hand');
  });
});
