import { expect, test } from 'vitest';
import { digest } from '../../lib/pipeline/digest.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, minutes } from './world.ts';

const at = 60;

async function swept(store: Store, fields: Parameters<typeof alertDeps>[1] = {}) {
  const deps = alertDeps(store, { now: () => minutes(at), ...fields });
  return { ...deps, summary: await digest(deps) };
}

const waiting = (id: string, minute: number) => aStory(id, { match: aMatch, undecidedSince: iso(minute) });

test.each([
  ['six minutes is decided', -6, 1],
  ['five minutes is left to the stream', -5, 0],
  ['a moment is left to the stream', 0, 0],
])('a match that has waited %s', async (_, minute, decided) => {
  const store = memoryStore();
  await store.stories.putNew(waiting('s1', at + minute));
  expect((await swept(store)).summary).toMatchObject({ decided, redeemed: 0, failed: 0 });
});

test.each([
  ['past its lease is redeemed', -3, 1],
  ['within its lease is left to its owner', -2, 0],
])('a claim %s', async (_, minute, redeemed) => {
  const store = memoryStore();
  await store.subscribers.put(aSubscriber('r'));
  await store.stories.putNew({ ...waiting('s1', 0), undecidedSince: null });
  const claimed = iso(at + minute);
  await store.ledger.claim({
    storyline: 's1',
    state: 'new',
    subscriber: 'r',
    story: 's1',
    published: claimed,
    seen: claimed,
    decided: claimed,
    claimed,
    tier: 2,
    held: null,
    waited: null,
  });
  const { summary, published } = await swept(store);
  expect(summary).toMatchObject({ decided: 0, redeemed, failed: 0 });
  expect(published).toHaveLength(redeemed);
});

test('one that fails is logged and tried again by the next sweep; the others go on', async () => {
  const store = memoryStore();
  for (const id of ['s1', 's2', 's3']) await store.stories.putNew(waiting(id, 0));
  const file: Store['stories']['file'] = async (row) => {
    if (row.id === 's1') throw new Error('poison');
    await store.stories.file(row);
  };
  const first = await swept(store, { stories: { ...store.stories, file } });
  expect(first.summary).toMatchObject({ decided: 2, redeemed: 0, failed: 1 });
  expect(first.lines).toContainEqual(expect.objectContaining({ event: 'match not decided', story: 's1' }));
  expect((await swept(store)).summary).toMatchObject({ decided: 1, redeemed: 0, failed: 0 });
  expect((await swept(store)).summary).toMatchObject({ decided: 0, redeemed: 0, failed: 0 });
});

test('an alert that SNS refuses again and again is kept, and told when it is accepted', async () => {
  const store = memoryStore();
  await store.stories.putNew(waiting('s1', 0));
  const refusing = async () => {
    throw new Error('refused');
  };
  expect((await swept(store, { publish: refusing })).summary).toMatchObject({ decided: 1, redeemed: 0, failed: 0 });
  const later = (minute: number, fields = {}) => swept(store, { now: () => minutes(minute), ...fields });
  expect((await later(75, { publish: refusing })).summary).toMatchObject({ decided: 0, redeemed: 0, failed: 1 });
  const { summary, published } = await later(90);
  expect(summary).toMatchObject({ decided: 0, redeemed: 1, failed: 0 });
  expect(published).toHaveLength(1);
  expect((await later(105)).published).toEqual([]);
});

test('each run leaves a beat with what it found', async () => {
  const store = memoryStore();
  await swept(store);
  expect(await store.control.beat('digest')).toEqual({
    at: iso(at),
    note: { decided: 0, redeemed: 0, told: 0, closed: 0, failed: 0 },
  });
});

test('a storyline that a story joins while others are being closed stays open', async () => {
  const store = memoryStore();
  const { place } = alertDeps(store);
  const placeAll = async (id: string, title: string, hour: number) => {
    const published = iso(hour * 60);
    return place({ ...aStory(id, { title, published, seen: published }), match: aMatch }, false);
  };
  await placeAll('a', 'Tanker seized off Bandar Abbas', 0);
  await placeAll('b', 'Wrestlers win gold at Tashkent', 0);
  const close: Store['storylines']['close'] = async (kept, at, revision) => {
    const closed = await store.storylines.close(kept, at, revision);
    if (kept.storyline.id === 'a') await placeAll('copy', 'Wrestlers win gold at Tashkent', 71);
    return closed;
  };
  const later = { now: () => minutes(73 * 60) };
  expect((await swept(store, { ...later, storylines: { ...store.storylines, close } })).summary.closed).toBe(1);
  const open = (await store.storylines.open()).storylines.map(({ storyline }) => storyline);
  expect(open).toMatchObject([{ id: 'b', stories: 2 }]);
  expect((await swept(store, later)).summary.closed).toBe(0);
});
