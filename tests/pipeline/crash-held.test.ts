import { expect, test } from 'vitest';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import { digest } from '../../lib/pipeline/digest.ts';
import type { Publish } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { crashingWorld } from './crashing-store.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, minutes } from './world.ts';

/**
 * What is told together, or late, survives an end at each call in turn: all of it is told, nothing twice but what SNS took
 * in the very call that ended or that was not noted after it, and nothing to those who want it no more.
 */
const titles = ['Tanker seized off Bandar Abbas', 'Wrestlers win gold at Tashkent', 'Quake shakes Kerman province'];
const stories = titles.map((title, n) =>
  aStory(`s${n}`, { title, url: null, match: aMatch, undecidedSince: iso(0), published: iso(0) }),
);
const ids = stories.map(({ id }) => id);
const ways = ['before', 'after'] as const;

type Message = { readonly topicArn: string; readonly alerts: readonly string[] };

/** A message names its stories, however many there are in it. */
function namedTexts(store: Store) {
  const { texts } = alertDeps(store);
  const named: typeof texts = {
    forPrograms: texts.forPrograms,
    async forReader(claims, reader) {
      await texts.forReader(claims, reader);
      return [{ subject: null, body: '', attributes: { alerts: claims.map(({ story }) => story).sort() } }];
    },
  };
  return named;
}

function collecting(): { readonly messages: Message[]; readonly publish: Publish } {
  const messages: Message[] = [];
  return {
    messages,
    async publish({ topicArn, attributes }) {
      const alerts = attributes?.alerts;
      if (Array.isArray(alerts)) messages.push({ topicArn, alerts });
    },
  };
}

async function withStories(readers: readonly Subscriber[]): Promise<Store> {
  const store = memoryStore();
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  for (const reader of readers) await store.subscribers.put(reader);
  for (const story of stories) await store.stories.putNew(story);
  return store;
}

const at = (store: Store, minute: number, publish: Publish) =>
  alertDeps(store, { now: () => minutes(minute), publish, texts: namedTexts(store) });

/** How often each alert was told, as `subscriber story`. */
function timesTold(messages: readonly Message[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { topicArn, alerts } of messages) {
    for (const story of alerts) {
      const alert = `${topicArn.split('ww-')[1]} ${story}`;
      told.set(alert, (told.get(alert) ?? 0) + 1);
    }
  }
  return told;
}

const mayRepeat = (failedAt: string | null) => ['publish', 'ledger.markSent'].includes(failedAt ?? '');

/**
 * Sets the scene, has the sweep of a minute end at its n-th call, for each n, and sweeps on; then looks at what was told.
 */
async function endAtEachCall(
  when: 'before' | 'after',
  scene: {
    readonly set: () => Promise<Store>;
    readonly minute: number;
    readonly after: readonly number[];
    readonly look: (store: Store, told: ReadonlyMap<string, number>, context: string) => Promise<void>;
  },
): Promise<number> {
  for (let n = 1; ; n += 1) {
    const store = await scene.set();
    const { messages, publish } = collecting();
    const world = crashingWorld(store, publish, n, when);
    await digest(at(world.store, scene.minute, world.publish)).catch(() => {});
    const context = `call ${n}: ${world.failedAt()}`;
    for (const minute of scene.after) await digest(at(store, minute, publish));
    const told = timesTold(messages);
    expect(Math.max(0, ...told.values()), context).toBeLessThanOrEqual(mayRepeat(world.failedAt()) ? 2 : 1);
    expect(await store.ledger.unsent(iso(10_000), 10), context).toEqual([]);
    await scene.look(store, told, context);
    if (world.failedAt() === null) return n;
  }
}

const of = (...readers: readonly string[]) => readers.flatMap((reader) => ids.map((id) => `${reader} ${id}`)).sort();

const held = [
  aSubscriber('hourly', { delivery: { kind: 'hourly' } }),
  aSubscriber('sleeper', { quiet: { start: '08:00', end: '09:40', criticalPasses: false } }),
];

async function decidedFor(readers: readonly Subscriber[]): Promise<Store> {
  const store = await withStories(readers);
  for (const story of stories)
    await decide(
      story,
      at(store, 0, async () => {}),
    );
  return store;
}

test.each(ways)('held alerts: a sweep that ends %s any of its calls took effect loses none', async (when) => {
  const calls = await endAtEachCall(when, {
    set: () => decidedFor(held),
    minute: 61,
    after: [76, 91, 106],
    async look(_, told, context) {
      expect([...told.keys()].sort(), context).toEqual(of('hourly', 'sleeper'));
    },
  });
  expect(calls).toBeGreaterThan(20);
});

test.each(ways)(
  'held alerts: a decision that ends %s any of its calls took effect is made good in time',
  async (when) => {
    for (let n = 1; ; n += 1) {
      const store = await withStories(held);
      const { messages, publish } = collecting();
      const world = crashingWorld(store, publish, n, when);
      const deps = at(world.store, 0, world.publish);
      for (const story of stories) await decide(story, deps).catch(() => {});
      const context = `call ${n}: ${world.failedAt()}`;
      // What the crash left undecided is decided by the first sweep and held until the hour and until the loud hours.
      for (const minute of [15, 45, 61, 76, 121, 136]) await digest(at(store, minute, publish));
      const told = timesTold(messages);
      expect([...told.keys()].sort(), context).toEqual(of('hourly', 'sleeper'));
      expect(Math.max(...told.values()), context).toBe(1);
      if (world.failedAt() === null) break;
    }
  },
);

test.each(ways)(
  'held alerts of who has paused or left: a sweep that ends %s any of its calls tells nobody',
  async (when) => {
    await endAtEachCall(when, {
      async set() {
        const store = await decidedFor([...held, aSubscriber('leaver', { delivery: { kind: 'hourly' } })]);
        await store.subscribers.put(aSubscriber('hourly', { delivery: { kind: 'hourly' }, paused: true }));
        await store.subscribers.put(aSubscriber('sleeper', { muted: [{ storyline: 's1', until: iso(10_000) }] }));
        await store.subscribers.remove('leaver');
        return store;
      },
      minute: 61,
      after: [76, 91, 106],
      async look(store, told, context) {
        expect([...told.keys()].sort(), context).toEqual(['sleeper s0', 'sleeper s2']);
        expect(await store.ledger.due(iso(10_000), 10), context).toEqual([]);
      },
    });
  },
);

test.each(ways)('several open claims of one reader: a sweep that ends %s any of its calls loses none', async (when) => {
  const refusing: Publish = async () => {
    throw new Error('throttled');
  };
  const calls = await endAtEachCall(when, {
    async set() {
      const store = await withStories([aSubscriber('a'), aSubscriber('b')]);
      for (const story of stories) await decide(story, at(store, 0, refusing));
      return store;
    },
    minute: 5,
    after: [20, 35],
    async look(_, told, context) {
      expect([...told.keys()].sort(), context).toEqual(of('a', 'b'));
    },
  });
  expect(calls).toBeGreaterThan(15);
});

const days = 24 * 60;

test.each(ways)(
  'closing: a sweep that ends %s any of its calls leaves each storyline open or closed, and closes it in the end',
  async (when) => {
    const calls = await endAtEachCall(when, {
      set: () => decidedFor([aSubscriber('a')]),
      minute: 4 * days,
      after: [4 * days + 15],
      async look(store, told, context) {
        expect(told.size, context).toBe(0);
        expect((await store.storylines.open()).storylines, context).toEqual([]);
        const kept = await Promise.all(ids.map((id) => store.storylines.get(id)));
        expect(
          kept.map((one) => one?.storyline.stories),
          context,
        ).toEqual([1, 1, 1]);
        expect(
          kept.every((one) => one?.closed !== null),
          context,
        ).toBe(true);
        const listed = await store.storylines.list({
          since: iso(-60),
          until: iso(60),
          cursor: null,
          limit: 9,
          readAtMost: 9,
          keep: () => true,
        });
        expect(listed.rows.map(({ storyline }) => storyline.id).sort(), context).toEqual(ids);
        // A copy that comes late opens a storyline of its own, and is told as new.
        const { messages, publish } = collecting();
        const copy = aStory('copy', {
          title: titles[0] as string,
          url: null,
          match: aMatch,
          undecidedSince: iso(4 * days),
          published: iso(4 * days),
        });
        await store.stories.putNew(copy);
        await decide(copy, at(store, 4 * days + 20, publish));
        expect([...timesTold(messages).keys()], context).toEqual(['a copy']);
      },
    });
    expect(calls).toBeGreaterThan(8);
  },
);
