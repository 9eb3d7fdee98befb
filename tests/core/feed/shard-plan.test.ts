import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlannedFeed, planShards, roomInShard, type ShardMembers } from '../../../lib/core/feed/shard-plan.ts';

const now = '2026-11-24T09:00:00.000Z';
const later = '2026-11-24T10:00:00.000Z';
const feed = (id: string, host = `${id}.example`, fields: Partial<PlannedFeed> = {}): PlannedFeed => ({
  id,
  host,
  paused: false,
  ...fields,
});
const entry = { due: later, claim: null, paused: false };
const fresh = { due: now, claim: null, paused: false };

/** The shards as they stand once a plan is carried out. */
function carriedOut(existing: readonly ShardMembers[], wanted: readonly PlannedFeed[]): readonly ShardMembers[] {
  const plan = planShards(existing, wanted, now);
  const shards = new Map(existing.map((shard) => [shard.id, shard]));
  for (const shard of plan.write) shards.set(shard.id, shard);
  for (const id of plan.remove) shards.delete(id);
  return [...shards.values()];
}

describe('a plan', () => {
  test('of new feeds: due at once, in the first shard', () => {
    expect(planShards([], [feed('a'), feed('b')], now)).toEqual({
      write: [{ id: '000', feeds: { a: fresh, b: fresh } }],
      remove: [],
    });
  });

  test('of what is there already writes nothing', () => {
    expect(planShards([{ id: '000', feeds: { a: entry } }], [feed('a')], now)).toEqual({ write: [], remove: [] });
  });

  test.each<[string, readonly ShardMembers[], readonly PlannedFeed[], ReturnType<typeof planShards>]>([
    [
      'who stays keeps its due time and claim',
      [{ id: '000', feeds: { a: { ...entry, claim: now } } }],
      [feed('a'), feed('b')],
      { write: [{ id: '000', feeds: { a: { ...entry, claim: now }, b: fresh } }], remove: [] },
    ],
    [
      'who leaves is taken out',
      [{ id: '000', feeds: { a: entry, b: entry } }],
      [feed('b')],
      { write: [{ id: '000', feeds: { b: entry } }], remove: [] },
    ],
    ['a shard left empty goes', [{ id: '000', feeds: { a: entry } }], [], { write: [], remove: ['000'] }],
    [
      'who is paused is marked',
      [{ id: '000', feeds: { a: entry } }],
      [feed('a', 'a', { paused: true })],
      { write: [{ id: '000', feeds: { a: { ...entry, paused: true } } }], remove: [] },
    ],
    [
      'who has a new address is due now, and not later',
      [
        {
          id: '000',
          feeds: { a: { ...entry, due: '9999-12-31T00:00:00.000Z' }, b: { ...entry, due: '2026-11-24T08:00:00.000Z' } },
        },
      ],
      [feed('a', 'a', { dueNow: true }), feed('b', 'b', { dueNow: true })],
      { write: [{ id: '000', feeds: { a: fresh, b: { ...entry, due: '2026-11-24T08:00:00.000Z' } } }], remove: [] },
    ],
    [
      'who stands in two shards stays in one',
      [
        { id: '000', feeds: { a: entry } },
        { id: '001', feeds: { a: entry, b: entry } },
      ],
      [feed('a'), feed('b')],
      { write: [{ id: '001', feeds: { b: entry } }], remove: [] },
    ],
    [
      'a freed name is used again',
      [{ id: '001', feeds: Object.fromEntries(Array.from({ length: roomInShard }, (_, i) => [`f${i}`, entry])) }],
      [...Array.from({ length: roomInShard }, (_, i) => feed(`f${i}`)), feed('new')],
      { write: [{ id: '000', feeds: { new: fresh } }], remove: [] },
    ],
  ])('%s', (_, existing, wanted, expected) => {
    expect(planShards(existing, wanted, now)).toEqual(expected);
  });
});

test('a host with more feeds than a shard has room for stays together', () => {
  const wanted = Array.from({ length: 90 }, (_, index) => feed(`g${index}`, 'one.example'));
  const shards = carriedOut([], [feed('other'), ...wanted]);
  const holding = shards.filter(({ feeds }) => Object.keys(feeds).some((id) => id.startsWith('g')));
  expect(holding).toHaveLength(1);
});

const feedLists = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 0, max: 120 }), host: fc.integer({ min: 0, max: 12 }), paused: fc.boolean() }),
  { selector: ({ id }) => id, maxLength: 120 },
);

test('whatever comes and goes: every feed is in one shard, and no other is', () => {
  fc.assert(
    fc.property(fc.array(feedLists, { minLength: 1, maxLength: 4 }), (rounds) => {
      let shards: readonly ShardMembers[] = [];
      for (const round of rounds) {
        // A feed's host follows from its id, as it does where addresses stay what they are.
        const wanted = round.map(({ id, paused }) => feed(`f${id}`, `h${id % 13}`, { paused }));
        shards = carriedOut(shards, wanted);
        const placed = shards.flatMap(({ feeds }) => Object.keys(feeds));
        expect([...placed].sort()).toEqual(wanted.map(({ id }) => id).sort());
        expect(planShards(shards, wanted, now)).toEqual({ write: [], remove: [] });
        for (let host = 0; host < 13; host += 1) {
          const homes = shards.filter(({ feeds }) =>
            Object.keys(feeds).some((id) => Number(id.slice(1)) % 13 === host),
          );
          expect(homes.length).toBeLessThanOrEqual(1);
        }
      }
    }),
    { numRuns: 60 },
  );
});
