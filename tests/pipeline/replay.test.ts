import { describe, expect, test } from 'vitest';
import { compileWatchlist } from '../../lib/core/watchlist/compile.ts';
import type { CompiledWatchlist } from '../../lib/core/watchlist/compiled.ts';
import { createMatcher } from '../../lib/core/watchlist/matcher.ts';
import { decodeWatchlist, encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import { readWatchlist } from '../../lib/core/watchlist/watchlist-file.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { replay, warmUpHours } from '../../lib/pipeline/replay.ts';
import { mostRows, type ReplayStory, type StoriesQuery, storedStories } from '../../lib/pipeline/stored-stories.ts';
import { aStory } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, matcher, start } from './world.ts';

const before = `entities:
  iran: {name: Iran, aliases: {en: [Iran]}}
events:
  deal: {name: Deal, when: '@iran AND truce'}
`;
const after = `entities:
  iran: {name: Iran, aliases: {en: [Iran, Tehran]}}
  oman: {name: Oman, aliases: {en: [Oman]}}
events:
  deal: {name: Deal, when: '@iran AND pact', while_running: 'title:truce', running: {outlets: 2, within: 24h}}
`;

function compiled(text: string): CompiledWatchlist {
  const { watchlist, problems } = readWatchlist(text, 'watchlist.yaml');
  if (watchlist === null) throw new Error(JSON.stringify(problems));
  return decodeWatchlist(encodeWatchlist(compileWatchlist(watchlist)));
}

const stored = createMatcher(compiled(before));

/** Stores a story as a poll would, matched by the watchlist of before. */
async function store(to: Store, id: string, minute: number, fields: Partial<StoredStory> = {}): Promise<void> {
  const story = aStory(id, { published: iso(minute), seen: iso(minute), summary: '', ...fields });
  const { strictEvents, ...matched } = stored.match({ ...story, source: story.feed });
  const match = matched.entities.length + matched.events.length === 0 ? null : { ...matched, watchlist: 'w1' };
  await to.stories.announce(story.feed, story.seen, [id]);
  await to.stories.putNew({ ...story, match, ...fields });
}

const deps = (of: Store) => ({ store: of, matcher, retentionDays: 30, unmatchedDays: 30, now: () => start });

async function* pages(of: Store, query: StoriesQuery): AsyncGenerator<readonly ReplayStory[]> {
  let cursor: string | null = null;
  do {
    const page = await storedStories({ ...query, ...(cursor === null ? {} : { cursor }) }, deps(of));
    yield page.stories;
    cursor = page.next;
  } while (cursor !== null);
}

async function ids(of: Store, query: StoriesQuery): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages(of, query)) found.push(...page.map(({ id }) => id));
  return found;
}

const day = 24 * 60;

describe('stored stories', () => {
  const kept = memoryStore();
  const minutesOf = [-3 * day, -day - 1, -day, -60, -60, -1];
  const filled = Promise.all(
    minutesOf.map((minute, index) => store(kept, `s${index}`, minute, { feed: `feed-${index}` })),
  );

  test.each<[string, StoriesQuery, string[]]>([
    ['all that are kept, in order of arrival', {}, ['s0', 's1', 's2', 's3', 's4', 's5']],
    ['since an instant, that instant included', { since: iso(-day) }, ['s2', 's3', 's4', 's5']],
    ['since a span', { since: '2h' }, ['s3', 's4', 's5']],
    ['until an instant, included', { until: iso(-day) }, ['s0', 's1', 's2']],
    ['since after until', { since: iso(-1), until: iso(-2) }, []],
  ])('%s, on pages of any length', async (_, query, expected) => {
    await filled;
    for (const limit of ['1', '2', '3', '100']) expect(await ids(kept, { ...query, limit })).toEqual(expected);
  });

  test('an entry of long ago that its feed lists again is no second story', async () => {
    const twice = memoryStore();
    await store(twice, 's1', -3 * day);
    await twice.stories.announce('bbc', iso(-4), ['s1', 'never-stored']);
    expect(await ids(twice, {})).toEqual(['s1']);
  });

  test('a story whose batch ended before it could name it is found under the next', async () => {
    const late = memoryStore();
    await late.stories.putNew(aStory('s1', { seen: iso(-day) }));
    await late.stories.announce('bbc', iso(-14), ['s1']);
    expect(await ids(late, {})).toEqual(['s1']);
  });

  test('a page reads a bounded number of rows, and the pages bring all', async () => {
    const many = memoryStore();
    const all = Array.from({ length: 250 }, (_, index) => `m${String(index).padStart(3, '0')}`);
    await many.stories.announce('bbc', iso(-1), all);
    for (const id of all) await many.stories.putNew(aStory(id, { seen: iso(-1) }));
    const page = await storedStories({}, deps(many));
    expect(page.stories).toHaveLength(mostRows);
    expect(page.read).toBeLessThanOrEqual(2 * mostRows);
    expect(await ids(many, {})).toEqual(all);
  });

  test.each<[StoriesQuery, string]>([
    [{ since: 'yesterday' }, 'not a time'],
    [{ limit: '101' }, 'from 1 to 100'],
    [{ cursor: 'abc' }, 'take "next"'],
    [{ cursor: Buffer.from('0|2026-99-99').toString('base64url') }, 'take "next"'],
  ])('refuses %o', async (query, message) => {
    const refused = storedStories(query, deps(kept));
    await expect(refused).rejects.toBeInstanceOf(RefusedRequest);
    await expect(refused).rejects.toThrow(message);
  });
});

describe('replay', () => {
  const changed = compiled(after);
  const run = async (of: Store, since = iso(-60)) => {
    const result = await replay(pages(of, { since: iso(-2 * day) }), changed, since);
    return { ...result, byId: Object.fromEntries(result.targets.map((target) => [target.id, target])) };
  };

  test('counts what is gained, lost and unchanged, with samples', async () => {
    const kept = memoryStore();
    await store(kept, 'same', -50, { title: 'Iran speaks' });
    await store(kept, 'gained', -40, { title: 'Tehran and Oman speak' });
    await store(kept, 'lost', -30, { title: 'Iran agrees to a truce' });
    await store(kept, 'nothing', -20, { title: 'Rain' });
    const { stories, changed: differ, byId } = await run(kept);
    expect({ stories, differ }).toEqual({ stories: 4, differ: 2 });
    expect(byId.iran).toMatchObject({ name: 'Iran', kind: 'entity', gained: 1, lost: 0, unsure: 0, unchanged: 2 });
    expect(byId.oman).toMatchObject({ gained: 1, unchanged: 0, samples: { gained: [{ id: 'gained' }], lost: [] } });
    expect(byId.deal).toMatchObject({
      kind: 'event',
      gained: 0,
      lost: 1,
      samples: { gained: [], lost: [{ id: 'lost' }] },
    });
  });

  test('stories before the time asked for are not counted, but say what was running, in order of published', async () => {
    const kept = memoryStore();
    await store(kept, 'a', -300, { title: 'Iran signs a pact', outlet: 'one' });
    await store(kept, 'b', -59, { title: 'Iran signs a pact', outlet: 'two' });
    // Seen before the second pact's story came, published after it: the same day's stories are put in order first.
    await store(kept, 'c', -60, { title: 'The truce holds', published: iso(-30) });
    await store(kept, 'd', -10, { title: 'The truce holds', published: iso(-200) });
    const { stories, byId } = await run(kept);
    expect(stories).toBe(3);
    expect(byId.deal?.samples.gained.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(warmUpHours(changed)).toBe(24);
    expect(warmUpHours(compiled(before))).toBe(0);
    expect(warmUpHours(compiled(before.replace("'@iran AND truce'", "'@iran AND running:deal/3d'")))).toBe(72);
  });

  test('what was matched by words that are not stored any more is unsure, not lost', async () => {
    const kept = memoryStore();
    const title = 'Iran agrees to a truce';
    const whole = stored.match({ title, summary: 'x' });
    const match = { ...whole, watchlist: 'w1' };
    await store(kept, 'cut', -5, { title: 'Iran agrees to a tr…', match });
    await store(kept, 'whole', -4, { title, match });
    const { byId, changed: differ } = await run(kept);
    expect(byId.deal).toMatchObject({ lost: 1, unsure: 1, samples: { lost: [{ id: 'whole' }] } });
    expect(differ).toBe(1);
  });

  test('a target that is no longer in the watchlist is lost, five samples at most', async () => {
    const kept = memoryStore();
    for (let minute = -20; minute < -12; minute += 1) await store(kept, `s${minute}`, minute, { title: 'Iran' });
    const only = compiled('entities:\n  oman: {name: Oman, aliases: {en: [Oman]}}\n');
    const { targets } = await replay(pages(kept, {}), only, iso(-60));
    expect(targets).toMatchObject([{ id: 'iran', name: 'iran', lost: 8, gained: 0 }]);
    expect(targets[0]?.samples.lost).toHaveLength(5);
  });

  test('the same watchlist changes nothing', async () => {
    const kept = memoryStore();
    await store(kept, 'a', -5, { title: 'Iran agrees to a truce' });
    const { changed: differ, targets } = await replay(pages(kept, {}), compiled(before), iso(-60));
    expect(differ).toBe(0);
    expect(targets.map(({ unchanged, gained, lost }) => unchanged - gained - lost)).toEqual([1, 1]);
  });
});
