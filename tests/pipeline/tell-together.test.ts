import { beforeEach, expect, test } from 'vitest';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { LedgerRow } from '../../lib/pipeline/ports/ledger-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { redeemAll, tellDue } from '../../lib/pipeline/tell-together.ts';
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
async function leftOpen(subscriber: string, held: LedgerRow['held'] = null): Promise<void> {
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
      held,
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

test.each<[string, Parameters<typeof aSubscriber>[1], readonly string[]]>([
  ['has paused', { paused: true }, []],
  ['has muted the storyline', { muted: [{ storyline: 's1', until: iso(600) }] }, ['s0', 's2']],
  ['wants more urgent ones alone', { leastPriority: 'critical' }, []],
])('what was claimed for a reader who meanwhile %s is ended untold', async (_, fields, told) => {
  for (const id of stories)
    await alertDeps(store).place({ ...aStory(id, { title: `${id}a ${id}b ${id}c` }), match: aMatch }, false);
  await store.subscribers.put(aSubscriber('r', fields));
  await leftOpen('r');
  expect((await redeemed(5)).asked.flat()).toEqual(told);
  expect(await open()).toEqual([]);
});

test('what was claimed before quiet hours began is told after them', async () => {
  await store.subscribers.put(aSubscriber('r', { quiet: { start: '09:01', end: '10:00', criticalPasses: false } }));
  await leftOpen('r');
  expect((await redeemed(5)).asked).toEqual([]);
  expect(await open()).toEqual(stories);
  expect((await redeemed(65)).asked).toEqual([stories]);
});

test.each([['redeemed'], ['held']] as const)(
  'the lease of what is %s begins when its turn comes, however long the sweep took',
  async (kind) => {
    await store.subscribers.put(aSubscriber('r'));
    await leftOpen('r', kind === 'held' ? { until: iso(1), why: 'digest' } : null);
    const refused = async () => {
      throw new Error('throttled');
    };
    let minute = 5;
    const get: Store['subscribers']['get'] = async (id) => {
      minute = 9;
      return store.subscribers.get(id);
    };
    const deps = alertDeps(store, {
      now: () => minutes(minute),
      publish: refused,
      subscribers: { ...store.subscribers, get },
    });
    await (kind === 'held' ? tellDue : redeemAll)(minutes(5), deps);
    expect((await store.ledger.unsent(iso(600), 10)).map(({ claimed }) => claimed)).toEqual(stories.map(() => iso(9)));
  },
);

test.each<[string, Parameters<typeof aSubscriber>[1], Awaited<ReturnType<typeof tellDue>>]>([
  ['told', {}, { done: 3, failed: 0 }],
  ['ended', { paused: true }, { done: 3, failed: 0 }],
  ['ended and told', { muted: [{ storyline: 's1', until: iso(600) }] }, { done: 3, failed: 0 }],
  ['only put off', { quiet: { start: '09:01', end: '10:00', criticalPasses: false } }, { done: 0, failed: 0 }],
])('a sweep counts what was %s', async (_, fields, counts) => {
  await store.subscribers.put(aSubscriber('r', fields));
  await leftOpen('r', { until: iso(1), why: 'digest' });
  expect(await tellDue(minutes(5), alertDeps(store, { now: () => minutes(5) }))).toEqual(counts);
});

test('a sweep counts of the claims for programs each that went and each that did not', async () => {
  await leftOpen(integrationId);
  const publish = async ({ body }: { readonly body: string }) => {
    if (body.includes('Title of s1')) throw new Error('throttled');
  };
  expect((await redeemed(5, { publish })).swept).toEqual({ done: 2, failed: 1 });
});

test('what is claimed and waits on for quiet hours is neither done nor failed', async () => {
  await store.subscribers.put(aSubscriber('r', { quiet: { start: '09:01', end: '10:00', criticalPasses: false } }));
  await leftOpen('r');
  expect((await redeemed(5)).swept).toEqual({ done: 0, failed: 0 });
});

test('the message says why its alerts waited', async () => {
  await store.subscribers.put(aSubscriber('r'));
  await leftOpen('r', { until: iso(1), why: 'quiet hours' });
  const deps = alertDeps(store, { now: () => minutes(5) });
  await tellDue(minutes(5), deps);
  expect(deps.published[0]?.body).toMatch(/^What was kept for the end of your quiet hours: 3 storylines/);
});
