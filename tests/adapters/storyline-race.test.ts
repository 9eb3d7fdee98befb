import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { storyPlacer } from '../../lib/pipeline/place-story.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { development } from '../support/development.ts';
import { type LocalTables, startLocalTables } from './local-tables.ts';
import { aMatch, aStory } from './store-suite.ts';

/**
 * Copies with different keys sit in different shards of the stream, which AWS reads in parallel: so each decider here has
 * a store of its own, as a process has.
 */
const deciders = 4;
const rounds = 1_000;

let tables: LocalTables;
beforeAll(async () => {
  tables = await startLocalTables();
});
afterAll(() => tables.stop());

test(`${rounds} times ${deciders} who decide at the same time put copies of one story into one storyline`, async () => {
  const name = await tables.create();
  const stores = Array.from({ length: deciders }, () =>
    dynamoStore(tables.client, { name, retentionDays: 30, unmatchedDays: 30 }),
  );
  const placers = stores.map(({ storylines }) =>
    storyPlacer({ storylines, settings: storylineSettings, pause, random: Math.random }),
  );
  const split: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const title = development(round);
    const places = await Promise.all(
      placers.map((place, n) =>
        place({ ...aStory(`r${round}-${n}`, { title, outlet: `o${n}`, url: null }), match: aMatch }, false),
      ),
    );
    const storylines = new Set(places.map(({ placed }) => placed.storyline));
    const openers = places.filter(({ placed }) => placed.reached.includes('new'));
    if (storylines.size !== 1 || openers.length !== 1) split.push(`round ${round}: ${[...storylines].join(', ')}`);
    if (round % 50 === 49) await closeAll(stores[0] as Store);
  }
  expect(split).toEqual([]);
}, 300_000);

/** So that the next rounds do not read a thousand open ones. */
async function closeAll(store: Store): Promise<void> {
  for (const kept of (await store.storylines.open()).storylines) {
    const { revision } = await store.storylines.open();
    expect(await store.storylines.close(kept, kept.storyline.last, revision)).toBe(true);
  }
}
