import { beforeEach, describe, expect, test } from 'vitest';
import { decide, matchRow } from '../../lib/pipeline/alert.ts';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { LedgerRow } from '../../lib/pipeline/ports/ledger-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import { redeemAll } from '../../lib/pipeline/tell-together.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, minutes } from './world.ts';

let store: Store;
let story: StoredStory;
beforeEach(async () => {
  store = memoryStore();
  story = aStory('s1', { title: 'Iran speaks', match: aMatch, undecidedSince: iso(0) });
  await store.feeds.putConfig(aFeed('bbc', { name: 'BBC News', tier: 1 }), 'file');
  await store.stories.putNew(story);
});

const filed = async (entity: string) =>
  (
    await store.stories.page({
      axis: { name: 'entity', value: entity },
      since: '2026-11-01T00:00:00.000Z',
      until: iso(60),
      cursor: null,
      limit: 10,
      readAtMost: 10,
      keep: () => true,
    })
  ).rows.map(({ id }) => id);

const topics = (published: readonly { topicArn: string }[]) => published.map(({ topicArn }) => topicArn).sort();

describe('decide', () => {
  test.each([
    ['follows everything', { follow: ['*'] }, true],
    ['follows what matched', { follow: ['iran', 'sco'] }, true],
    ['follows something else', { follow: ['sco'] }, false],
    ['wants only what is more urgent', { follow: ['*'], leastPriority: 'high' as const }, false],
  ])('a reader who %s', async (_, fields, told) => {
    await store.subscribers.put(aSubscriber('r', fields));
    const deps = alertDeps(store);
    expect(await decide(story, deps)).toMatchObject({ filed: 1, sent: Number(told), held: 0, unsent: 0 });
    expect(topics(deps.published)).toEqual([...(told ? [aSubscriber('r').topicArn] : []), 'arn:integration'].sort());
    expect(await filed('iran')).toEqual(['s1']);
    expect((await store.stories.get('s1'))?.undecidedSince).toBeNull();
  });

  test('each channel gets its own form, with the reader’s own reasons', async () => {
    story = aStory('both', {
      title: 'Iran speaks',
      match: { ...aMatch, entities: ['iran', 'israel'] },
      undecidedSince: iso(0),
    });
    await store.stories.putNew(story);
    await store.subscribers.put(aSubscriber('mail', { follow: ['iran'] }));
    await store.subscribers.put(aSubscriber('phone', { channel: 'sms' }));
    await store.subscribers.put(aSubscriber('hook', { channel: 'https' }));
    const deps = alertDeps(store);
    await decide(story, deps);
    const to = (id: string) => deps.published.find(({ topicArn }) => topicArn.endsWith(id));
    expect(to('mail')?.subject).toContain('Iran speaks');
    expect(to('mail')?.body).toContain('Name of iran');
    expect(to('mail')?.body).not.toContain('Name of israel');
    expect(to('mail')?.body).toContain('BBC News');
    expect(to('phone')).toMatchObject({ subject: null });
    expect(to('phone')?.body.length).toBeLessThanOrEqual(160);
    expect(JSON.parse(to('hook')?.body ?? '')).toMatchObject({ storyline: 'both' });
    expect(to('arn:integration')?.attributes).toMatchObject({ entities: ['iran', 'israel'], state: 'new' });
  });

  test('a seed is filed and not told', async () => {
    await store.subscribers.put(aSubscriber('r'));
    const deps = alertDeps(store);
    await decide({ ...story, tell: false }, deps);
    expect(deps.published).toEqual([]);
    expect(await filed('iran')).toEqual(['s1']);
  });

  test.each([
    ['has no match', { match: null }],
    ['waits no more', { undecidedSince: null }],
  ])('a story that %s is left alone', async (_, fields) => {
    const deps = alertDeps(store);
    expect(await decide({ ...story, ...fields }, deps)).toMatchObject({ filed: 0, sent: 0, unsent: 0 });
    expect(await filed('iran')).toEqual([]);
  });

  test('twice, or many at the same time, tells once', async () => {
    await store.subscribers.put(aSubscriber('r'));
    const deps = alertDeps(store);
    await Promise.all(Array.from({ length: 5 }, () => decide(story, deps)));
    await decide(story, deps);
    expect(topics(deps.published)).toEqual([aSubscriber('r').topicArn, 'arn:integration'].sort());
  });

  test('an earlier wording does not end the wait of a later one', async () => {
    await store.stories.revise('s1', {
      at: iso(3),
      title: 'Iran and Israel speak',
      summary: '',
      match: { ...aMatch, entities: ['iran', 'israel'] },
      tell: true,
      undecided: true,
    });
    await store.subscribers.put(aSubscriber('i', { follow: ['israel'] }));
    const deps = alertDeps(store);
    await decide(story, deps);
    const later = (await store.stories.get('s1')) as StoredStory;
    expect(later.undecidedSince).toBe(iso(3));
    await decide(later, deps);
    expect(await filed('israel')).toEqual(['s1']);
    expect(topics(deps.published)).toEqual([aSubscriber('i').topicArn, 'arn:integration'].sort());
  });

  test('what SNS does not accept stays claimed, and the other readers are told', async () => {
    for (const id of ['a', 'b', 'c']) await store.subscribers.put(aSubscriber(id));
    const deps = alertDeps(store);
    const publish: typeof deps.publish = async (message) => {
      if (message.topicArn.endsWith('-b')) throw new Error('throttled');
      await deps.publish(message);
    };
    expect(await decide(story, { ...deps, publish })).toMatchObject({ filed: 1, sent: 2, unsent: 1 });
    expect(await store.ledger.unsent(iso(1), 10)).toMatchObject([{ subscriber: 'b', storyline: 's1', tier: 1 }]);
    expect((await store.stories.get('s1'))?.undecidedSince).toBeNull();
    expect(deps.lines).toMatchObject([{ event: 'alert not accepted', subscriber: 'b' }]);
  });

  test('a long title is cut between characters for the list', async () => {
    const deps = alertDeps(store);
    const place = await deps.place({ ...story, match: aMatch }, false);
    const row = matchRow({ ...story, match: aMatch, title: `${'x'.repeat(299)}🕊️` }, place);
    expect(row.title).toBe('x'.repeat(299));
  });
});

describe('redeemAll', () => {
  const claim: LedgerRow = {
    storyline: 's1',
    state: 'new',
    subscriber: 'r',
    story: 's1',
    published: iso(-5),
    seen: iso(0),
    decided: iso(0),
    claimed: iso(0),
    sent: null,
    tier: 1,
    held: null,
    waited: null,
  };

  test.each([['r'], [integrationId]])('publishes what was claimed for %s and never sent, once', async (subscriber) => {
    await store.subscribers.put(aSubscriber('r'));
    await store.ledger.claim({ ...claim, subscriber });
    const deps = alertDeps(store, { now: () => minutes(5) });
    const both = await Promise.all([redeemAll(minutes(5), deps), redeemAll(minutes(5), deps)]);
    expect(both.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(deps.published).toHaveLength(1);
    expect(await store.ledger.unsent(iso(60), 10)).toEqual([]);
    expect(await redeemAll(minutes(20), deps)).toEqual({ done: 0, failed: 0 });
  });

  test('a claim whose story has expired is ended, and said to be', async () => {
    await store.ledger.claim({ ...claim, story: 'expired' });
    await store.subscribers.put(aSubscriber('r'));
    const deps = alertDeps(store, { now: () => minutes(5) });
    await redeemAll(minutes(5), deps);
    expect(deps.published).toEqual([]);
    expect(deps.lines).toMatchObject([{ event: 'alert without a story' }]);
    expect(await store.ledger.unsent(iso(60), 10)).toEqual([]);
  });

  test('who left meanwhile is not told, and nobody looks at the claim again', async () => {
    await store.ledger.claim(claim);
    const deps = alertDeps(store, { now: () => minutes(5) });
    await redeemAll(minutes(5), deps);
    expect(deps.published).toEqual([]);
    expect(await store.ledger.unsent(iso(60), 10)).toEqual([]);
  });
});
