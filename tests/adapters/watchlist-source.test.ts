import { beforeEach, expect, test } from 'vitest';
import { watchlistSource } from '../../lib/adapters/watchlist-source.ts';
import type { WatchlistVersion } from '../../lib/pipeline/ports/control-store.ts';
import { iso, logLines } from '../pipeline/world.ts';

let live: WatchlistVersion | null;
let objects: Map<string, string>;
let asked: string[];
const { log, lines } = logLines();

beforeEach(() => {
  live = null;
  objects = new Map();
  asked = [];
});

const named = (name: string) => Object.assign(new Error(`S3 says ${name}`), { name });
let refusal = named('NoSuchKey');

const opened = () =>
  watchlistSource({
    control: { liveWatchlist: async () => live },
    getObject: async (key) => {
      asked.push(key);
      const text = objects.get(key);
      if (text === undefined) throw refusal;
      return new TextEncoder().encode(text);
    },
    log,
  });

function apply(version: string, entity: string): void {
  objects.set(`watchlists/${version}.yaml`, `entities:\n  ${entity}: {name: N, aliases: {en: [Word]}}\n`);
  live = { version, key: `watchlists/${version}.bin`, applied: iso(0), by: 'command', entities: 1, events: 0 };
}

test('is the text of the live version, read once and again when another is live', async () => {
  const source = opened();
  expect(await source()).toBeNull();
  apply('aa', 'iran');
  expect(Object.keys((await source())?.entities ?? {})).toEqual(['iran']);
  await source();
  apply('bb', 'israel');
  expect(Object.keys((await source())?.entities ?? {})).toEqual(['israel']);
  expect(asked).toEqual(['watchlists/aa.yaml', 'watchlists/bb.yaml']);
});

test.each(['NoSuchKey', 'AccessDenied'])(
  'is none where the text was not kept yet (%s), and looked for again',
  async (name) => {
    const source = opened();
    apply('aa', 'iran');
    refusal = named(name);
    objects.clear();
    expect(await source()).toBeNull();
    expect(lines.at(-1)).toMatchObject({ event: 'watchlist without its text', version: 'aa' });
    apply('aa', 'iran');
    expect(await source()).not.toBeNull();
  },
);

test('any other failure of the bucket is one', async () => {
  apply('aa', 'iran');
  objects.clear();
  refusal = named('SlowDown');
  await expect(opened()()).rejects.toThrow('SlowDown');
});
