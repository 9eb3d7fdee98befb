import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readDay, readNewsroomFeeds } from '../../../lib/local/newsroom/day.ts';

const day = readDay();
const feeds = readNewsroomFeeds();
const watchlist = parse(readFileSync(new URL('../../../config/watchlist.yaml', import.meta.url), 'utf8')) as {
  entities: Record<string, unknown>;
  events: Record<string, unknown>;
};

describe.each(day.map((story) => [story.path, story] as const))('%s', (path, story) => {
  test('is labelled with ids of the shipped watchlist and listed by known feeds of one outlet', () => {
    expect(story.expect.entities.filter((id) => !(id in watchlist.entities))).toEqual([]);
    expect(story.expect.events.filter((id) => !(id in watchlist.events))).toEqual([]);
    const listing = story.feeds.map((id) => feeds.find((feed) => feed.id === id)?.outlet);
    expect(new Set(listing).size).toBe(1);
    expect(listing).not.toContain(undefined);
    expect(day.filter((other) => other.path === path)).toHaveLength(1);
  });

  test('lies inside the day, late enough for the first poll and early enough for the last', () => {
    for (const minutes of [story.at, ...(story.edit === null ? [] : [story.edit.at])]) {
      expect(minutes < 0 || (minutes >= 90 && minutes <= 22 * 60)).toBe(true);
    }
    expect(story.dated).toBeLessThanOrEqual(story.at);
  });
});

test('the day has what a demo must show', () => {
  const traps = day.map(({ trap }) => trap ?? '');
  for (const kind of [
    'another truce',
    'homonym',
    'wire copy',
    'denial',
    'correction',
    'fixed phrase',
    'section words',
  ]) {
    expect(
      traps.some((trap) => trap.startsWith(kind)),
      kind,
    ).toBe(true);
  }
  expect(new Set(feeds.map(({ format }) => format))).toEqual(new Set(['rss', 'atom', 'json']));
  expect(new Set(feeds.map(({ lang }) => lang))).toEqual(new Set(['en', 'fa', 'zh', 'ar', 'ru']));
  expect(day.some(({ seed, told }) => seed && told)).toBe(false);
  expect(day.filter(({ told }) => told).length).toBeGreaterThan(40);
  expect(
    day.filter(({ expect: labels }) => labels.entities.length + labels.events.length === 0).length,
  ).toBeGreaterThan(25);
});

test('no feed lets a story roll off: it never brings more than it lists between two of its hours', () => {
  for (const feed of feeds) {
    const times = day.filter(({ feeds: ids }) => ids.includes(feed.id)).map(({ at }) => at);
    const busiest = Math.max(
      ...times.map((start) => times.filter((time) => time >= start && time < start + 240).length),
    );
    expect(busiest, feed.id).toBeLessThan(feed.newest);
  }
});
