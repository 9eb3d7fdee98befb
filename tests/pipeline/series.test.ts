import { beforeEach, describe, expect, test } from 'vitest';
import type { SeriesTarget } from '../../lib/pipeline/ports/series-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { AxisQuery, MatchRow } from '../../lib/pipeline/ports/story-store.ts';
import type { QueryDeps } from '../../lib/pipeline/queries.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { type CountDeps, countClosedHours } from '../../lib/pipeline/series.ts';
import { eventSeries, type SeriesQuery, series } from '../../lib/pipeline/series-queries.ts';
import { memoryStore } from './memory-store.ts';
import { logLines, matcher } from './world.ts';

// The clock stands at half past nine: the hours up to nine are over.
const now = new Date('2026-11-24T09:30:00.000Z');
let store: Store;
let clock: Date;
let puts: string[];

beforeEach(() => {
  store = memoryStore();
  clock = now;
  puts = [];
});

const deps = (): QueryDeps => ({ store, matcher, retentionDays: 30, unmatchedDays: 30, now: () => clock });
const countDeps = (fields: Partial<CountDeps> = {}): CountDeps => ({
  stories: store.stories,
  series: {
    ...store.series,
    putDay: (target, day) => {
      puts.push(`${'value' in target ? target.value : target.name} ${day.day}`);
      return store.series.putDay(target, day);
    },
  },
  control: store.control,
  now: () => clock,
  log: logLines().log,
  ...fields,
});

let ids = 0;
async function file(published: string, fields: Partial<MatchRow> = {}): Promise<void> {
  ids += 1;
  const id = `s${ids}`;
  const row = { id, storyline: id, title: 't', url: null, source: 'bbc', outlet: 'bbc', lang: 'en', summary: '' };
  const time = `2026-11-${published}:00.000Z`;
  const rest = {
    entities: ['iran'],
    events: ['truce'],
    priority: 'normal' as const,
    words: [],
    duplicateOf: null,
    reached: [],
  };
  await store.stories.file({ ...row, published: time, seen: time, ...rest, ...fields });
}

const truce: SeriesTarget = { name: 'event', value: 'truce' };
const filled = async (query: SeriesQuery) =>
  (await series(query, deps())).buckets
    .filter(({ stories }) => stories > 0)
    .map(({ at, stories, outlets }) => [at.slice(8, 13), stories, outlets]);

describe('hours that are over', () => {
  test('are counted by target, day and hour; the one that runs is not', async () => {
    await file('24T07:10');
    await file('24T07:50', { outlet: 'irna' });
    await file('24T08:59', { outlet: 'irna', events: [] });
    await file('24T09:10');
    expect(await countClosedHours(countDeps())).toEqual({ read: 3, written: 3 });
    expect(await store.series.days(truce, '2026-11-24', '2026-11-24')).toEqual([
      { day: '2026-11-24', hours: { '07': { stories: 2, outlets: 2 } }, outlets: ['bbc', 'irna'] },
    ]);
    expect(await store.series.days({ name: 'all' }, '2026-11-24', '2026-11-24')).toMatchObject([
      { hours: { '07': { stories: 2 }, '08': { stories: 1, outlets: 1 } } },
    ]);
  });

  test('are counted once an hour, and again when the next is over; what is unchanged is not written', async () => {
    await file('23T07:10');
    await file('24T07:10');
    await countClosedHours(countDeps());
    expect(await countClosedHours(countDeps())).toEqual({ read: 0, written: 0 });
    puts = [];
    clock = new Date('2026-11-24T10:00:00.000Z');
    await file('24T09:59');
    expect(await countClosedHours(countDeps())).toEqual({ read: 3, written: 3 });
    expect(puts.sort()).toEqual(['all 2026-11-24', 'iran 2026-11-24', 'truce 2026-11-24']);
  });

  test('take in what came late, up to two days', async () => {
    await countClosedHours(countDeps());
    await file('22T00:10');
    await file('21T23:50');
    clock = new Date('2026-11-24T10:01:00.000Z');
    await countClosedHours(countDeps());
    const days = await store.series.days(truce, '2026-11-01', '2026-11-30');
    expect(days.map(({ day }) => day)).toEqual(['2026-11-22']);
  });

  test('are shown with what came after the last of them was counted', async () => {
    await file('24T07:10');
    await file('24T08:10');
    await countClosedHours(countDeps());
    await file('24T08:59');
    const expected = [
      ['24T07', 1, 1],
      ['24T08', 2, 1],
    ];
    expect(await filled({ event: 'truce' })).toEqual(expected);
    const { buckets } = await series({ event: 'truce', by: 'day', since: '2d' }, deps());
    expect(buckets.at(-1)).toMatchObject({ stories: 3, outlets: 1 });
  });

  test('are made up for when digest stood still for days', async () => {
    await countClosedHours(countDeps());
    await file('25T12:00');
    clock = new Date('2026-11-29T10:01:00.000Z');
    await countClosedHours(countDeps());
    expect(await store.series.days(truce, '2026-11-25', '2026-11-25')).toHaveLength(1);
  });

  test('count to the same twice over, whoever counts at once', async () => {
    await file('24T07:10');
    await Promise.all([countClosedHours(countDeps()), countClosedHours(countDeps())]);
    expect(await filled({ event: 'truce' })).toEqual([['24T07', 1, 1]]);
  });

  test('of a crash between writing and noting are counted again', async () => {
    await file('24T07:10');
    const broken = { ...store.control, putBeat: () => Promise.reject(new Error('crash')) };
    await expect(countClosedHours(countDeps({ control: broken }))).rejects.toThrow('crash');
    expect(await countClosedHours(countDeps())).toEqual({ read: 1, written: 0 });
  });

  test('beyond what one run reads are left as they were, by whole days, and the chart says so', async () => {
    await file('22T07:10');
    await file('23T07:10');
    await file('24T07:10');
    // A page whose bound is reached before the window ends: the day in which it stopped is not whole.
    const page = async (query: AxisQuery) => {
      const { rows } = await store.stories.page(query);
      return { rows: rows.slice(0, 2), next: '2026-11-23T07:10:00.000Z#s', read: 20_000 };
    };
    await countClosedHours(countDeps({ stories: { page } }));
    expect((await store.series.days(truce, '2026-11-01', '2026-11-30')).map(({ day }) => day)).toEqual(['2026-11-24']);
    expect(await series({ since: '7d', event: 'truce' }, deps())).toMatchObject({
      completeSince: '2026-11-24T00:00:00.000Z',
    });
  });
});

describe('a chart', () => {
  const both = [
    ['before anything was counted', async () => {}],
    ['after the hours that are over were', async () => void (await countClosedHours(countDeps()))],
  ] as const;

  test.each(both)('by hour joins counted hours and the one that runs, %s', async (_, count) => {
    await file('23T23:10');
    await file('24T07:10');
    await file('24T07:20', { outlet: 'irna' });
    await file('24T07:30', { events: [] });
    await file('24T09:10', { outlet: 'irna' });
    await count();
    await file('24T09:20');
    expect(await filled({ event: 'truce', since: '2026-11-23T22:30Z' })).toEqual([
      ['23T23', 1, 1],
      ['24T07', 2, 2],
      ['24T09', 2, 2],
    ]);
    expect(await filled({ entity: 'iran', since: '2026-11-24' })).toEqual([
      ['24T07', 3, 2],
      ['24T09', 2, 2],
    ]);
    expect(await filled({ since: '2026-11-24', until: '2026-11-24T08:30Z' })).toEqual([['24T07', 3, 2]]);
  });

  test.each(both)('by day counts a newsroom once a day, %s', async (_, count) => {
    await file('23T23:10');
    await file('24T07:10');
    await file('24T09:10', { outlet: 'irna' });
    await count();
    await file('24T09:20');
    expect(await filled({ by: 'day', event: 'truce' })).toEqual([
      ['23T00', 1, 1],
      ['24T00', 3, 2],
    ]);
  });

  test('leaves no bucket out and marks what stands out', async () => {
    for (let minute = 10; minute < 18; minute += 1) await file(`24T08:${minute}`);
    const chart = await series({ event: 'truce', since: '2026-11-24' }, deps());
    expect(chart.buckets.map(({ stories }) => stories)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 8, 0]);
    expect(chart.buckets.map(({ spike }) => spike).indexOf(true)).toBe(8);
    expect(chart).toMatchObject({ by: 'hour', event: 'truce', entity: null, name: 'Name of truce' });
  });

  test('says since when it is complete where more is there than it reads', async () => {
    await file('24T07:10');
    await file('24T08:10');
    const page = async (query: AxisQuery) => store.stories.page({ ...query, limit: 1 });
    const bounded = { ...store, stories: { ...store.stories, page } };
    const chart = await series({ event: 'truce' }, { ...deps(), store: bounded });
    expect(chart.completeSince).toBe('2026-11-24T08:10:00.000Z');
  });

  test('of all events at once, the busiest first', async () => {
    await file('24T07:10');
    await countClosedHours(countDeps());
    await file('24T09:10');
    const { events } = await eventSeries({ since: '2026-11-24' }, deps());
    expect(events).toMatchObject([{ event: 'truce', name: 'Name of truce', stories: 2 }]);
  });

  test.each<[string, SeriesQuery, string, string]>([
    ['both an event and an entity', { event: 'truce', entity: 'iran' }, 'entity', 'name one'],
    ['an unknown event', { event: 'truces' }, 'event', 'did you mean "truce"?'],
    ['another width', { by: 'week' }, 'by', 'hour, day'],
    ['too many hours', { since: '60d' }, 'since', 'by=day'],
    ['too many days', { since: '2020-01-01', by: 'day' }, 'since', '400 days'],
    ['a window that is turned round', { since: '1h', until: '2h' }, 'since', 'ends before'],
  ])('refuses %s', async (_, query, field, words) => {
    const refused = await series(query, deps()).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect(refused.field).toBe(field);
    expect(refused.message).toContain(words);
  });
});
