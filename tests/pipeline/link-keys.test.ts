import { expect, test } from 'vitest';
import { longestLifetimeMs, readLink, signLink } from '../../lib/core/subscriber/signed-link.ts';
import { ensureLinkKeys, rotateLinkKeys } from '../../lib/pipeline/link-keys.ts';
import { memoryStore } from './memory-store.ts';

const start = new Date('2026-11-25T12:00:00.000Z');

function world() {
  const { control } = memoryStore();
  let now = start;
  return {
    deps: { control, now: () => now },
    keys: async () => (await control.linkKeys()).keys,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

test('the first key is made once, however often one deploys', async () => {
  const { deps, keys } = world();
  await Promise.all([ensureLinkKeys(deps), ensureLinkKeys(deps)]);
  const made = await keys();
  expect(made).toMatchObject([{ id: 1, retired: null }]);
  expect(Buffer.from(made[0]?.secret ?? '', 'base64')).toHaveLength(32);
  await ensureLinkKeys(deps);
  expect(await keys()).toEqual(made);
});

test('a rotated key signs no more, and what it signed holds until it has run out', async () => {
  const { deps, keys, pass } = world();
  await ensureLinkKeys(deps);
  const link = { action: 'stop' as const, subscriber: 'a', storyline: null, expires: new Date('2027-02-01') };
  const token = signLink(link, await keys()) ?? '';
  pass(1_000);
  await rotateLinkKeys({ revoke: false }, deps);
  expect((await keys()).map(({ id, retired }) => [id, retired])).toEqual([
    [1, '2026-11-25T12:00:01.000Z'],
    [2, null],
  ]);
  expect(readLink(token, await keys(), deps.now()).kind).toBe('good');
  pass(longestLifetimeMs);
  await rotateLinkKeys({ revoke: false }, deps);
  expect((await keys()).map(({ id }) => id)).toEqual([2, 3]);
});

test('revoked keys are forgotten at once, and their numbers are not used again soon', async () => {
  const { deps, keys } = world();
  await ensureLinkKeys(deps);
  const token = signLink(
    { action: 'stop', subscriber: 'a', storyline: null, expires: new Date('2027-02-01') },
    await keys(),
  );
  await rotateLinkKeys({ revoke: true }, deps);
  expect((await keys()).map(({ id }) => id)).toEqual([2]);
  expect(readLink(token ?? '', await keys(), start).kind).toBe('wrong');
});

test('rotating in two places at once makes two keys and loses neither', async () => {
  const { deps, keys } = world();
  await ensureLinkKeys(deps);
  const [one, two] = await Promise.all([
    rotateLinkKeys({ revoke: false }, deps),
    rotateLinkKeys({ revoke: false }, deps),
  ]);
  expect(new Set([one.id, two.id])).toEqual(new Set([2, 3]));
  expect((await keys()).filter(({ retired }) => retired === null)).toHaveLength(1);
});
