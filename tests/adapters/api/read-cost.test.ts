import { afterAll, beforeAll, expect, test } from 'vitest';
import { storylineSettings } from '../../../lib/core/storyline/settings.ts';
import { matchRow } from '../../../lib/pipeline/alert.ts';
import { company } from '../../../lib/pipeline/company.ts';
import { explain } from '../../../lib/pipeline/explain.ts';
import { matches } from '../../../lib/pipeline/matches.ts';
import { storyPlacer } from '../../../lib/pipeline/place-story.ts';
import type { QueryDeps } from '../../../lib/pipeline/queries.ts';
import { countClosedHours } from '../../../lib/pipeline/series.ts';
import { eventSeries, series } from '../../../lib/pipeline/series-queries.ts';
import { storyline, storylines } from '../../../lib/pipeline/storyline-queries.ts';
import { tryRule } from '../../../lib/pipeline/try-rule.ts';
import { logLines } from '../../pipeline/world.ts';
import { largeMatches, type Measured, measuredTable } from '../../support/measured-table.ts';
import { aStory } from '../store-suite.ts';
import { smallMatcher, source } from './served.ts';

// What DynamoDB itself says that questions consume, over matches as large as one can be.
const now = new Date('2026-11-24T09:30:00.000Z');
let table: Measured;
let deps: QueryDeps;

beforeAll(async () => {
  table = await measuredTable();
  deps = { store: table.store, matcher: smallMatcher(), retentionDays: 30, unmatchedDays: 30, now: () => now };
  await table.file(largeMatches(3_000, now, 60_000));
  const ids = Array.from({ length: 1_100 }, (_, index) => `stored-${index}`);
  for (let at = 0; at < ids.length; at += 100) {
    const seen = new Date(now.getTime() - 3_600_000 + at).toISOString();
    await table.store.stories.announce('bbc', seen, ids.slice(at, at + 100));
    const text = { title: '伊朗'.repeat(40), content: '火'.repeat(5_000) };
    await Promise.all(ids.slice(at, at + 100).map((id) => table.store.stories.putNew(aStory(id, { seen, ...text }))));
  }
});
afterAll(() => table.stop());

type Ask = () => Promise<{ readonly read: number }>;

test.each<[string, number, number, Ask]>([
  ['a page of fifty', 102, 40, () => matches({}, deps)],
  ['the longest page', 1_000, 400, () => matches({ limit: '1000' }, deps)],
  ['a page whose filter leaves nothing', 1_000, 400, () => matches({ text: 'nothing', limit: '1' }, deps)],
  ['the same along an event', 1_000, 400, () => matches({ event: 'truce', text: 'nothing' }, deps)],
  ['company', 1_000, 400, () => company({ entity: 'iran', since: '30d' }, deps)],
  ['a chart before anything was counted', 1_000, 400, () => series({ since: '31d' }, deps)],
  ['charts of all events', 1_000, 400, () => eventSeries({ since: '31d' }, deps)],
])('%s reads at most %i rows and %i read units', async (_, rows, units, ask) => {
  const { result, units: consumed } = await table.cost(ask);
  expect(result.read).toBeLessThanOrEqual(rows);
  expect(consumed).toBeLessThanOrEqual(units);
  // A bound that nothing comes near to would hold whatever the code did.
  expect(consumed).toBeGreaterThan(units / 5);
});

test('ten years of nothing are a call a month, at half a unit each where DynamoDB counts the empty ones', async () => {
  const { result, calls } = await table.cost(() => matches({ entity: 'un', since: '99999d' }, deps));
  expect(result.read).toBe(0);
  expect(calls).toBeLessThanOrEqual(122);
});

test('looking for what is rare takes few calls, for each look takes in more', async () => {
  const { calls } = await table.cost(() => matches({ text: 'nothing', limit: '1' }, deps));
  expect(calls).toBeLessThanOrEqual(16);
});

test('a rule tried on a thousand stories reads a thousand, and its arrivals', async () => {
  const ask = () =>
    tryRule({ query: '伊朗', limit: 1_000, since: '2h' }, { ...deps, watchlistSource: async () => source });
  const { result, units } = await table.cost(ask);
  expect(result.tried).toBe(1_000);
  expect(result.read).toBeLessThanOrEqual(1_100);
  expect(units).toBeLessThanOrEqual(1_100);
});

test('one story, and one storyline, read themselves and who was told', async () => {
  expect((await table.cost(() => explain('stored-1', deps))).units).toBeLessThanOrEqual(2);
  const match = { ...smallMatcher().match({ title: 'Iran', summary: '' }), watchlist: 'v' };
  const story = { ...aStory('matched'), match };
  await table.store.stories.putNew(story);
  await table.store.stories.file(matchRow(story, await placer()(story, false)));
  expect((await table.cost(() => storyline('matched', {}, deps))).units).toBeLessThanOrEqual(4);
});

test('a page of storylines reads the head and the open ones, then the closed ones as far as it goes', async () => {
  const place = placer();
  const { storylines: kept } = table.store;
  const places = [];
  for (let index = 0; index < 60; index += 1) {
    // Words of its own each, so that each opens a storyline.
    const title = Array.from({ length: 12 }, (_, word) => `w${index}x${word}`).join(' ');
    const match = { ...smallMatcher().match({ title: 'Iran', summary: '' }), watchlist: 'v' };
    places.push(await place({ ...aStory(`line-${index}`, { title }), match }, false));
  }
  for (const { kept: line } of places.slice(0, 50)) {
    expect(await kept.close(line, now.toISOString(), (await kept.open()).revision)).toBe(true);
  }
  const { result, units } = await table.cost(() => storylines({ text: 'nothing' }, deps));
  expect(result.read).toBeGreaterThanOrEqual(60);
  expect(units).toBeLessThanOrEqual(20);
  expect(units).toBeGreaterThan(1);
});

function placer() {
  const { storylines: kept } = table.store;
  return storyPlacer({ storylines: kept, settings: storylineSettings, pause: async () => {}, random: () => 0 });
}

test('hours are counted by one reading of their matches, and a month of a chart is then a few units', async () => {
  const { stories, series: rows, control } = table.store;
  const count = () => countClosedHours({ stories, series: rows, control, now: () => now, log: logLines().log });
  const first = await table.cost(count);
  expect(first.result.read).toBe(2_969);
  expect((await table.cost(count)).units).toBeLessThanOrEqual(2);
  const chart = await table.cost(() => series({ event: 'truce', since: '31d' }, deps));
  expect(chart.units).toBeLessThanOrEqual(15);
  expect(chart.result.buckets.reduce((sum, { stories }) => sum + stories, 0)).toBe(1_000);
});
