import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { renewTopics, topicFindings } from '../../lib/pipeline/renew-topics.ts';
import { aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, minutes } from './world.ts';

let store: Store;
let asked: string[];
let bad: ReadonlySet<string>;
beforeEach(() => {
  store = memoryStore();
  asked = [];
  bad = new Set();
});

const { log, lines } = logLines();
const renew = (shape = 'key', now = () => minutes(0)) =>
  renewTopics(
    {
      ...store,
      topics: {
        shape,
        async renew({ id }) {
          asked.push(id);
          if (bad.has(id)) throw new Error(`refused for reader@example.org`);
        },
      },
      now,
      log,
    },
    60_000,
  );

async function readers(count: number, from = 0) {
  for (let index = from; index < from + count; index += 1)
    await store.subscribers.put(aSubscriber(`r${String(index).padStart(5, '0')}`, { created: iso(index) }));
}

test('one bad topic keeps none of the rest, is named, and is tried again alone', async () => {
  await readers(60);
  bad = new Set(['r00007']);
  expect(await renew()).toEqual({ renewed: 59, failed: 1, left: 0 });
  expect(lines.find(({ event }) => event === 'reader topic not renewed')).toMatchObject({ subscriber: 'r00007' });
  expect(await topicFindings(store.control)).toMatchObject([
    {
      level: 'warning',
      what: expect.stringMatching(/topics of 1 readers.*r00007$/),
      remedy: expect.stringContaining('wirewatch apply'),
    },
  ]);
  asked = [];
  expect(await renew()).toEqual({ renewed: 0, failed: 1, left: 0 });
  expect(asked).toEqual(['r00007']);
  bad = new Set();
  expect(await renew()).toEqual({ renewed: 1, failed: 0, left: 0 });
  expect(await topicFindings(store.control)).toEqual([]);
});

test('only who came since is asked for again, and another key has all asked for', async () => {
  await readers(3);
  await renew();
  await readers(1, 3);
  asked = [];
  expect(await renew()).toEqual({ renewed: 1, failed: 0, left: 0 });
  expect(asked).toEqual(['r00003']);
  expect(await renew('other')).toEqual({ renewed: 4, failed: 0, left: 0 });
});

test('ten thousand readers are taken over several calls, each once, also where one is slow', async () => {
  await readers(10_000);
  let seconds = 0;
  const slow = () => {
    seconds += 1;
    return new Date(minutes(0).getTime() + 1_000 * seconds);
  };
  let calls = 0;
  for (let left = 1; left > 0; calls += 1) ({ left } = await renew('key', slow));
  expect(calls).toBe(4);
  expect(asked).toHaveLength(10_000);
  expect(new Set(asked).size).toBe(10_000);
});

test('where every topic fails the call ends, and the rest is for the next one', async () => {
  await readers(700);
  bad = new Set(Array.from({ length: 700 }, (_, index) => `r${String(index).padStart(5, '0')}`));
  expect(await renew()).toEqual({ renewed: 0, failed: 500, left: 200 });
  bad = new Set();
  expect(await renew()).toEqual({ renewed: 700, failed: 0, left: 0 });
});
