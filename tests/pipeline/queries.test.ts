import { beforeAll, describe, expect, test } from 'vitest';
import { newPollState } from '../../lib/core/feed/after-poll.ts';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { explain } from '../../lib/pipeline/explain.ts';
import { type MatchesQuery, matches } from '../../lib/pipeline/matches.ts';
import { storyPlacer } from '../../lib/pipeline/place-story.ts';
import type { AxisQuery, MatchRow } from '../../lib/pipeline/ports/story-store.ts';
import { feeds, type QueryDeps, watchlist } from '../../lib/pipeline/queries.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { aFeed, aMatch, aStory } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, matcher, minutes, start } from './world.ts';

const store = memoryStore();
const deps: QueryDeps = { store, matcher, retentionDays: 30, unmatchedDays: 30, now: () => start };

const row = (id: string, minute: number, fields: Partial<MatchRow> = {}): MatchRow => ({
  id,
  storyline: id,
  duplicateOf: null,
  reached: [],
  title: `Story ${id}`,
  url: null,
  source: 'bbc',
  outlet: 'bbc',
  lang: 'en',
  published: iso(minute),
  seen: iso(minute),
  entities: ['iran'],
  events: [],
  priority: 'normal',
  words: ['Iran'],
  summary: '',
  ...fields,
});

const day = 24 * 60;

beforeAll(async () => {
  await store.stories.file(row('new', -10, { title: 'Iran agrees a TRUCE', events: ['truce'] }));
  await store.stories.file(row('fa', -20, { lang: 'fa', source: 'irna', entities: ['iran', 'israel'] }));
  await store.stories.file(row('week', -7 * day));
  await store.stories.file(row('old', -40 * day));
});

const ids = async (query: MatchesQuery) => (await matches(query, deps)).matches.map(({ id }) => id);

describe('matches', () => {
  test.each<[string, MatchesQuery, string[]]>([
    ['of the retention time, newest first', {}, ['new', 'fa', 'week']],
    ['of an event', { event: 'truce' }, ['new']],
    ['of an entity in a language', { entity: 'iran', lang: 'fa' }, ['fa']],
    ['of a source', { source: 'irna' }, ['fa']],
    ['of two axes that share none', { event: 'truce', source: 'irna' }, []],
    ['with words in any order and case', { text: 'truce IRAN' }, ['new']],
    ['with a word that none has', { text: 'truce peace' }, []],
    ['since a span', { since: '15m' }, ['new']],
    ['since a day', { since: '2026-10-01' }, ['new', 'fa', 'week', 'old']],
    ['since an instant', { since: '2026-11-24T08:45Z' }, ['new']],
    ['since an instant in another zone', { since: '2026-11-24T12:15+03:30' }, ['new']],
    ['since an instant without a zone, which is UTC', { since: '2026-11-24T08:45' }, ['new']],
    ['until a day', { until: '2026-11-20' }, ['week']],
    ['until a time far ahead', { until: '9999-12-31' }, ['new', 'fa', 'week']],
    ['since before there were feeds', { since: '99999d' }, ['new', 'fa', 'week', 'old']],
    ['since after until', { since: '2026-11-20', until: '2026-11-10' }, []],
  ])('%s', async (_, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('pages follow their cursor to the end', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof matches>> = await matches({ limit: '1', ...(cursor && { cursor }) }, deps);
      found.push(...page.matches.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(['new', 'fa', 'week']);
  });

  test('a window is never wider than ten years, nor later than now', async () => {
    const asked: AxisQuery[] = [];
    const watched = {
      ...store,
      stories: {
        ...store.stories,
        page: (query: AxisQuery) => store.stories.page(asked[asked.push(query) - 1] as AxisQuery),
      },
    };
    await matches({ since: '99999d', until: '2999-01-01' }, { ...deps, store: watched });
    expect(asked[0]).toMatchObject({ until: iso(0), readAtMost: 1_000 });
    expect(asked[0]?.since.slice(0, 4)).toBe('2016');
  });

  test.each<[string, MatchesQuery, string, string]>([
    ['a time that is none', { since: 'yesterday' }, 'since', '36h'],
    ['a day that is none', { since: '2026-13-45' }, 'since', 'not a time'],
    ['a day with something after it', { until: '2026-11-24 and on' }, 'until', 'not a time'],
    ['a span of another unit', { since: '3w' }, 'since', 'not a time'],
    ['no limit', { limit: '0' }, 'limit', 'from 1 to 1000'],
    ['too high a limit', { limit: '1001' }, 'limit', 'from 1 to 1000'],
    ['half a limit', { limit: '1.5' }, 'limit', 'whole number'],
    ['words for a limit', { limit: 'many' }, 'limit', 'whole number'],
    ['a cursor of our own make', { cursor: 'abc' }, 'cursor', 'take "next"'],
    [
      'a cursor that reaches elsewhere',
      { cursor: Buffer.from('SUBSCRIBERS').toString('base64url') },
      'cursor',
      'not a cursor',
    ],
    ['an unknown entity, with the nearest', { entity: 'irann' }, 'entity', 'did you mean "iran"?'],
    ['an unknown event', { event: 'zzzzzzzz' }, 'event', 'no event "zzzzzzzz" in the watchlist'],
    ['an entity given as an event', { event: 'iran' }, 'event', 'no event "iran"'],
  ])('refuses %s', async (_, query, field, words) => {
    const refused = await matches(query, deps).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect(refused.field).toBe(field);
    expect(refused.message).toContain(words);
  });

  test('without a live watchlist no id is refused', async () => {
    expect((await matches({ entity: 'sco' }, { ...deps, matcher: null })).matches).toEqual([]);
  });
});

test('a story by its id, or a refusal that says where ids are', async () => {
  await store.stories.putNew(aStory('known', { title: 'Iran speaks', revisions: [{ at: iso(-5), title: 'Iran' }] }));
  const row = {
    storyline: 'known',
    state: 'new' as const,
    story: 'known',
    published: iso(-9),
    seen: iso(-8),
    tier: 1,
    held: null,
    waited: null,
  };
  const claim = { ...row, subscriber: 'reader-1', decided: iso(-7), claimed: iso(-7) };
  const { storylines } = store;
  const place = storyPlacer({ storylines, settings: storylineSettings, pause: async () => {}, random: () => 0 });
  await place({ ...aStory('known'), match: aMatch }, false);
  await store.ledger.claim(claim);
  await store.ledger.markSent(claim, iso(-6));
  const explained = await explain('known', deps);
  expect(explained).toMatchObject({ title: 'Iran speaks', revisions: [{ title: 'Iran' }] });
  expect(explained.alerts).toEqual([{ subscriber: 'reader-1', state: 'new', decided: iso(-7), sent: iso(-6) }]);
  expect(explained.live).toMatchObject({ watchlist: 'v1', entities: ['iran'], names: { iran: 'Name of iran' } });
  expect((await explain('known', { ...deps, matcher: null })).live).toBeNull();
  await expect(explain('unknown', deps)).rejects.toThrow('no story "unknown"');
});

test('feeds are listed with their state, paused ones as such, and when each is due', async () => {
  await store.feeds.putConfig(aFeed('b'), 'file');
  await store.feeds.putConfig(aFeed('p', { paused: true }), 'run-time');
  await store.feeds.putConfig(aFeed('q'), 'file');
  await store.feeds.putPausedByHand('q', true);
  const state = {
    ...newPollState(minutes(-60)),
    health: 'broken' as const,
    problem: 'the server failed',
    failures: 3,
    url: 'https://new.example/',
  };
  await store.feeds.putPoll('b', { state, known: new Uint8Array(), readRevision: 0 });
  await store.feeds.putShard('000', {
    b: { due: iso(5), claim: null, paused: false },
    p: { due: iso(0), claim: null, paused: true },
    q: { due: iso(0), claim: null, paused: true },
  });
  expect(await feeds(deps)).toMatchObject([
    {
      id: 'b',
      state: 'broken',
      failures: 3,
      problem: 'the server failed',
      url: 'https://new.example/',
      nextPoll: iso(5),
    },
    { id: 'p', state: 'paused', origin: 'run-time', since: null, lastStory: null, problem: '' },
    { id: 'q', state: 'paused', origin: 'file', problem: 'paused by hand' },
  ]);
});

test('the watchlist with the names its ids stand for', async () => {
  expect(await watchlist({ ...deps, control: store.control })).toMatchObject({
    live: null,
    events: [{ id: 'truce', name: 'Name of truce' }],
  });
});
