import { expect, test } from 'vitest';
import { noPollCounts } from '../../lib/core/feed/poll-counts.ts';
import type { ShardFeed } from '../../lib/pipeline/ports/feed-store.ts';
import { type PollMessage, schedule } from '../../lib/pipeline/schedule.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, minutes, start } from './world.ts';

const entry = (fields: Partial<ShardFeed> = {}): ShardFeed => ({ due: iso(-1), claim: null, paused: false, ...fields });

async function scheduled(
  shards: Record<string, Record<string, ShardFeed>>,
  options: { readonly now?: Date; readonly failFor?: readonly string[]; readonly everyFeed?: boolean } = {},
) {
  const { feeds } = memoryStore();
  for (const [id, members] of Object.entries(shards)) await feeds.putShard(id, members);
  const sent: PollMessage[] = [];
  const { log, lines } = logLines();
  const deps = {
    feeds,
    log,
    send: async (batches: readonly PollMessage[]) => {
      if (batches.some(({ shard }) => options.failFor?.includes(shard))) throw new Error('queue away');
      sent.push(...batches);
    },
  };
  const tick = (now: Date) => schedule(deps, now, options.everyFeed);
  return { feeds, sent, lines, deps, tick, result: tick(options.now ?? start) };
}

test.each<[string, Record<string, ShardFeed>, string[]]>([
  ['due feeds, longest due first', { a: entry(), b: entry({ due: iso(-9) }) }, ['b', 'a']],
  ['one due this very moment', { a: entry({ due: iso(0) }) }, ['a']],
  ['not one due later', { a: entry({ due: iso(1) }), b: entry() }, ['b']],
  ['not a paused one', { a: entry({ paused: true }), b: entry() }, ['b']],
  ['none while one of the shard is being polled', { a: entry({ claim: iso(-1) }), b: entry() }, []],
  ['none at the very end of a lease', { a: entry({ claim: iso(-15) }) }, []],
  ['one whose poll was lost, past its lease', { a: entry({ claim: iso(-16) }), b: entry() }, ['a', 'b']],
  ['none where none is due', { a: entry({ due: iso(5) }) }, []],
  ['none of a feed that has gone for good', { a: entry({ due: '9999-12-31T00:00:00.000Z' }) }, []],
])('sends %s', async (_, members, expected) => {
  const { result, sent, feeds } = await scheduled({ '000': members });
  await result;
  expect(sent.flatMap((message) => message.feeds).sort()).toEqual([...expected].sort());
  if (expected.length > 1) expect(sent[0]?.feeds).toEqual(expected);
  for (const id of expected) expect((await feeds.shard('000'))?.feeds[id]?.claim).toBe(iso(0));
});

test('two shards share a message, and the next tick sends nothing again', async () => {
  const { result, sent, tick } = await scheduled({ '000': { a: entry() }, '001': { b: entry() } });
  expect(await result).toEqual({ sent: 1, feeds: 2 });
  expect(await tick(minutes(1))).toEqual({ sent: 0, feeds: 0 });
  expect(sent.map(({ shard }) => shard)).toEqual(['000', '001']);
});

test('ticks that run beside each other send each feed once', async () => {
  const { result, sent, tick } = await scheduled({ '000': { a: entry() }, '001': { b: entry() } });
  await Promise.all([result, tick(minutes(0)), tick(minutes(1)), tick(minutes(2))]);
  expect(sent.flatMap(({ feeds }) => feeds).sort()).toEqual(['a', 'b']);
});

test('a batch holds forty feeds at most; the others go once the first are done', async () => {
  const ids = Array.from({ length: 90 }, (_, index) => `feed-${index}`);
  const { result, sent, feeds, tick } = await scheduled({ '000': Object.fromEntries(ids.map((id) => [id, entry()])) });
  await result;
  for (const minute of [1, 2]) {
    const { tick: claim, feeds: batch } = sent.at(-1) as PollMessage;
    await feeds.finish('000', claim, Object.fromEntries(batch.map((id) => [id, iso(60)])), noPollCounts);
    await tick(minutes(minute));
  }
  expect(sent.map((message) => message.feeds.length)).toEqual([40, 40, 10]);
  expect(new Set(sent.flatMap((message) => message.feeds)).size).toBe(90);
});

test('a round of every feed sends those not due too, in as many batches as it takes', async () => {
  const ids = Array.from({ length: 41 }, (_, index) => `feed-${index}`);
  const members = {
    ...Object.fromEntries(ids.map((id) => [id, entry({ due: iso(60) })])),
    off: entry({ paused: true }),
  };
  const { result, sent } = await scheduled({ '000': members }, { everyFeed: true });
  expect(await result).toEqual({ sent: 1, feeds: 41 });
  expect(sent.map((batch) => batch.feeds.length)).toEqual([40, 1]);
  expect(sent.flatMap(({ feeds }) => feeds)).not.toContain('off');
});

const forty = (name: string) =>
  Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${name}-${index}`, entry()]));

test('a message that the queue does not take gives its feeds back; the other messages are sent', async () => {
  const { result, sent, feeds, tick, lines, deps } = await scheduled(
    { '000': forty('a'), '001': forty('b'), '002': { c: entry() } },
    { failFor: ['000'] },
  );
  await expect(result).rejects.toThrow('queue away');
  expect(sent.map(({ shard }) => shard)).toEqual(['002']);
  expect((await feeds.shard('000'))?.feeds['a-0']).toEqual(entry());
  expect((await feeds.shard('001'))?.feeds['b-39']).toEqual(entry());
  expect(lines).toMatchObject([{ event: 'batch not sent', shards: ['000', '001'], feeds: 80 }]);
  Object.assign(deps, { send: async (batches: readonly PollMessage[]) => void sent.push(...batches) });
  expect(await tick(minutes(1))).toEqual({ sent: 1, feeds: 80 });
});
