import { describe, expect, test } from 'vitest';
import { readDay } from '../../../lib/local/newsroom/day.ts';
import { type GotAlert, type GotMatch, scoreDay } from '../../../lib/local/newsroom/score.ts';

const day = readDay();
const site = 'http://127.0.0.1:4711';
const followed = day.filter(({ expect: labels }) => labels.entities.length + labels.events.length > 0);
const rightMatches: readonly GotMatch[] = followed.map((story) => ({
  url: `${site}${story.path}?utm_source=feed`,
  title: (story.edit ?? story).title,
  storyline: `id of ${story.storyline}`,
  ...story.expect,
}));
const firstOf = new Map(
  day
    .filter(({ told }) => told)
    .toReversed()
    .map((story) => [story.storyline, story]),
);
const corrected = '/meridian/qingdao-meeting-ends';
const rightAlerts: readonly GotAlert[] = [
  ...[...firstOf.values()].map(({ path }) => ({ url: site + path, state: 'new' as const })),
  { url: site + corrected, state: 'corrected' },
];
const matchOf = (path: string) => {
  const found = rightMatches.find(({ url }) => url?.startsWith(site + path));
  if (found === undefined) throw new Error(path);
  return found;
};
const withMatch = (path: string, change: Partial<GotMatch>) =>
  rightMatches.map((match) => (match === matchOf(path) ? { ...match, ...change } : match));

test('a day as labelled has no difference, and the counts agree', () => {
  const score = scoreDay(day, rightMatches, rightAlerts);
  expect(score).toMatchObject({ missing: [], unexpected: [] });
  expect(score.got).toEqual(score.expected);
  expect(score.expected.matches).toBe(followed.length);
});

test('what comes of a development later is told once for each state', () => {
  const url = `${site}/meridian/nasirzadeh-thanks-china`;
  const again = (...states: GotAlert['state'][]) =>
    scoreDay(day, rightMatches, [...rightAlerts, ...states.map((state) => ({ url, state }))]).unexpected;
  expect(again('corroborated', 'escalated')).toEqual([]);
  expect(again('corroborated', 'corroborated')).toHaveLength(1);
  expect(again('new')).toHaveLength(1);
});

describe('a difference is named', () => {
  const ceasefire = '/meridian/drone-intercepted';
  const opening = firstOf.get('drone')?.path ?? '';
  const seed = '/meridian/second-quiet-day';
  test.each<[string, readonly GotMatch[], readonly GotAlert[], 'missing' | 'unexpected', object]>([
    ['a match that is not there', rightMatches.slice(1), rightAlerts, 'missing', { what: 'match' }],
    [
      'an event that is not there',
      withMatch(ceasefire, { events: ['israel-iran-ceasefire'] }),
      rightAlerts,
      'missing',
      { what: 'event', path: ceasefire, detail: 'israel-iran-war' },
    ],
    [
      'an entity too many',
      withMatch(ceasefire, { entities: ['iran', 'israel', 'sco'] }),
      rightAlerts,
      'unexpected',
      { what: 'entity', path: ceasefire, detail: 'sco' },
    ],
    [
      'a trap that was walked into',
      [
        ...rightMatches,
        { url: `${site}/harbour-world/sco-mozart`, title: '', storyline: 's', entities: ['sco'], events: [] },
      ],
      rightAlerts,
      'unexpected',
      { what: 'match', path: '/harbour-world/sco-mozart', detail: 'sco', trap: 'homonym' },
    ],
    [
      'a story stored twice',
      [...rightMatches, matchOf(ceasefire)],
      rightAlerts,
      'unexpected',
      { what: 'match', path: ceasefire },
    ],
    [
      'a correction that was not taken up',
      withMatch('/meridian/qingdao-meeting-ends', { title: 'SCO defence ministers close their meeting in Qingdao' }),
      rightAlerts,
      'missing',
      { what: 'title', path: '/meridian/qingdao-meeting-ends' },
    ],
    [
      'a correction that nobody was told',
      rightMatches,
      rightAlerts.filter(({ state }) => state === 'new'),
      'missing',
      { what: 'alert', path: corrected, detail: 'corrected' },
    ],
    [
      'a development in two storylines',
      withMatch(ceasefire, { storyline: 'another' }),
      rightAlerts,
      'missing',
      { what: 'storyline', path: ceasefire },
    ],
    [
      'two developments in one storyline',
      withMatch('/meridian/oil-buyers', { storyline: matchOf(opening).storyline }),
      rightAlerts,
      'unexpected',
      { what: 'storyline', path: '/meridian/oil-buyers', detail: 'together with drone' },
    ],
    ['an alert that is not there', rightMatches, rightAlerts.slice(1), 'missing', { what: 'alert' }],
    [
      'an alert about a seed',
      rightMatches,
      [...rightAlerts, { url: site + seed, state: 'new' }],
      'unexpected',
      { what: 'alert', path: seed, detail: 'a seed' },
    ],
    [
      'an alert about an old story',
      rightMatches,
      [...rightAlerts, { url: `${site}/meridian/archive-first-night`, state: 'new' }],
      'unexpected',
      { what: 'alert', detail: 'an old story' },
    ],
    [
      'an alert told again',
      rightMatches,
      [...rightAlerts, { url: site + ceasefire, state: 'new' }],
      'unexpected',
      { what: 'alert', path: ceasefire, detail: 'told again as new' },
    ],
    [
      'a story from elsewhere',
      [...rightMatches, { url: null, title: 'x', storyline: 's', entities: ['iran'], events: [] }],
      rightAlerts,
      'unexpected',
      { what: 'match', detail: 'not a story of the day' },
    ],
  ])('%s', (_, matches, alerts, side, difference) => {
    const score = scoreDay(day, matches, alerts);
    expect(score[side]).toEqual([expect.objectContaining(difference)]);
    expect(score[side === 'missing' ? 'unexpected' : 'missing']).toEqual([]);
  });
});
