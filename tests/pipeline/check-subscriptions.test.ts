import { beforeEach, describe, expect, test } from 'vitest';
import { noUsage } from '../../lib/core/cost/usage.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { emptyTally } from '../../lib/core/subscriber/tally.ts';
import { checkSubscriptions, type SmsAccount } from '../../lib/pipeline/check-subscriptions.ts';
import { doctor } from '../../lib/pipeline/doctor.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { type SubscribeDeps, type SubscriberTopics, subscribe } from '../../lib/pipeline/subscribe.ts';
import { type SubscriptionTrouble, subscriptionFinding } from '../../lib/pipeline/subscription-findings.ts';
import { aFeed } from '../adapters/store-suite.ts';
import { fakeTopics } from './fake-topics.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, matcher, minutes, type Published } from './world.ts';

const calm: SmsAccount = {
  inSandbox: async () => false,
  verifiedNumbers: async () => [],
  originationCountries: async () => ['US'],
  spendLimitUsd: async () => 100,
};
const day = 24 * 60;

let store: Store;
let sns: ReturnType<typeof fakeTopics>;
let asked: Partial<SubscriberTopics>;
let published: Published[];
let logged: ReturnType<typeof logLines>;

beforeEach(() => {
  store = memoryStore();
  asked = {};
  sns = fakeTopics();
  published = [];
  logged = logLines();
});

const topics = () => ({ ...sns.made, ...asked });
const check = (
  minute: number,
  sms: Partial<SmsAccount> = {},
  publish = async (message: Published) => void published.push(message),
) =>
  checkSubscriptions({
    subscribers: store.subscribers,
    control: store.control,
    topics: topics(),
    sms: { ...calm, ...sms },
    publish,
    operationsTopic: 'arn:operations',
    now: () => minutes(minute),
    log: logged.log,
  });
const add = (channel: Subscriber['channel'], address: string) => {
  const deps: SubscribeDeps = { subscribers: store.subscribers, topics: topics(), matcher, now: () => minutes(0) };
  const consent = channel === 'sms' ? 'form of 2026-11-20' : null;
  return subscribe({ channel, address, consent, preferences: { follow: ['*'] } }, deps);
};
const troubles = async (minute: number, sms?: Partial<SmsAccount>) =>
  (await check(minute, sms))?.troubles.map(({ id, state }) => [id, state]);

describe('the daily check', () => {
  test('finds who is pending, removable, lost, opted out or unverified, and nothing wrong with the others', async () => {
    const fine = await add('email', 'fine@example.org');
    await sns.made.confirm(fine.topicArn, 'good');
    const clicked = await add('email', 'clicked@example.org');
    await sns.made.confirm(clicked.topicArn, 'good');
    const pending = await add('email', 'pending@example.org');
    const lost = await add('https', 'https://lost.example/x');
    sns.topics.delete(lost.topicArn);
    const stopped = await add('sms', '+4915112345678');
    const unverified = await add('sms', '+4915112345679');
    await add('sms', '+4915112345670');
    asked = {
      isOptedOut: async (number) => number === '+4915112345678',
      isProtected: async (arn) => arn !== `${clicked.topicArn}:sub`,
    };
    const sandbox = { inSandbox: async () => true, verifiedNumbers: async () => ['+4915112345670'] };
    const found = Object.fromEntries((await troubles(0, sandbox)) ?? []);
    expect(found).toEqual({
      [clicked.id]: 'removable',
      [pending.id]: 'pending',
      [lost.id]: 'lost',
      [stopped.id]: 'opted-out',
      [unverified.id]: 'unverified',
    });
  });

  test('runs once a day, however often it is called', async () => {
    await add('email', 'a@example.org');
    expect(await check(0)).toMatchObject({ all: 1 });
    for (const minute of [15, 600, 23 * 60]) expect(await check(minute)).toBeNull();
    expect(await check(day - 15)).toMatchObject({ all: 1 });
  });

  test('reports whoever was lost once, all in one message, and keeps no address', async () => {
    const one = await add('sms', '+4915112345678');
    const two = await add('email', 'two@example.org');
    await check(0);
    expect(published).toEqual([]);
    asked = { isOptedOut: async () => true };
    sns.topics.delete(two.topicArn);
    await check(day);
    expect(published).toMatchObject([
      { topicArn: 'arn:operations', subject: 'Wirewatch: 2 subscribers hear nothing any more' },
    ]);
    expect(published[0]?.body).toMatch(new RegExp(`^${one.id} \\(sms\\): opted-out; respect it`, 'm'));
    expect(published[0]?.body).toMatch(new RegExp(`^${two.id} \\(email\\): lost; wirewatch unsubscribe`, 'm'));
    await check(2 * day);
    expect(published).toHaveLength(1);
    const kept = JSON.stringify([await store.control.beat('subscriptions'), published, logged.lines]);
    expect(kept).not.toMatch(/example\.org|\+49151/);
  });

  test('reports again what is lost again', async () => {
    await add('sms', '+4915112345678');
    for (const [index, isOptedOut] of [true, false, true].entries()) {
      asked = { isOptedOut: async () => isOptedOut };
      await check(index * day);
    }
    expect(published).toHaveLength(2);
  });

  test('that SNS does not let report is made again', async () => {
    await add('sms', '+4915112345678');
    asked = { isOptedOut: async () => true };
    await expect(check(0, {}, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await check(15)).toMatchObject({ all: 1 });
    expect(published).toHaveLength(1);
  });

  test('sets aside one that cannot be read, and reads the others', async () => {
    const [one, two] = [await add('sms', '+4915112345678'), await add('sms', '+4915112345679')];
    asked = {
      status: (arn) => (arn === one.topicArn ? Promise.reject(new Error('throttled')) : sns.made.status(arn)),
      isOptedOut: async () => true,
    };
    expect(await troubles(0)).toEqual(
      expect.arrayContaining([
        [one.id, 'unknown'],
        [two.id, 'opted-out'],
      ]),
    );
    expect(logged.lines).toContainEqual({
      event: 'subscription not checked',
      subscriber: one.id,
      error: 'Error: throttled',
    });
  });

  test('learns of a link that was followed and not pasted, and keeps what was changed meanwhile', async () => {
    const made = await add('email', 'a@example.org');
    await sns.made.confirm(made.topicArn, 'good');
    const status = sns.made.status;
    asked = {
      status: async (arn) => {
        await store.subscribers.put({ ...made, paused: true });
        return status(arn);
      },
    };
    await check(0);
    expect(await store.subscribers.get(made.id)).toMatchObject({
      subscriptionArn: `${made.topicArn}:sub`,
      paused: true,
    });
  });
});

describe('doctor', () => {
  const found = async (minute: number) => {
    await store.control.putWatchlist({ version: 'v', key: 'k', applied: iso(0), by: 'deploy', entities: 1, events: 1 });
    await store.feeds.putConfig(aFeed('bbc'), 'file');
    await store.feeds.putShard('000', { bbc: { due: iso(5), claim: null, paused: false } });
    await store.control.addUsage('schedule', iso(minute), noUsage, null);
    await store.control.putBeat('digest', iso(minute), {});
    const deps = {
      store,
      subscribers: store.subscribers,
      topics: topics(),
      matcher,
      retentionDays: 30,
      unmatchedDays: 30,
    };
    return doctor({ ...deps, now: () => minutes(minute) });
  };

  test.each<[string, Partial<SmsAccount>, number, RegExp]>([
    [
      'the sandbox',
      { inSandbox: async () => true, verifiedNumbers: async () => ['+12025550123'] },
      0,
      /^warning .*SMS sandbox.*move it out/,
    ],
    [
      'no number for the United States',
      { originationCountries: async () => ['DE'] },
      0,
      /^fault there is no origination number.*toll-free/,
    ],
    [
      'a spend near the limit',
      { spendLimitUsd: async () => 1 },
      0.8,
      /^fault SMS of this month cost about \$0.8 of the \$1 /,
    ],
  ])('says of SMS: %s', async (_, sms, usd, words) => {
    const one = await add('sms', '+12025550123');
    await store.subscribers.putTally(one.id, { ...emptyTally, smsMonth: { month: '2026-11', usd } }, 0);
    await check(0);
    expect(await found(10)).toEqual([]);
    await check(day, sms);
    const said = (await found(day + 10)).map(({ level, what, remedy }) => `${level} ${what}; ${remedy}`);
    expect(said).toEqual([expect.stringMatching(words)]);
  });

  test('says that a scanner could end a subscription, and how to prevent it', async () => {
    const made = await add('email', 'a@example.org');
    await sns.made.confirm(made.topicArn, 'good');
    asked = { isProtected: async () => false };
    await check(0);
    expect(await found(10)).toMatchObject([
      {
        level: 'warning',
        what: expect.stringContaining(`${made.id} (email) was confirmed by the plain link`),
        remedy: expect.stringContaining('wirewatch confirm LINK'),
      },
    ]);
  });

  test('says when the check has not run, once there is somebody to check', async () => {
    expect(await found(10 * day)).toEqual([]);
    await add('sms', '+4915112345678');
    expect(await found(day)).toEqual([]);
    expect(await found(3 * day)).toMatchObject([
      { level: 'warning', what: expect.stringContaining('have not been checked since') },
    ]);
    await check(3 * day);
    expect(await found(3 * day)).toEqual([]);
  });

  test.each<[SubscriptionTrouble['state'], 'fault' | 'warning', RegExp, RegExp]>([
    ['pending', 'warning', /has not confirmed/, /wirewatch confirm LINK/],
    ['lost', 'fault', /no longer subscribed/, /wirewatch unsubscribe r1, then subscribe again/],
    ['removable', 'warning', /mail scanner/, /wirewatch confirm LINK/],
    ['opted-out', 'fault', /answered STOP/, /wirewatch unsubscribe r1/],
    ['unverified', 'fault', /not verified/, /verify the number/],
    ['unknown', 'warning', /could not be read/, /log of the digest function/],
  ])('has words and a remedy for who is %s', (state, level, what, remedy) => {
    expect(subscriptionFinding({ id: 'r1', channel: 'email', state })).toEqual({
      level,
      what: expect.stringMatching(what),
      remedy: expect.stringMatching(remedy),
    });
  });

  test('forgets of the check who has left since', async () => {
    const made = await add('sms', '+4915112345678');
    asked = { isOptedOut: async () => true };
    await check(0);
    expect(await found(10)).toMatchObject([{ level: 'fault', what: expect.stringContaining('answered STOP') }]);
    await store.subscribers.remove(made.id);
    expect(await found(10)).toEqual([]);
  });
});
