import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseFeed } from 'feedsmith';
import Parser from 'rss-parser';
import { readLimits } from '../../lib/core/feed/limits.ts';
import { readFeed } from '../../lib/core/feed/read-feed.ts';
import { benchFeed } from './reading-feeds.ts';
import { type BenchTable, markdown } from './table.ts';

const about = {
  contentType: 'application/rss+xml; charset=utf-8',
  url: 'https://harbour.example/feed',
  now: new Date(),
};
/** The limits would end a comparison on large feeds; here all three read everything. */
const unlimited = { ...readLimits, bodyBytes: 2 ** 28, entries: 10 ** 6 };

/** Bytes to stories, by each reader as its documentation shows it. Returns the number of stories. */
const readers: Readonly<Record<string, (body: Uint8Array) => Promise<number>>> = {
  ours: async (body) => {
    const read = await readFeed(body, about, unlimited);
    return read.kind === 'feed' ? read.entries.length : 0;
  },
  'rss-parser': async (body) => (await new Parser().parseString(textOf(body))).items.length,
  feedsmith: async (body) => {
    const { feed } = parseFeed(textOf(body));
    return ('items' in feed && feed.items?.length) || 0;
  },
};

const feeds = {
  'small (5 stories)': () => benchFeed(5, 0),
  'typical (40 stories)': () => benchFeed(40, 200),
  '10 MB (4,300 stories)': () => benchFeed(4300, 240),
};

/**
 * Speed and memory of reading, against rss-parser alone and feedsmith in the same run, and growth with the number of
 * stories. The other two do less: no charsets, no repair, no plain text, no dates, no addresses made absolute.
 */
export async function benchReading(): Promise<readonly BenchTable[]> {
  return [await speed(), memory(), await growth()];
}

async function speed(): Promise<BenchTable> {
  const rows: Record<string, string | number>[] = [];
  for (const [name, feed] of Object.entries(feeds)) {
    const body = new TextEncoder().encode(feed());
    for (const [reader, read] of Object.entries(readers)) {
      const { ms, stories } = await timed(() => read(body));
      rows.push({
        feed: name,
        MB: (body.length / 1e6).toFixed(3),
        reader,
        ms: ms.toFixed(2),
        'MB/s': (body.length / 1e3 / ms).toFixed(1),
        'stories/s': Math.round((stories / ms) * 1000),
      });
    }
  }
  return { title: 'Reading feeds: median time of one reading, one core', rows };
}

/** Runs for about a second after a warm-up; the median of the runs. */
async function timed(read: () => Promise<number>): Promise<{ ms: number; stories: number }> {
  let stories = await read();
  const warmUntil = performance.now() + 300;
  while (performance.now() < warmUntil) stories = await read();
  const times: number[] = [];
  const until = performance.now() + 1000;
  while (performance.now() < until || times.length < 3) {
    const start = performance.now();
    await read();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[times.length >> 1]!, stories };
}

/** Peak resident memory of a process that reads the 10 MB feed once, less that of one that only loads and makes it. */
function memory(): BenchTable {
  const idle = peakOf('none');
  const rows = Object.keys(readers).map((reader) => ({
    reader,
    'peak above idle, MB': Math.round(peakOf(reader) - idle),
  }));
  return { title: 'Reading 10 MB once: peak memory, a process each', rows };
}

function peakOf(reader: string): number {
  return Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--peak', reader]).toString());
}

async function printPeak(reader: string): Promise<void> {
  const body = new TextEncoder().encode(feeds['10 MB (4,300 stories)']());
  await readers[reader]?.(body);
  console.log(process.resourceUsage().maxRSS / 1024);
}

async function growth(): Promise<BenchTable> {
  const rows: Record<string, string | number>[] = [];
  for (const stories of [1_000, 10_000, 100_000]) {
    const body = new TextEncoder().encode(benchFeed(stories, 0));
    const row: Record<string, string | number> = { stories, MB: (body.length / 1e6).toFixed(1) };
    for (const [name, limits] of [
      ['all', unlimited],
      ['newest 2,000', { ...unlimited, entries: 2000 }],
    ] as const) {
      const start = performance.now();
      await readFeed(body, about, limits);
      const ms = performance.now() - start;
      row[`${name}, ms`] = Math.round(ms);
      row[`${name}, µs/story`] = ((ms * 1000) / stories).toFixed(1);
    }
    rows.push(row);
  }
  return { title: 'Reading: growth with the number of stories', rows };
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv[2] === '--peak') await printPeak(process.argv[3]!);
  else for (const table of await benchReading()) console.log(markdown(table));
}
