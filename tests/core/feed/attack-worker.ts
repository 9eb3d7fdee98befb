import { parentPort } from 'node:worker_threads';
import { readFeed } from '../../../lib/core/feed/read-feed.ts';
import { attacks } from './attacks.ts';

/** Reads the attack it is told the name of, so that a test can give the reading a memory of its own, and end it. */
parentPort!.on('message', async (name: string) => {
  const source = attacks.find((attack) => attack.name === name)!.feed();
  const body = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const read = await readFeed(body, { contentType: null, url: null, now: new Date('2026-11-24T12:00:00Z') });
  const polluted = (Object.prototype as Record<string, unknown>).polluted !== undefined;
  parentPort!.postMessage(
    read.kind === 'feed'
      ? { entries: read.entries.length, first: read.entries[0], cuts: read.cuts, polluted }
      : { error: read.error.kind, polluted },
  );
});
