import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiApp } from '../../lib/adapters/api/api-app.ts';
import { readerLinks, signLink } from '../../lib/core/subscriber/signed-link.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import type { FunctionPool } from '../../lib/local/function-pool.ts';
import { type HttpFront, startHttpFront } from '../../lib/local/http-front.ts';
import { readRoute } from '../../lib/local/http-routes.ts';
import type { Outbox } from '../../lib/local/outbox.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import { ensureLinkKeys } from '../../lib/pipeline/link-keys.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { subscribe } from '../../lib/pipeline/subscribe.ts';
import { fakeTopics } from '../pipeline/fake-topics.ts';
import { memoryStore } from '../pipeline/memory-store.ts';
import { alertDeps, iso, logLines, matcher, minutes } from '../pipeline/world.ts';
import { aMatch, aStory } from './store-suite.ts';

const title = 'Truce <b>holds</b> & "rests"';

let store: Store;
let topics: ReturnType<typeof fakeTopics>;
let front: HttpFront;
let reader: Subscriber;
let links: ReturnType<typeof readerLinks>;
let logged: ReturnType<typeof logLines>['lines'];
let now: Date;

/** The app behind the local front, by the event that API Gateway sends: real HTTP, the real adapter, real pages. */
beforeEach(async () => {
  now = minutes(10);
  store = memoryStore();
  topics = fakeTopics();
  const { log, lines } = logLines();
  logged = lines;
  const deps = {
    store,
    subscribers: store.subscribers,
    topics: topics.made,
    matcher,
    retentionDays: 30,
    unmatchedDays: 30,
    now: () => now,
  };
  const answer = handle(apiApp(async () => deps, log));
  const target = {
    invoke: async (event: unknown) => ({
      kind: 'ok',
      payload: await answer(event as LambdaEvent, {} as LambdaContext),
    }),
  } as unknown as FunctionPool;
  front = await startHttpFront(0);
  front.serve({
    routes: ['GET /r/{token}', 'POST /r/{token}'].map((key) => readRoute(key, false, target)),
    outbox: { list: () => [] } as unknown as Outbox,
    nowMs: () => now.getTime(),
    sns: { confirm: () => ({ confirmed: false }), isPending: () => false },
  });
  const story = aStory('s1', { title, match: aMatch, undecidedSince: iso(0) });
  await store.stories.putNew(story);
  await decide(story, alertDeps(store));
  await ensureLinkKeys({ control: store.control, now: () => now });
  const sms = { channel: 'sms' as const, address: '+4915112345678', consent: 'form of 2026-11-20' };
  reader = await subscribe({ ...sms, preferences: { follow: ['*'], timeZone: 'Asia/Tehran' } }, deps);
  const { keys } = await store.control.linkKeys();
  links = readerLinks({ subscriber: reader.id, storyline: 's1', now }, { keys, publicUrl: front.url });
});
afterEach(() => front.close());

const get = async (url: string | null) => {
  const response = await fetch(url ?? '', { redirect: 'manual' });
  return { status: response.status, headers: response.headers, body: await response.text() };
};
const post = async (url: string | null, fields: readonly (readonly [string, string])[]) => {
  const body = new URLSearchParams(fields.map((each) => [...each]));
  const response = await fetch(url ?? '', { method: 'POST', body, redirect: 'manual' });
  return { status: response.status, body: await response.text() };
};
const row = () => store.subscribers.get(reader.id);
const form: readonly (readonly [string, string])[] = [
  ['do', 'change'],
  ['follow', 'iran'],
  ['follow', 'truce'],
  ['leastPriority', 'high'],
  ['langs', 'fa, en'],
  ['states', 'new'],
  ['states', 'corrected'],
  ['delivery', 'weekly'],
  ['weekday', 'mon'],
  ['hour', '8'],
  ['timeZone', 'Europe/Berlin'],
  ['quietStart', '22:00'],
  ['quietEnd', '07:00'],
  ['criticalPasses', 'yes'],
  ['smsPerDay', '5'],
  ['smsUsdPerMonth', '2,5'],
];

describe('a page', () => {
  test.each(['muteUrl', 'changeUrl', 'stopUrl'] as const)(
    'of %s shows and changes nothing, however often it is opened',
    async (name) => {
      const before = [await row(), [...topics.topics]];
      for (let times = 0; times < 3; times++) expect((await get(links[name])).status).toBe(200);
      expect((await fetch(links[name] ?? '', { method: 'HEAD' })).status).toBe(404);
      expect([await row(), [...topics.topics]]).toEqual(before);
    },
  );

  test('may not run, frame, load or be indexed, and holds no address', async () => {
    for (const url of Object.values(links)) {
      const { headers, body } = await get(url);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(headers.get('x-robots-tag')).toContain('noindex');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toContain('text/html');
      expect(body).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>[\s\S]*<main>\s*<h1>/);
      expect(body).not.toMatch(/<script|https?:\/\/|\+49|arn:|style="/);
      expect(body.match(/<form(?! method="post">)/)).toBeNull();
    }
  });

  test('of a storyline shows its title as text', async () => {
    const { body } = await get(links.muteUrl);
    expect(body).toContain(
      '<blockquote dir="auto">Truce &lt;b&gt;holds&lt;/b&gt; &amp; &quot;rests&quot;</blockquote>',
    );
  });

  test('labels each field of its form', async () => {
    const { body } = await get(links.changeUrl);
    const fields = body.match(/<(input(?! type="hidden")|select)[^>]*>/g) ?? [];
    const labels = body.match(/<label>[\s\S]*?<\/label>/g) ?? [];
    expect(fields.length).toBeGreaterThan(15);
    expect(labels.filter((label) => /<(input|select)/.test(label))).toHaveLength(fields.length);
    expect(body).toMatch(/value="\*" checked/);
    expect(body).toContain('value="Asia/Tehran"');
  });
});

describe('a form', () => {
  test('mutes its storyline, and takes it back', async () => {
    const muted = await post(links.muteUrl, [['do', 'mute']]);
    expect(muted).toMatchObject({ status: 200, body: expect.stringContaining('Muted.') });
    expect((await row())?.muted).toEqual([
      { storyline: 's1', until: new Date(now.getTime() + 30 * 86_400_000).toISOString() },
    ]);
    await post(links.muteUrl, [['do', 'mute']]);
    expect((await row())?.muted).toHaveLength(1);
    expect((await get(links.muteUrl)).body).toMatch(/is muted[\s\S]*Muted until .*Asia\/Tehran/);
    await post(links.muteUrl, [['do', 'unmute']]);
    expect((await row())?.muted).toEqual([]);
  });

  test('changes preferences as one would on the command line', async () => {
    expect(await post(links.changeUrl, form)).toMatchObject({ status: 200, body: expect.stringContaining('Saved.') });
    expect(await row()).toEqual({
      ...reader,
      follow: ['iran', 'truce'],
      leastPriority: 'high',
      langs: ['fa', 'en'],
      states: ['new', 'corrected'],
      delivery: { kind: 'weekly', weekday: 1, hour: 8 },
      timeZone: 'Europe/Berlin',
      quiet: { start: '22:00', end: '07:00', criticalPasses: true },
      smsPerDay: 5,
      smsUsdPerMonth: 2.5,
    });
    const { body } = await get(links.changeUrl);
    expect(body).toMatch(/value="mon" selected/);
    expect(body).toMatch(/value="22:00"/);
  });

  test('with wrong fields changes nothing, names each and keeps what was entered', async () => {
    const wrong = form.map(([name, value]) => {
      const other = { timeZone: 'Europe/Berln', hour: '25', quietEnd: '22:00', smsPerDay: '0' }[name];
      return [name, other ?? value] as const;
    });
    const { status, body } = await post(links.changeUrl, wrong);
    expect(status).toBe(400);
    expect(body).toMatch(/role="alert"/);
    expect(body).toContain('did you mean &quot;Europe/Berlin&quot;?');
    for (const words of ['no hour of a day', 'from 22:00 to 22:00', 'no cap on SMS a day'])
      expect(body).toContain(words);
    expect(body).toContain('value="Europe/Berln"');
    expect(await row()).toEqual(reader);
  });

  test('pauses, resumes and unmutes from the page of all', async () => {
    await post(links.muteUrl, [['do', 'mute']]);
    await post(links.changeUrl, [['do', 'pause']]);
    expect(await row()).toMatchObject({ paused: true, muted: [{ storyline: 's1' }] });
    expect((await get(links.changeUrl)).body).toMatch(/You have paused[\s\S]*Muted storylines[\s\S]*Truce/);
    await post(links.changeUrl, [['do', 'resume']]);
    await post(links.changeUrl, [
      ['do', 'unmute'],
      ['storyline', 's1'],
    ]);
    expect(await row()).toEqual(reader);
  });

  test('stops: the topic, and with it the address, is gone, and so is the row', async () => {
    expect((await get(links.stopUrl)).body).toContain('Nothing has been changed yet');
    expect(await post(links.stopUrl, [['do', 'stop']])).toMatchObject({
      status: 200,
      body: expect.stringContaining('Stopped'),
    });
    expect([await row(), topics.topics.size]).toEqual([null, 0]);
    for (const url of Object.values(links)) {
      expect(await get(url)).toMatchObject({ status: 410, body: expect.stringContaining('You have stopped') });
    }
    expect(await post(links.stopUrl, [['do', 'stop']])).toMatchObject({ status: 410 });
  });

  test.each([
    ['muteUrl', 'stop'],
    ['muteUrl', 'change'],
    ['changeUrl', 'stop'],
    ['changeUrl', 'mute'],
    ['stopUrl', 'pause'],
    ['stopUrl', ''],
  ] as const)('of %s does not do the work of another: %s', async (name, wish) => {
    expect(
      await post(links[name], [
        ['do', wish],
        ['follow', 'iran'],
      ]),
    ).toMatchObject({ status: 400 });
    expect(await row()).toEqual(reader);
  });

  test('of 40 kB is refused', async () => {
    expect(
      await post(links.changeUrl, [
        ['do', 'change'],
        ['langs', 'x'.repeat(40_000)],
      ]),
    ).toMatchObject({ status: 413 });
  });

  test('acts under a log line without link or address', async () => {
    await post(links.changeUrl, [['do', 'pause']]);
    expect(logged).toEqual([{ event: 'reader acted', subscriber: reader.id, wish: 'pause' }]);
  });
});

describe('a link that is of no use says what to do', () => {
  test.each([
    ['cut off', (url: string) => url.slice(0, -3), 403, 'not valid'],
    ['made up', () => `${front.url}/r/AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA`, 403, 'not valid'],
    ['of another reader by a changed letter', (url: string) => url.replace(/.(.{30})$/, 'A$1'), 403, 'not valid'],
  ])('%s', async (_, broken, status, words) => {
    for (const answer of [
      await get(broken(links.stopUrl ?? '')),
      await post(broken(links.stopUrl ?? ''), [['do', 'stop']]),
    ]) {
      expect(answer).toMatchObject({ status, body: expect.stringContaining(words) });
      expect(answer.body).toContain('the latest message');
    }
    expect(await row()).toEqual(reader);
  });

  test('run out', async () => {
    now = new Date(now.getTime() + 31 * 86_400_000);
    expect(await get(links.muteUrl)).toMatchObject({ status: 410, body: expect.stringContaining('run out') });
    expect(await post(links.muteUrl, [['do', 'mute']])).toMatchObject({ status: 410 });
    expect((await get(links.changeUrl)).status).toBe(200);
    expect(await row()).toEqual(reader);
  });

  test('of a subscriber that never was', async () => {
    const link = { action: 'stop' as const, subscriber: 'nobody', storyline: null, expires: minutes(100) };
    const token = signLink(link, (await store.control.linkKeys()).keys);
    expect(await get(`${front.url}/r/${token}`)).toMatchObject({ status: 410 });
  });

  test('where we fail, without a word of how', async () => {
    const broken = apiApp(() => Promise.reject(new Error('the table is away')), logLines().log);
    const response = await broken.request('/r/abc');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).not.toContain('table');
  });
});
