import { beforeEach, expect, test } from 'vitest';
import { liveWatchlist } from '../../lib/adapters/live-watchlist.ts';
import { compileWatchlist } from '../../lib/core/watchlist/compile.ts';
import { encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import { readWatchlist } from '../../lib/core/watchlist/watchlist-file.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { iso, logLines } from '../pipeline/world.ts';

function compiled(id: string, word: string): Uint8Array {
  const text = `entities:\n  ${id}:\n    name: ${word}\n    kind: state\n    aliases:\n      en: [${word}]\nevents: {}\n`;
  const { watchlist, problems } = readWatchlist(text, 'watchlist.yaml');
  if (watchlist === null) throw new Error(JSON.stringify(problems));
  return encodeWatchlist(compileWatchlist(watchlist));
}

let store: Store;
let objects: Map<string, Uint8Array>;
let fetched: string[];
let nowMs: number;
let logged: ReturnType<typeof logLines>;
let live: ReturnType<typeof liveWatchlist>;

beforeEach(() => {
  store = memoryStore();
  objects = new Map([
    ['one', compiled('iran', 'Iran')],
    ['two', compiled('israel', 'Israel')],
    ['bad', new Uint8Array([1, 2, 3])],
  ]);
  fetched = [];
  nowMs = 0;
  logged = logLines();
  live = liveWatchlist({
    control: store.control,
    getObject: async (key) => {
      fetched.push(key);
      const bytes = objects.get(key);
      if (bytes === undefined) throw new Error(`no object ${key}`);
      return bytes;
    },
    now: () => nowMs,
    log: logged.log,
  });
});

const point = (key: string) =>
  store.control.putWatchlist({ version: key, key, applied: iso(0), by: 'deploy', entities: 1, events: 0 });

test('none is live until one is applied, and then at once', async () => {
  expect(await live()).toBeNull();
  await point('one');
  expect(await live()).toMatchObject({ version: 'one', entities: ['iran'], events: [] });
});

test('it is read once, and a new version is taken up within a minute', async () => {
  await point('one');
  const first = await live();
  expect(first?.match({ title: 'Iran speaks', summary: '', lang: 'en' }).entities).toEqual(['iran']);
  expect([first?.nameOf('iran'), first?.nameOf('gone')]).toEqual(['Iran', 'gone']);
  await point('two');
  nowMs = 29_000;
  expect((await live())?.version).toBe('one');
  nowMs = 60_000;
  expect((await live())?.version).toBe('two');
  await live();
  expect(fetched).toEqual(['one', 'two']);
});

test.each(['bad', 'missing'])(
  'a version that is %s leaves the loaded one in place, says so, and is tried again',
  async (key) => {
    await point('one');
    await live();
    await point(key);
    for (const seconds of [40, 80]) {
      nowMs = seconds * 1_000;
      expect((await live())?.version).toBe('one');
    }
    expect(logged.lines).toHaveLength(2);
    expect(logged.lines[0]).toMatchObject({ event: 'watchlist not taken up', version: key, kept: 'one' });
    await point('two');
    nowMs = 120_000;
    expect((await live())?.version).toBe('two');
  },
);

test('a first version that cannot be read is a throw', async () => {
  await point('missing');
  await expect(live()).rejects.toThrow('no object missing');
});
