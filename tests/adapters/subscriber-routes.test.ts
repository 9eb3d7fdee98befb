import { beforeEach, describe, expect, test } from 'vitest';
import { apiApp } from '../../lib/adapters/api/api-app.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { mute, stillMuted } from '../../lib/pipeline/preferences.ts';
import { subscribe } from '../../lib/pipeline/subscribe.ts';
import { fakeTopics } from '../pipeline/fake-topics.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { logLines, matcher, minutes } from '../pipeline/world.ts';

let store: Store;
let app: ReturnType<typeof apiApp>;
let reader: Subscriber;
const now = () => minutes(10);
const deps = () => ({
  store,
  subscribers: store.subscribers,
  topics: fakeTopics().made,
  matcher,
  retentionDays: 30,
  unmatchedDays: 30,
  now,
});

beforeEach(async () => {
  store = memoryStore();
  app = apiApp(async () => deps(), logLines().log);
  const request = { channel: 'email' as const, address: 'a@example.org', consent: null };
  reader = await subscribe({ ...request, preferences: { follow: ['iran'] } }, deps());
});

const ask = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await app.request(`/api/subscribers/${path}`, init);
  return { status: response.status, body: await response.json() };
};

test('a change names what changes and leaves the rest; no ARN is shown', async () => {
  const changed = await ask('PATCH', reader.id, { delivery: 'weekly@sun@18', quiet: '22:00-07:00' });
  expect(changed).toMatchObject({ status: 200, body: { follow: ['iran'], delivery: { kind: 'weekly', weekday: 7 } } });
  expect(JSON.stringify(changed.body)).not.toMatch(/arn:|example\.org/);
  expect(await store.subscribers.get(reader.id)).toMatchObject({ quiet: { start: '22:00', end: '07:00' } });
});

test.each([
  ['an editor', 'editor' as const, 'a@example.org'],
  ['a reader, who may look and not change', 'reader' as const, null],
])('the list shows addresses to %s, and ARNs to nobody', async (_, caller, address) => {
  const topics = fakeTopics();
  const known = { ...deps(), topics: topics.made };
  const request = { channel: 'email' as const, address: 'a@example.org', consent: null };
  await store.subscribers.remove(reader.id);
  await subscribe({ ...request, preferences: { follow: ['iran'] } }, known);
  const seenBy = apiApp(
    async () => known,
    logLines().log,
    () => caller,
  );
  const body = await (await seenBy.request('/api/subscribers')).text();
  expect(JSON.parse(body)).toMatchObject({ subscribers: [{ follow: ['iran'], address }] });
  expect(body).not.toContain('arn:');
});

test.each<[string, unknown, number, RegExp]>([
  [
    'several wrong fields, each with its remedy',
    { delivery: 'daily@25', timeZone: 'x', langs: ['qq'] },
    400,
    /hour[\s\S]*language|language[\s\S]*hour/,
  ],
  ['a body that is no JSON object', null, 400, /no JSON object/],
  ['the address, which only SNS knows', { address: 'b@example.org' }, 400, /no preference "address"/],
  ['the topic', { topicArn: 'arn:x' }, 400, /no preference "topicArn"/],
  ['caps on SMS by e-mail', { smsPerDay: 3 }, 400, /told by email/],
])('a change is refused: %s', async (_, body, status, words) => {
  expect(await ask('PATCH', reader.id, body)).toMatchObject({ status, body: { detail: expect.stringMatching(words) } });
  expect(await store.subscribers.get(reader.id)).toEqual(reader);
});

test.each([
  ['PATCH', 'nobody', { paused: true }],
  ['PUT', 'nobody/mutes/s1', undefined],
  ['DELETE', 'nobody/mutes/s1', undefined],
])('%s of an unknown subscriber is not found', async (method, path, body) => {
  expect(await ask(method, path, body)).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('no subscriber "nobody"') },
  });
});

describe('muting', () => {
  test('holds for thirty days, and is taken back', async () => {
    expect(await ask('PUT', `${reader.id}/mutes/s1`)).toMatchObject({
      body: { muted: [{ storyline: 's1', until: '2026-12-24T09:10:00.000Z' }] },
    });
    expect(await ask('DELETE', `${reader.id}/mutes/s1`)).toMatchObject({ body: { muted: [] } });
  });

  test('forgets what is over, and keeps two hundred at most', async () => {
    const past = { storyline: 'past', until: '2026-11-01T00:00:00.000Z' };
    await store.subscribers.put({ ...reader, muted: [past] });
    for (let each = 0; each < 205; each++) await mute(reader.id, `s${each}`, deps());
    const muted = (await store.subscribers.get(reader.id))?.muted ?? [];
    expect([muted.length, muted[0]?.storyline, muted.at(-1)?.storyline]).toEqual([200, 's5', 's204']);
    expect(stillMuted({ ...reader, muted: [past] }, now())).toEqual([]);
  });

  test('of nothing is refused', async () => {
    expect(await ask('PUT', `${reader.id}/mutes/%20`)).toMatchObject({ status: 400, body: { field: 'storyline' } });
  });
});
