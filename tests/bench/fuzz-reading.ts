import { argv, exit, memoryUsage, stdout } from 'node:process';
import { readFeed } from '../../lib/core/feed/read-feed.ts';
import { brokenPromises, fixtureFeeds, shards } from '../core/feed/reading-promises.ts';
import { gc } from './collect-garbage.ts';

/**
 * Mutates the fixtures for some minutes (`node tests/bench/fuzz-reading.ts [MINUTES] [SEED]`) and stops at the first
 * feed that throws, breaks a promise of the reader, takes 5 s or raises memory by 256 MB, and when the heap keeps growing. The seed is printed; the feed
 * that failed is written out.
 */
const minutes = Number(argv[2] ?? 2);
const seed = Number(argv[3] ?? Date.now() % 2 ** 31);
const about = { contentType: null, url: 'https://harbour.example/feed', now: new Date('2026-11-24T12:00:00Z') };

/** mulberry32: small, fast, and the same everywhere for one seed. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const random = randomFrom(seed);
const feeds = fixtureFeeds();

function mutant(): Buffer {
  let bytes = Buffer.from(feeds[random(feeds.length)]!.body);
  for (let edits = 1 + random(12); edits > 0; edits -= 1) bytes = edited(bytes);
  return bytes;
}

function edited(bytes: Buffer): Buffer<ArrayBuffer> {
  const at = random(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const shard = Buffer.from(shards[random(shards.length)]!);
  switch (random(8)) {
    case 0:
      return Buffer.concat([before, shard, after]);
    case 1:
      return Buffer.concat([before, after.subarray(random(100))]);
    case 2:
      return Buffer.concat([before, Buffer.of(random(256)), after.subarray(1)]);
    case 3:
      return Buffer.concat([before, ...Array<Buffer>(1 + random(2000)).fill(shard), after]);
    case 4:
      return Buffer.concat([before]);
    case 5:
      // A piece of another feed.
      return Buffer.concat([before, Buffer.from(feeds[random(feeds.length)]!.body).subarray(random(500)), after]);
    case 6:
      return Buffer.concat([before, after.subarray(0, random(300)), after]);
    default:
      return Buffer.concat([Buffer.from(shard), bytes]);
  }
}

const idle = memoryUsage().rss;
gc();
const idleHeap = memoryUsage().heapUsed;
const end = Date.now() + minutes * 60_000;
let count = 0;
let slowestMs = 0;
stdout.write(`seed ${seed}, ${minutes} min\n`);
while (Date.now() < end) {
  const body = mutant();
  const before = memoryUsage.rss();
  const start = performance.now();
  const problems = await readFeed(body, about).then(brokenPromises, (error: unknown) => [`threw ${error}`]);
  const ms = performance.now() - start;
  slowestMs = Math.max(slowestMs, ms);
  if (ms > 5000) problems.push(`took ${Math.round(ms)} ms`);
  if (memoryUsage.rss() - before > 256 * 2 ** 20) problems.push(`memory grew from ${before} to ${memoryUsage.rss()}`);
  if (count % 20_000 === 19_999) {
    gc();
    if (memoryUsage().heapUsed - idleHeap > 32 * 2 ** 20) problems.push(`a leak: ${memoryUsage().heapUsed} in use`);
  }
  if (problems.length > 0) {
    stdout.write(`${problems.join('\n')}\nfeed ${count} of seed ${seed}, base64:\n${body.toString('base64')}\n`);
    exit(1);
  }
  count += 1;
}
stdout.write(
  `${count} feeds, slowest ${slowestMs.toFixed(1)} ms, ${Math.round((memoryUsage().rss - idle) / 2 ** 20)} MB above idle\n`,
);
