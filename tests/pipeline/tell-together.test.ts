import { beforeEach, expect, test } from 'vitest';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { LedgerRow, Store } from '../../lib/pipeline/ports.ts';
import { redeemAll } from '../../lib/pipeline/tell-together.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, minutes } from './world.ts';

const stories = ['s0', 's1', 's2'];

let store: Store;
beforeEach(async () => {
  store = memoryStore();
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  for (const id of stories) await store.stories.putNew(aStory(id, { title: `Title of ${id}`, match: aMatch }));
});

/** Claims, one a story, that nobody noted as sent. */
async function leftOpen(subscriber: string): Promise<void> {
  const times = { published: iso(0), seen: iso(0), decided: iso(0), claimed: iso(0) };
  for (const id of stories) {
    const row: LedgerRow = {
      storyline: id,
      state: 'new',
      subscriber,
      story: id,
      ...times,
      sent: null,
      tier: 2,
      held: null,
      waited: null,
    };
    await store.ledger.claim(row);
  }
}

const open = async () => (await store.ledger.unsent(iso(600), 10)).map(({ storyline }) => storyline).sort();

/** Sweeps in a minute; gives the stories of each message asked for, and what was published. */
async function redeemed(minute: number, fields: Parameters<typeof alertDeps>[1] = {}) {
  const base = alertDeps(store);
  const asked: string[][] = [];
  const deps = alertDeps(store, {
    now: () => minutes(minute),
    texts: {
      ...base.texts,
      async forReader(claims, reader) {
        asked.push(claims.map(({ story }) => story).sort());
        return base.texts.forReader(claims, reader);
      },
    },
    ...fields,
  });
  const swept = await redeemAll(minutes(minute), deps);
  return { swept, asked, published: deps.published };
}

test('a reader’s claims are redeemed as one message', async () => {
  await store.subscribers.put(aSubscriber('r'));
  await leftOpen('r');
  expect((await redeemed(5)).asked).toEqual([stories]);
  expect((await redeemed(10)).asked).toEqual([]);
});

test('of the claims for programs one that SNS refuses takes no other with it, and none is told twice', async () => {
  await leftOpen(integrationId);
  const told: string[] = [];
  const publish =
    (refused: string) =>
    async ({ body }: { readonly body: string }) => {
      const { storyline } = JSON.parse(body) as { storyline: string };
      if (storyline === refused) throw new Error('throttled');
      told.push(storyline);
    };
  await redeemed(5, { publish: publish('s1') });
  expect(await open()).toEqual(['s1']);
  await redeemed(10, { publish: publish('nothing') });
  expect(told).toEqual(['s0', 's2', 's1']);
  expect(await open()).toEqual([]);
});
