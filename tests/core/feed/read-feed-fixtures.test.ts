import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { FeedCut, FeedEntry, FeedHead } from '../../../lib/core/feed/feed-entry.ts';
import { readFeed } from '../../../lib/core/feed/read-feed.ts';

/** What must become of the feed beside it: the whole of it, or the kind of error. */
type Expected = {
  readonly why: string;
  readonly about?: { readonly contentType?: string; readonly url?: string };
  readonly feed?: FeedHead;
  readonly entries?: readonly FeedEntry[];
  readonly cuts?: readonly FeedCut[];
  readonly warnings?: readonly string[];
  readonly error?: string;
};

const folder = join(import.meta.dirname, '../../fixtures/feeds');
const now = new Date('2026-11-24T12:00:00Z');
const cases = globSync('*.expected.json', { cwd: folder })
  .map((file) => basename(file, '.expected.json'))
  .sort();

test('every fixture has its expectation and there are at least 150', () => {
  const feeds = globSync('*.{xml,json,bin}', { cwd: folder }).filter((file) => !file.endsWith('.expected.json'));
  expect(feeds.map((file) => file.replace(/\.(?:xml|json|bin)$/, '')).sort()).toEqual(cases);
  expect(cases.length).toBeGreaterThanOrEqual(150);
});

test.each(cases)('%s', async (name) => {
  const expected: Expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8'));
  const [file] = globSync(`${name}.{xml,json,bin}`, { cwd: folder });
  const about = { contentType: expected.about?.contentType ?? null, url: expected.about?.url ?? null, now };
  const read = await readFeed(readFileSync(join(folder, file!)), about);
  if (expected.error !== undefined) {
    expect(read).toMatchObject({ kind: 'unreadable', error: { kind: expected.error } });
    return;
  }
  const { feed, entries, cuts, warnings } = expected;
  expect(read, expected.why).toEqual({ kind: 'feed', feed, entries, cuts, warnings });
});
