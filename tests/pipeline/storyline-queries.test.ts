import { beforeAll, describe, expect, test } from 'vitest';
import { matches } from '../../lib/pipeline/matches.ts';
import type { AxisQuery } from '../../lib/pipeline/ports/story-store.ts';
import type { QueryDeps } from '../../lib/pipeline/queries.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { type StorylinesQuery, storyline, storylines } from '../../lib/pipeline/storyline-queries.ts';
import type { StorylineRow, StorylineStoryRow } from '../../lib/pipeline/storyline-reader.ts';
import { aMatch, aStory } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { memoryStorylines } from './memory-storylines.ts';
import { iso, matcher, start } from './world.ts';

const line = (id: string, last: number, fields: Partial<StorylineRow> = {}): StorylineRow => ({
  ...{ id, title: `Storyline ${id}`, opened: iso(last - 60), last: iso(last), closed: null, stories: 1 },
  ...{
    outlets: ['bbc'],
    wires: [],
    langs: ['en'],
    entities: ['iran'],
    events: [],
    priority: 'normal',
    states: ['new'],
  },
  ...{ words: ['Iran'], ...fields },
});
const member = (story: string, at: number, fields: Partial<StorylineStoryRow> = {}): StorylineStoryRow => ({
  ...{ story, at: iso(at), duplicateOf: null, reached: [], ...fields },
});

const truce = line('truce', -5, {
  title: 'Iran agrees to a truce',
  ...{ opened: iso(-50), stories: 4, outlets: ['bbc', 'irna'], wires: ['reuters'], langs: ['en', 'fa'] },
  ...{ entities: ['iran', 'israel'], events: ['truce'], priority: 'high', states: ['new', 'corroborated'] },
});
const day = 24 * 60;
const kept = [
  {
    row: truce,
    stories: [
      member('a', -50, { reached: ['new'] }),
      member('b', -40, { duplicateOf: 'a' }),
      member('c', -30, { reached: ['corroborated'] }),
      member('expired', -5),
    ],
  },
  { row: line('talks', -10), stories: [] },
  { row: line('last-week', -7 * day, { closed: iso(-6 * day) }), stories: [] },
  { row: line('open-for-weeks', -20 * day), stories: [] },
];

const store = memoryStore();
const reader = memoryStorylines(kept);
const deps: QueryDeps = { store, matcher, retentionDays: 30, unmatchedDays: 30, now: () => start, storylines: reader };

beforeAll(async () => {
  for (const [id, at] of [
    ['a', -50],
    ['b', -40],
    ['c', -30],
  ] as const) {
    const match = { ...aMatch, events: ['truce'] };
    const revisions = id === 'c' ? [{ at: iso(-20), title: 'Earlier' }] : [];
    await store.stories.putNew(aStory(id, { title: `Story ${id}`, published: iso(at), match, revisions }));
    await store.stories.file({
      ...{ id, storyline: 'truce', title: `Story ${id}`, url: null, source: 'bbc', outlet: 'bbc', lang: 'en' },
      ...{ published: iso(at), seen: iso(at), entities: ['iran'], events: ['truce'], priority: 'high' as const },
      ...{ words: [], summary: '', duplicateOf: null, reached: [] },
    });
  }
  const claim = (state: 'new' | 'corroborated', story: string, decided: number) => ({
    ...{ storyline: 'truce', state, subscriber: 'reader', story, published: iso(-50), seen: iso(-49), tier: 1 },
    ...{ decided: iso(decided), claimed: iso(decided), waited: null },
  });
  await store.ledger.claim({ ...claim('corroborated', 'c', -29), held: { until: iso(60), why: 'quiet hours' } });
  await store.ledger.claim({ ...claim('new', 'a', -48), held: null });
  await store.ledger.markSent({ ...claim('new', 'a', -48), held: null }, iso(-47));
});

describe('storylines', () => {
  test.each<[string, StorylinesQuery, string[]]>([
    [
      'that are open, and those closed within the window, newest activity first',
      {},
      ['truce', 'talks', 'last-week', 'open-for-weeks'],
    ],
    ['of a narrow window, with all that are open', { since: '2h' }, ['truce', 'talks', 'open-for-weeks']],
    ['of an event', { event: 'truce' }, ['truce']],
    ['of an entity', { entity: 'israel' }, ['truce']],
    ['that reached a state', { state: 'corroborated' }, ['truce']],
    ['of an outlet in a language', { outlet: 'irna', lang: 'FA' }, ['truce']],
    ['of a priority', { priority: 'high' }, ['truce']],
    ['with words in their title', { text: 'TRUCE iran' }, ['truce']],
  ])('%s', async (_, query, expected) => {
    expect((await storylines(query, deps)).storylines.map(({ id }) => id)).toEqual(expected);
  });

  test('follow their cursors to the end, filtered or not', async () => {
    for (const filter of [{}, { entity: 'iran' }] as StorylinesQuery[]) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page: Awaited<ReturnType<typeof storylines>> = await storylines(
          { ...filter, limit: '1', ...(cursor && { cursor }) },
          deps,
        );
        found.push(...page.storylines.map(({ id }) => id));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(found).toEqual(['truce', 'talks', 'last-week', 'open-for-weeks']);
    }
  });
});

describe('one storyline', () => {
  test('has its stories in time, with what each did, its earlier titles and its alerts in order', async () => {
    const page = await storyline('truce', {}, deps);
    expect(page.storyline).toEqual(truce);
    expect(page.stories).toMatchObject([
      { story: 'a', reached: ['new'], match: { title: 'Story a', storyline: 'truce' } },
      { story: 'b', duplicateOf: 'a' },
      { story: 'c', reached: ['corroborated'], revisions: [{ title: 'Earlier' }], evidence: [{ text: 'Iran' }] },
      { story: 'expired', match: null, evidence: [], revisions: [] },
    ]);
    expect(page.alerts).toEqual([
      { subscriber: 'reader', state: 'new', story: 'a', decided: iso(-48), sent: iso(-47), held: null },
      {
        ...{ subscriber: 'reader', state: 'corroborated', story: 'c', decided: iso(-29), sent: null },
        held: { until: iso(60), why: 'quiet hours' },
      },
    ]);
    expect(page.names).toEqual({ truce: 'Name of truce', iran: 'Name of iran', israel: 'Name of israel' });
  });

  test('is read by pages', async () => {
    const first = await storyline('truce', { limit: '3' }, deps);
    const rest = await storyline('truce', { limit: '3', cursor: first.next ?? '' }, deps);
    expect([...first.stories, ...rest.stories].map(({ story }) => story)).toEqual(['a', 'b', 'c', 'expired']);
    expect(rest.next).toBeNull();
  });

  test('that is not there names the one that was meant', async () => {
    const refused = await storyline('last-weak', {}, deps).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect(refused).toMatchObject({ field: 'id', message: expect.stringContaining('did you mean "last-week"?') });
  });
});

test('matches of a storyline are read along its own axis, within its time', async () => {
  const asked: AxisQuery[] = [];
  const page = (query: AxisQuery) => {
    asked.push(query);
    return store.stories.page(query);
  };
  const watched = { ...deps, store: { ...store, stories: { ...store.stories, page } } };
  const found = await matches({ storyline: 'truce' }, watched);
  expect(found.matches.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(asked).toMatchObject([{ axis: { name: 'storyline', value: 'truce' }, since: iso(-50), until: iso(-5) }]);
});
