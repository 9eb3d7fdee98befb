import { beforeEach, describe, expect, test } from 'vitest';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import {
  confirm,
  listSubscribers,
  type SubscribeDeps,
  type SubscribeRequest,
  subscribe,
  unsubscribe,
} from '../../lib/pipeline/subscribe.ts';
import { fakeTopics } from './fake-topics.ts';
import { memoryStore } from './memory-store.ts';
import { iso, matcher, start } from './world.ts';

let deps: SubscribeDeps;
let topics: ReturnType<typeof fakeTopics>['topics'];
beforeEach(() => {
  const fake = fakeTopics();
  topics = fake.topics;
  deps = { subscribers: memoryStore().subscribers, topics: fake.made, matcher, now: () => start };
});

const request: SubscribeRequest = {
  channel: 'email',
  address: 'reader@example.org',
  consent: null,
  preferences: { follow: ['iran'], timeZone: 'Asia/Tehran' },
};
const sms: Partial<SubscribeRequest> = { channel: 'sms', address: '+4915112345678', consent: 'form of 2026-11-20' };

describe('subscribe', () => {
  test('makes a row and a topic; the row knows no address', async () => {
    const made = await subscribe({ ...request, preferences: { follow: ['iran', 'iran'], delivery: 'daily@8' } }, deps);
    expect(made).toMatchObject({
      follow: ['iran'],
      delivery: { kind: 'daily', hour: 8 },
      subscriptionArn: null,
      created: iso(0),
    });
    const row = await deps.subscribers.get(made.id);
    expect(row).toEqual(made);
    expect(JSON.stringify(row)).not.toContain('reader@example.org');
    expect(await listSubscribers(deps)).toEqual([{ ...made, state: 'pending', address: 'reader@example.org' }]);
  });

  test('an SMS is confirmed at once', async () => {
    const made = await subscribe({ ...request, ...sms }, deps);
    expect(await deps.subscribers.get(made.id)).toMatchObject({
      subscriptionArn: `${made.topicArn}:sub`,
      consent: { at: iso(0), how: 'form of 2026-11-20' },
    });
  });

  test.each<[string, Partial<SubscribeRequest>, string, string]>([
    ['an address without a domain', { address: 'reader@' }, 'address', 'name@example.org'],
    ['two addresses', { address: 'a@example.org,b@example.org' }, 'address', 'not an e-mail address'],
    [
      'a line break in an address',
      { address: 'a@example.org\nBcc: b@example.org' },
      'address',
      'not an e-mail address',
    ],
    [
      'an address of 255 letters',
      { address: `${'a'.repeat(60)}@${'b'.repeat(190)}.org` },
      'address',
      'not an e-mail address',
    ],
    ['a number without a country', { ...sms, address: '015112345678' }, 'address', 'E.164'],
    ['plain http', { channel: 'https', address: 'http://example.org' }, 'address', 'https'],
    ['nothing to follow', { preferences: {} }, 'follow', 'nothing to follow'],
    ['an unknown id, with the nearest', { preferences: { follow: ['isreal'] } }, 'follow', 'did you mean "israel"'],
    ['a zone that is none', { preferences: { follow: ['*'], timeZone: 'Mars/Olympus' } }, 'timeZone', 'Europe/Paris'],
    ['caps on SMS by e-mail', { preferences: { follow: ['*'], smsPerDay: 3 } }, 'smsPerDay', 'told by email'],
    ['SMS without consent', { ...sms, consent: ' ' }, 'consent', '--consent'],
    ['a consent that names the number', { ...sms, consent: 'called 0151 12345678' }, 'consent', 'SNS alone'],
    ['a consent of 301 characters', { ...sms, consent: 'x'.repeat(301) }, 'consent', '300 at most'],
    ['consent for e-mail, which asks itself', { consent: 'form' }, 'consent', 'recorded for SMS'],
  ])('refuses %s and leaves nothing behind', async (_, fields, field, words) => {
    const refused = await subscribe({ ...request, ...fields }, deps).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect(refused).toMatchObject({ field });
    expect(refused.message).toContain(words);
    expect(await deps.subscribers.list()).toEqual([]);
    expect(topics.size).toBe(0);
  });

  test('refuses a number whose holder has answered STOP', async () => {
    const fake = fakeTopics({ isOptedOut: async (number) => number === '+4915112345678' });
    await expect(subscribe({ ...request, ...sms }, { ...deps, topics: fake.made })).rejects.toThrow('answered STOP');
    expect(fake.topics.size).toBe(0);
  });

  test('says that an address is subscribed already, and has SNS ask again where it has yet to confirm', async () => {
    const made = await subscribe(request, deps);
    const asked: string[] = [];
    const { subscribe: ask } = deps.topics;
    const counted: typeof ask = (arn, ...rest) => {
      asked.push(arn);
      return ask(arn, ...rest);
    };
    deps = { ...deps, topics: { ...deps.topics, subscribe: counted } };
    const again = { ...request, address: 'Reader@Example.org' };
    await expect(subscribe(again, deps)).rejects.toThrow(`subscribed already, as ${made.id}, and has yet to confirm`);
    expect(asked).toEqual([made.topicArn]);
    await deps.topics.confirm(made.topicArn, 'good');
    await expect(subscribe(again, deps)).rejects.toThrow(`subscribed already, as ${made.id}; change it by`);
    expect(asked).toEqual([made.topicArn]);
    expect(await deps.subscribers.list()).toHaveLength(1);
  });

  test.each([
    [
      'refuses the address',
      Object.assign(new Error('bad endpoint'), { name: 'InvalidParameterException' }),
      'SNS refuses',
    ],
    ['is away', new Error('ECONNREFUSED'), 'ECONNREFUSED'],
  ])('where SNS %s nothing is left behind', async (_, error, words) => {
    const fake = fakeTopics({ subscribe: () => Promise.reject(error) });
    await expect(subscribe(request, { ...deps, topics: fake.made })).rejects.toThrow(words);
    expect(await deps.subscribers.list()).toEqual([]);
    expect(fake.topics.size).toBe(0);
  });
});

describe('confirm', () => {
  const link = (subscriber: Subscriber, token = 'good') =>
    `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${subscriber.topicArn}&Token=${token}`;

  test('takes the link that SNS sent, spaces around it and all', async () => {
    const made = await subscribe(request, deps);
    const confirmed = await confirm(`  ${link(made)}\n`, deps);
    expect(confirmed.subscriptionArn).toBe(`${made.topicArn}:sub`);
    expect(await listSubscribers(deps)).toMatchObject([{ state: 'confirmed', follow: ['iran'] }]);
  });

  test.each([
    ['no link', () => 'hello'],
    ['a link without a token', (made: Subscriber) => link(made).replace(/&Token=.*/, '')],
    ['a link of another topic', (made: Subscriber) => link({ ...made, topicArn: `${made.topicArn}x` })],
    ['a token that SNS does not know', (made: Subscriber) => link(made, 'stale')],
  ])('refuses %s', async (_, broken) => {
    const made = await subscribe(request, deps);
    const refused = await confirm(broken(made), deps).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect(refused).toMatchObject({ field: 'link' });
    expect(await deps.subscribers.get(made.id)).toEqual(made);
  });
});

describe('unsubscribe', () => {
  test('removes the topic and the row', async () => {
    const made = await subscribe(request, deps);
    expect(await unsubscribe(made.id, deps)).toEqual(made);
    expect(await deps.subscribers.list()).toEqual([]);
    expect(topics.size).toBe(0);
  });

  test('of an unknown id names the nearest', async () => {
    const { id } = await subscribe(request, deps);
    const typo = `${id.slice(0, -1)}x`;
    await expect(unsubscribe(typo, deps)).rejects.toThrow(`did you mean "${id}"?`);
    await expect(unsubscribe('nobody-at-all-like-it', deps)).rejects.toThrow('"wirewatch subscribers" lists them');
  });

  test('the topic goes first: a row whose topic is gone is listed as lost and can be removed', async () => {
    const made = await subscribe(request, deps);
    const crash = { ...deps.subscribers, remove: () => Promise.reject(new Error('crash')) };
    await expect(unsubscribe(made.id, { ...deps, subscribers: crash })).rejects.toThrow('crash');
    expect(await listSubscribers(deps)).toMatchObject([{ state: 'lost', address: null }]);
    await unsubscribe(made.id, deps);
    expect(await deps.subscribers.list()).toEqual([]);
  });
});
