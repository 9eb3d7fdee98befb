import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compileWatchlist } from '../../lib/core/watchlist/compile.ts';
import { matchInOrder } from '../../lib/core/watchlist/match-in-order.ts';
import { createMatcher } from '../../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../../lib/core/watchlist/watchlist-file.ts';
import { readDay, readNewsroomFeeds } from '../../lib/local/newsroom/day.ts';
import { type ChildRun, javasOf, startChild } from '../support/child-run.ts';

let demo: ChildRun | null = null;

afterAll(async () => {
  await demo?.end('SIGKILL');
});

test('shows matches and an alert with its reason, answers its page, and ends with Java at Ctrl-C', async () => {
  demo = startChild('bin/wirewatch.js', ['demo', '--speed', '600']);
  // Whole lines: what is printed at once may arrive in pieces.
  await demo.until(/ready\s+http.*\n/);
  await demo.until(/--data .+\n/);
  const dataDir = /--data (\S+)/.exec(demo.output())?.[1] ?? '';
  const url = /ready\s+(http:\/\/\S+)/.exec(demo.output())?.[1] ?? '';
  await demo.until(/match\s+\S.*\[/);
  await demo.until(/alert\s+email: .+\n\s+- /);
  expect(javasOf(dataDir)).toHaveLength(1);
  const page = await fetch(url);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'|default-src 'self'/);
  expect(await page.text()).toMatch(/<title>.*Wirewatch/);
  const { matches } = (await (await fetch(`${url}/api/matches?limit=5`)).json()) as { matches: unknown[] };
  expect(matches.length).toBeGreaterThan(0);
  expect(await statusFor(url, 'evil.example')).toBeGreaterThanOrEqual(400);

  const liveJava = javasOf(dataDir)[0] ?? 0;
  expect(await demo.end('SIGINT')).toBe(0);
  expect(() => process.kill(liveJava, 0)).toThrow();
});

test('every story of the day carries what its label says, by the shipped watchlist', () => {
  const file = join(import.meta.dirname, '../../config/watchlist.yaml');
  const { watchlist } = readWatchlist(readFileSync(file, 'utf8'), file);
  if (watchlist === null) throw new Error('the shipped watchlist has errors');
  const langs = new Map(readNewsroomFeeds().map(({ id, lang }) => [id, lang]));
  const day = readDay();
  const stories = day.map(({ title, summary, edit, feeds, dated }) => ({
    title: edit?.title ?? title,
    summary: edit?.summary ?? summary,
    lang: langs.get(feeds[0] ?? ''),
    source: feeds[0],
    published: new Date(Date.UTC(2025, 5, 26) + dated).toISOString(),
  }));
  const found = matchInOrder(createMatcher(compileWatchlist(watchlist)), stories);
  const wrong = day.flatMap(({ path, expect: labels }, index) => {
    const { entities, events } = found[index] ?? { entities: [], events: [] };
    const got = [...entities, ...events].join(' ');
    const wanted = [...labels.entities.toSorted(), ...labels.events.toSorted()].join(' ');
    return got === wanted ? [] : [`${path}: ${got}, not ${wanted}`];
  });
  expect(wrong).toEqual([]);
});

/** The status that a request with this Host header gets; fetch would not let it be set. */
function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${url}/api/matches`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}
