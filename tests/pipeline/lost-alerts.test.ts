import { beforeEach, expect, test } from 'vitest';
import {
  type LostAlert,
  lostAlertFindings,
  mostLookedAt,
  sendLostAgain,
  type TakenAlert,
} from '../../lib/pipeline/lost-alerts.ts';
import type { Publish } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { iso, logLines, type Published } from './world.ts';

let store: Store;
let lying: TakenAlert[];
let taken: string[];
let removed: string[];
let published: Published[];

beforeEach(async () => {
  store = memoryStore();
  [lying, taken, removed, published] = [[], [], [], []];
  for (const id of ['hook', 'paused', 'down'])
    await store.subscribers.put(
      aSubscriber(id, { channel: 'https', topicArn: `arn:t:${id}`, paused: id === 'paused' }),
    );
});

const alertTo = (id: string, minute = 0, number = 0): LostAlert => ({
  ...{ topicArn: `arn:t:${id}`, subject: 'Iran speaks', body: `{"reader":"${id}","n":${number}}`, lost: iso(minute) },
});
const lie = (alert: LostAlert | null) => void lying.push({ receipt: String(lying.length), alert });

/** As a queue: what is taken is hidden, what is removed is gone. */
const queue = {
  look: async () => lying.flatMap(({ alert }) => alert ?? []),
  async take() {
    const some = lying.filter(({ receipt }) => !taken.includes(receipt)).slice(0, 10);
    taken.push(...some.map(({ receipt }) => receipt));
    return some;
  },
  remove: async (receipt: string) => void removed.push(receipt),
};
const { log, lines } = logLines();
const publishing: Publish = async (message) => {
  if (message.topicArn === 'arn:t:down') throw new Error('refused');
  published.push(message);
};
const sendAgain = (publish = publishing) =>
  sendLostAgain({ lostAlerts: queue, subscribers: store.subscribers, publish, log });

test('what an endpoint refused is sent again as it was, and only then removed', async () => {
  for (const [number, id] of ['hook', 'down', 'hook'].entries()) lie(alertTo(id, 0, number));
  expect(await sendAgain()).toEqual({ sent: 2, ended: 0, waiting: 0, failed: 1 });
  expect(published).toEqual(
    [0, 2].map((n) => ({ topicArn: 'arn:t:hook', subject: 'Iran speaks', body: `{"reader":"hook","n":${n}}` })),
  );
  expect(removed).toEqual(['0', '2']);
  expect(lines.at(-1)).toMatchObject({ event: 'lost alert not sent again', subscriber: 'down' });
});

test('what is refused again at once is not sent a second time by the same call', async () => {
  lie(alertTo('hook'));
  const publish: Publish = async (message) => {
    published.push(message);
    lie(alertTo('hook'));
  };
  expect(await sendAgain(publish)).toEqual({ sent: 1, ended: 0, waiting: 0, failed: 0 });
  expect(published).toHaveLength(1);
  expect(removed).toEqual(['0']);
});

test('who has left or paused is told nothing; what waits for the paused, or is no alert, stays', async () => {
  for (const alert of [alertTo('left'), alertTo('paused'), null]) lie(alert);
  expect(await sendAgain()).toEqual({ sent: 0, ended: 1, waiting: 1, failed: 1 });
  expect(published).toEqual([]);
  expect(removed).toEqual(['0']);
});

test('a call takes five hundred and leaves the rest to the next one', async () => {
  for (let index = 0; index < 600; index += 1) lie(alertTo('hook', 0, index));
  expect((await sendAgain()).sent).toBe(500);
  expect((await sendAgain()).sent).toBe(100);
  expect((await sendAgain()).sent).toBe(0);
});

test('doctor names each reader by id, with the oldest and the remedy', async () => {
  for (const [id, minute] of [
    ['hook', 5],
    ['down', 1],
    ['hook', 2],
    ['left', 3],
  ] as const)
    lie(alertTo(id, minute));
  expect(await lostAlertFindings(queue, store.subscribers)).toEqual([
    {
      level: 'fault',
      what: `subscriber hook (https): its endpoint refused 2 alerts, which SNS gave up, the first at ${iso(2)} (LostAlerts)`,
      remedy: 'have the endpoint mended, then wirewatch redrive sends them again; or wirewatch unsubscribe hook',
    },
    expect.objectContaining({ what: expect.stringMatching(/^subscriber down \(https\).* 1 alerts/) }),
    expect.objectContaining({ level: 'warning', what: expect.stringContaining('have left') }),
  ]);
});

test('doctor finds nothing in an empty queue, nor where there is none, and says where it saw only a part', async () => {
  expect(await lostAlertFindings(queue, store.subscribers)).toEqual([]);
  expect(await lostAlertFindings(undefined, store.subscribers)).toEqual([]);
  for (let index = 0; index < mostLookedAt; index += 1) lie(alertTo('hook'));
  expect((await lostAlertFindings(queue, store.subscribers))[0]?.what).toContain('100 or more alerts');
});
