import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedCut, FeedEntry } from '../../../lib/core/feed/feed-entry.ts';
import { attacks } from './attacks.ts';

type Answer = {
  readonly error?: string;
  readonly entries?: number;
  readonly first?: FeedEntry;
  readonly cuts?: readonly FeedCut[];
  readonly polluted: boolean;
};

/** All attacks, one after the other, in a heap of 256 MB: one that needs more kills the worker and fails its test. */
let worker: Worker;

beforeAll(() => {
  worker = new Worker(new URL('./attack-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
});

afterAll(async () => {
  await worker.terminate();
});

test.each(attacks)('$name', { timeout: 5000 }, async ({ name, outcome }) => {
  worker.postMessage(name);
  // once() rejects with the worker's own error, such as running out of memory.
  const [answer] = (await once(worker, 'message')) as [Answer];
  expect(answer.polluted).toBe(false);
  expect(answer.error).toBe(outcome.error);
  if (outcome.entries !== undefined) expect(answer.entries).toBe(outcome.entries);
  if (outcome.first !== undefined) expect(answer.first).toMatchObject(outcome.first);
  if (outcome.cuts !== undefined) expect(answer.cuts).toEqual(outcome.cuts);
});
