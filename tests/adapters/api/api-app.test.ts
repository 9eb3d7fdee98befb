import { beforeEach, describe, expect, test } from 'vitest';
import { apiApp } from '../../../lib/adapters/api/api-app.ts';
import { noPollCounts } from '../../../lib/core/feed/poll-counts.ts';
import { decide } from '../../../lib/pipeline/alert.ts';
import type { Store } from '../../../lib/pipeline/ports/store.ts';
import { fakeTopics } from '../../pipeline/fake-topics.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';
import { alertDeps, iso, logLines, matcher, minutes } from '../../pipeline/world.ts';
import { aFeed, aMatch, aStory } from '../store-suite.ts';

let store: Store;
let app: ReturnType<typeof apiApp>;
let logged: ReturnType<typeof logLines>['lines'];

beforeEach(async () => {
  store = memoryStore();
  const { log, lines } = logLines();
  logged = lines;
  const { made: topics } = fakeTopics();
  const now = () => minutes(10);
  app = apiApp(
    async () => ({ store, subscribers: store.subscribers, topics, matcher, retentionDays: 30, unmatchedDays: 30, now }),
    log,
  );
  const story = aStory('s1', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
  await store.stories.announce(story.feed, story.seen, [story.id]);
  await store.stories.putNew(story);
  await decide(story, alertDeps(store));
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  await store.feeds.putShard('000', { bbc: { due: iso(0), claim: iso(0), paused: false } });
  const counts = { ...noPollCounts, day: '2026-11-24', polls: 1, stories: 3, matches: 1, known: 20 };
  await store.feeds.finish('000', iso(0), { bbc: iso(5) }, counts);
});

const json = async (path: string, init?: RequestInit) => {
  const response = await app.request(path, init);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
};
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test.each<[string, object]>([
  ['/api/matches?entity=iran', { matches: [{ id: 's1', title: 'Iran speaks' }], next: null }],
  ['/api/matches?text=nothing', { matches: [], read: 1 }],
  ['/api/stories?since=1h', { stories: [{ id: 's1', match: { entities: ['iran'] } }], next: null }],
  ['/api/stories/s1', { id: 's1', match: { entities: ['iran'] }, alerts: [{ subscriber: 'integration' }] }],
  ['/api/feeds', { feeds: [{ id: 'bbc', state: 'new', nextPoll: iso(5) }] }],
  ['/api/stats', { day: '2026-11-24', matches: 1, known: 20, alerts: { byChannel: { email: 0 }, integration: 1 } }],
  ['/api/doctor', { findings: [{ level: 'fault' }] }],
  ['/api/watchlist', { live: null, events: [{ id: 'truce' }] }],
  ['/api/subscribers', { subscribers: [] }],
])('GET %s answers', async (path, expected) => {
  expect(await json(path)).toMatchObject({ status: 200, type: expect.stringContaining('json'), body: expected });
});

describe('refusals are problem details', () => {
  test.each<[string, RequestInit | undefined, number, string]>([
    ['/api/matches?entity=irann', undefined, 400, 'did you mean "iran"?'],
    ['/api/matches?since=yesterday', undefined, 400, 'not a time'],
    ['/api/matches?limit=-1', undefined, 400, 'whole number'],
    ['/api/matches?cursor=%00', undefined, 400, 'not a cursor'],
    ['/api/stories?cursor=%00', undefined, 400, 'not a cursor'],
    ['/api/stories/unknown', undefined, 404, 'no story "unknown"'],
    ['/api/nothing', undefined, 404, 'there is nothing at /api/nothing'],
    ['/api/subscribers/abc', { method: 'DELETE' }, 404, 'no subscriber "abc"'],
    ['/api/feeds/bbb', { method: 'DELETE' }, 404, 'did you mean "bbc"?'],
    ['/api/subscribers', post('{'), 400, 'not as it should be'],
    ['/api/subscribers', post([]), 400, 'not as it should be'],
    ['/api/subscribers', post({ channel: 'fax', address: '1', follow: ['*'] }), 400, '"channel"'],
    ['/api/subscribers', post({ channel: 'email', address: 'reader@', follow: ['*'] }), 400, 'not an e-mail address'],
    [
      '/api/subscribers',
      post({ channel: 'email', address: 'a@example.org', follow: ['irann'] }),
      400,
      'did you mean "iran"?',
    ],
    ['/api/confirmations', post('null'), 400, 'no "link"'],
    ['/api/confirmations', post({ link: 'hello' }), 400, 'not a confirmation link'],
  ])('%s', async (path, init, status, words) => {
    const answer = await json(path, init);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { type: 'about:blank', status } });
    expect(answer.body.title).not.toBe('Error');
    expect(answer.body.detail).toContain(words);
    expect(logged).toEqual([]);
  });

  test.each([
    ['with its length', {}],
    ['without', { stream: true }],
  ])('a body over 16 kB, %s', async (_, { stream = false }: { stream?: boolean }) => {
    const text = JSON.stringify({ channel: 'email', address: 'x'.repeat(20_000) });
    const body = stream ? new Blob([text]).stream() : text;
    const headers = {
      'content-type': 'application/json',
      ...(stream ? {} : { 'content-length': String(text.length) }),
    };
    const answer = await json('/api/subscribers', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(answer).toMatchObject({ status: 413, type: 'application/problem+json', body: { status: 413 } });
  });

  test('our own fault is a sentence for the caller and the error for the log', async () => {
    const broken = {
      ...store,
      stories: { ...store.stories, page: () => Promise.reject(new Error('the table is away')) },
    };
    const { log, lines } = logLines();
    const { made: topics } = fakeTopics();
    const deps = {
      store: broken,
      subscribers: store.subscribers,
      topics,
      matcher,
      retentionDays: 30,
      unmatchedDays: 30,
      now: () => minutes(0),
    };
    const response = await apiApp(async () => deps, log).request('/api/matches');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('the table is away');
    expect(lines).toMatchObject([{ event: 'request failed', error: expect.stringContaining('the table is away') }]);
  });

  test('so is a store that cannot be opened', async () => {
    const { log, lines } = logLines();
    const response = await apiApp(() => Promise.reject(new Error('no table')), log).request('/api/feeds');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(lines).toHaveLength(1);
  });
});

test('a subscription from its beginning to its end, and no ARN or address in between', async () => {
  const made = await json('/api/subscribers', post({ channel: 'email', address: 'a@example.org', follow: ['truce'] }));
  expect(made).toMatchObject({
    status: 201,
    body: { state: 'pending', follow: ['truce'], leastPriority: 'low', timeZone: 'UTC' },
  });
  expect(JSON.stringify(made.body)).not.toMatch(/arn:|example\.org/);
  const { topicArn } = (await store.subscribers.get(made.body.id)) ?? { topicArn: '' };
  const link = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=good`;
  expect(await json('/api/confirmations', post({ link }))).toMatchObject({ status: 200, body: { state: 'confirmed' } });
  expect(await json('/api/subscribers')).toMatchObject({ body: { subscribers: [{ state: 'confirmed' }] } });
  expect(await json(`/api/subscribers/${made.body.id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await json('/api/subscribers')).toMatchObject({ body: { subscribers: [] } });
});

test('a feed is added, paused, resumed and removed; one of the file stays', async () => {
  const yaml =
    'feeds:\n- {id: irna, url: "https://irna.example/rss", name: IRNA, outlet: irna, tier: 1, lang: fa, country: IR}\n';
  expect(await json('/api/feeds', { method: 'POST', body: yaml })).toMatchObject({
    status: 201,
    body: { added: ['irna'] },
  });
  expect(await json('/api/feeds', { method: 'POST', body: yaml })).toMatchObject({
    status: 400,
    body: { field: 'feeds' },
  });
  const state = async () =>
    ((await json('/api/feeds')).body.feeds as { id: string; state: string }[]).find(({ id }) => id === 'irna')?.state;
  expect(await json('/api/feeds/irna/pause', { method: 'POST' })).toMatchObject({ body: { paused: true } });
  expect(await state()).toBe('paused');
  expect(await json('/api/feeds/irna/resume', { method: 'POST' })).toMatchObject({ body: { paused: false } });
  expect(await state()).toBe('new');
  expect(await json('/api/feeds/irna', { method: 'DELETE' })).toMatchObject({ body: { removed: 'irna' } });
  expect(await state()).toBeUndefined();
  await store.feeds.putConfig(aFeed('bbc', { paused: true }), 'file');
  expect(await json('/api/feeds/bbc/resume', { method: 'POST' })).toMatchObject({
    status: 400,
    body: { field: 'paused', detail: expect.stringContaining('feeds.yaml') },
  });
  expect(await json('/api/feeds/bbc', { method: 'DELETE' })).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('feeds.yaml') },
  });
});
