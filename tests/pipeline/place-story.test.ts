import { beforeEach, expect, test } from 'vitest';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { type MatchedStory, storyPlacer } from '../../lib/pipeline/place-story.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StorylineStore } from '../../lib/pipeline/ports/storyline-store.ts';
import { aMatch, aStory } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso } from './world.ts';

let store: Store;
beforeEach(() => {
  store = memoryStore();
});

const tanker = 'Tanker seized off Bandar Abbas';
const wrestlers = 'Wrestlers win gold at Tashkent';

function aReport(id: string, title = tanker, outlet = id): MatchedStory {
  return { ...aStory(id, { title, outlet, url: `https://${outlet}.example/${id}` }), match: aMatch };
}

/** A process that places stories, with the pauses it took. */
function aPlacer(storylines: StorylineStore = store.storylines, random = () => 1) {
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const place = storyPlacer({ storylines, settings: storylineSettings, pause, random });
  return { pauses, place: (story: MatchedStory) => place(story, false) };
}

const open = async () => (await store.storylines.open()).storylines.map(({ storyline }) => storyline);

test('a story is placed once, however often it is asked for and by however many', async () => {
  const places = await Promise.all(Array.from({ length: 6 }, () => aPlacer().place(aReport('s1'))));
  const again = await aPlacer().place(aReport('s1'));
  expect(new Set([...places, again].map(({ placed }) => JSON.stringify(placed))).size).toBe(1);
  expect(again.placed).toMatchObject({ storyline: 's1', duplicateOf: null, reached: ['new'] });
  expect(await open()).toMatchObject([{ id: 's1', stories: 1 }]);
});

test('a story asked for again after others have joined is where it was, in the storyline as it has become', async () => {
  const { place } = aPlacer();
  const first = await place(aReport('s1'));
  await place(aReport('s2'));
  await place(aReport('s3'));
  const again = await place(aReport('s1'));
  expect(again.placed).toEqual(first.placed);
  expect(again.kept.storyline).toMatchObject({ stories: 3, states: ['new', 'corroborated'] });
});

test('a story whose storyline has closed is found there, and its next copy opens another', async () => {
  const { place } = aPlacer();
  const { kept } = await place(aReport('s1'));
  await store.storylines.close(kept, iso(1), (await store.storylines.open()).revision);
  expect(await place(aReport('s1'))).toMatchObject({ placed: { storyline: 's1' }, kept: { closed: iso(1) } });
  expect((await place(aReport('s2'))).placed).toMatchObject({ storyline: 's2', reached: ['new'] });
});

test('the words of its stories that matched are kept, the first eight, each once', async () => {
  const { place } = aPlacer();
  const words = (...texts: string[]) =>
    texts.map((text) => ({ target: 'iran', field: 'title' as const, start: 0, end: 1, text }));
  const match = (...texts: string[]) => ({ ...aMatch, evidence: words(...texts) });
  await place({ ...aReport('s1'), match: match('a', 'b', 'a') });
  const { kept } = await place({ ...aReport('s2'), match: match('b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j') });
  expect(kept.matched).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('the stories of one process take turns: none of them loses to another, and the copies are together', async () => {
  const { place, pauses } = aPlacer();
  const titles = [tanker, wrestlers];
  await Promise.all(Array.from({ length: 20 }, (_, n) => place(aReport(`s${n}`, titles[n % 2]))));
  expect(pauses).toEqual([]);
  expect((await open()).map(({ stories }) => stories)).toEqual([10, 10]);
});

test('a story that cannot be placed lets the next one have its turn', async () => {
  const placed: StorylineStore['placed'] = async (id) => {
    if (id === 'bad') throw new Error('a row nobody can read');
    return store.storylines.placed(id);
  };
  const { place } = aPlacer({ ...store.storylines, placed });
  const [bad, good] = await Promise.allSettled([place(aReport('bad')), place(aReport('good'))]);
  expect(bad).toMatchObject({ status: 'rejected', reason: new Error('a row nobody can read') });
  expect(good).toMatchObject({ status: 'fulfilled', value: { placed: { storyline: 'good' } } });
});

test('of two processes the one that loses reads again, waits longer each time, and decides again', async () => {
  let others = 3;
  const place: StorylineStore['place'] = async (placement, revision) => {
    if (others === 0) return store.storylines.place(placement, revision);
    others -= 1;
    await aPlacer().place(aReport(`other${others}`));
    return store.storylines.place(placement, revision);
  };
  const late = aPlacer({ ...store.storylines, place });
  const { placed, kept } = await late.place(aReport('late'));
  expect(placed).toMatchObject({ storyline: 'other2', reached: [] });
  expect(kept.storyline.stories).toBe(4);
  expect(late.pauses).toEqual([10, 20, 40]);
});

test('who loses every time gives up, says so, and has waited about half a minute at most', async () => {
  const never = aPlacer({ ...store.storylines, place: async () => false });
  await expect(never.place(aReport('s1'))).rejects.toThrow('story s1: others placed stories each time');
  const waitedMs = never.pauses.reduce((sum, ms) => sum + ms, 0);
  expect(waitedMs).toBeGreaterThan(20_000);
  expect(waitedMs).toBeLessThan(40_000);
  expect(await store.storylines.placed('s1')).toBeNull();
});

test('a storyline that a story lies in and that is not there is named', async () => {
  const { placed: real } = await aPlacer().place(aReport('s0'));
  const placed: StorylineStore['placed'] = async () => ({ ...real, storyline: 'gone' });
  await expect(aPlacer({ ...store.storylines, placed }).place(aReport('s1'))).rejects.toThrow(
    'story s1 lies in storyline gone, which is not there',
  );
});
