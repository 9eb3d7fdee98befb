import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListedSubscriber } from '../../lib/pipeline/subscribe.ts';
import { type ChildRun, outboxOf, startChild } from '../support/child-run.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-subscribers-'));
const config = join(folder, 'config');
const data = join(folder, 'data');
let feeds: LoopbackFeeds;
let system: ChildRun;

const watchlist = `entities:
  iran: {name: Iran, aliases: {en: [Iran]}}
  israel: {name: Israel, aliases: {en: [Israel]}}
events:
  deal: {name: A deal, when: '@iran AND truce'}
`;

async function wirewatch(...words: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    const options = { env: { ...process.env, NO_COLOR: '1', TZ: 'Europe/Berlin', COLUMNS: '200' } };
    const all = [join(root, 'bin/wirewatch.js'), ...words, '--data', data];
    return { ...(await promisify(execFile)(process.execPath, all, options)), code: 0 };
  } catch (error) {
    return error as { stdout: string; stderr: string; code: number };
  }
}

const listed = async () =>
  (JSON.parse((await wirewatch('subscribers', '--json')).stdout) as { subscribers: readonly ListedSubscriber[] })
    .subscribers;

beforeAll(async () => {
  feeds = await startLoopbackFeeds(1);
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  writeFileSync(join(config, 'watchlist.yaml'), watchlist);
  const hosts = ['--allow-host', ...feeds.hostPorts];
  system = startChild('bin/wirewatch.js', ['start', '--config', config, '--data', data, '--port', '0', ...hosts]);
  await system.until('ready ');
});

afterAll(async () => {
  await system.end('SIGINT');
  await feeds.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('somebody subscribes, confirms, changes, pauses, mutes and leaves', async () => {
  const made = await wirewatch(
    'subscribe',
    '--email',
    'desk@example.org',
    '--follow',
    'iran',
    '--digest',
    'daily@8',
    '--json',
  );
  expect(made.stderr).toBe('');
  const { id, ...subscriber } = JSON.parse(made.stdout);
  expect(subscriber).toMatchObject({
    state: 'pending',
    delivery: { kind: 'daily', hour: 8 },
    timeZone: 'Europe/Berlin',
    states: ['new', 'corroborated', 'escalated', 'corrected'],
  });

  const again = await wirewatch('subscribe', '--email', 'desk@example.org', '--follow', 'israel');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(`"desk@example.org" is subscribed already, as ${id}, and has yet to confirm`);
  const asked = outboxOf(data).filter(({ kind }) => kind === 'confirmation');
  expect(asked).toHaveLength(2);
  const link = /http\S+/.exec(asked[0]?.body ?? '')?.[0] ?? '';
  expect((await wirewatch('confirm', link)).stderr).toContain(`subscriber ${id} is confirmed`);

  const words = [
    '--quiet',
    '22:00-7:00',
    '--critical-passes',
    '--digest',
    'at-once',
    '--lang',
    'fa',
    'en',
    '--priority',
    'high',
  ];
  const set = await wirewatch('subscribers', 'set', id, ...words);
  expect(set.stderr).toContain(`subscriber ${id} is told at-once; of iran from priority high; in fa en`);
  await wirewatch('subscribers', 'pause', id);
  await wirewatch('subscribers', 'mute', id, 'storyline-1');
  expect(await listed()).toMatchObject([
    {
      id,
      state: 'confirmed',
      address: 'desk@example.org',
      paused: true,
      langs: ['fa', 'en'],
      quiet: { start: '22:00', end: '07:00', criticalPasses: true },
      muted: [{ storyline: 'storyline-1' }],
    },
  ]);
  const table = (await wirewatch('subscribers')).stdout;
  expect(table).toMatch(new RegExp(`${id}\\s+email\\s+paused\\s+desk@example.org\\s+high\\s+at-once`));
  await wirewatch('subscribers', 'unmute', id, 'storyline-1');
  await wirewatch('subscribers', 'resume', id);
  expect(await listed()).toMatchObject([{ paused: false, muted: [] }]);

  expect((await wirewatch('unsubscribe', id)).stderr).toContain(`subscriber ${id} is told nothing any more`);
  expect(await listed()).toEqual([]);
});

test('an SMS needs its consent, which is recorded without the number', async () => {
  const sms = ['subscribe', '--sms', '+4915112345678', '--follow', '*', '--sms-per-day', '5', '--sms-usd', '10'];
  expect((await wirewatch(...sms)).stderr).toContain('--consent "form of 2026-11-20"');
  const made = await wirewatch(...sms, '--consent', 'form of 2026-11-20', '--json');
  expect(JSON.parse(made.stdout)).toMatchObject({
    state: 'confirmed',
    smsPerDay: 5,
    smsUsdPerMonth: 10,
    consent: { how: 'form of 2026-11-20' },
  });
  await wirewatch('unsubscribe', JSON.parse(made.stdout).id);
});

test.each<[string, string[], number, RegExp]>([
  ['a digest hour of 25', ['--digest', 'daily@25'], 1, /"25" is no hour of a day/],
  ['quiet hours without length', ['--quiet', '22:00-22:00'], 1, /from 22:00 to 22:00/],
  ['a zone that does not exist', ['--zone', 'Europe/Berln'], 1, /did you mean "Europe\/Berlin"\?/],
  ['an unknown id', ['--follow', 'isreal'], 1, /did you mean "israel"\?/],
  ['an unknown language', ['--lang', 'xx'], 1, /"xx" is not a language/],
  ['a cap that is no number', ['--sms-per-day', 'few'], 1, /"few" is no cap[\s\S]*told by email/],
  ['a priority that there is not', ['--priority', 'urgent'], 2, /Allowed choices are low, normal/],
  ['a state that there is not', ['--states', 'closed'], 2, /Allowed choices are new/],
])('%s is refused, and nobody is subscribed', async (_, words, code, said) => {
  const refused = await wirewatch('subscribe', '--email', 'x@example.org', '--follow', 'iran', ...words);
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code, stdout: '' });
  expect(refused.stderr).toMatch(said);
  expect(await listed()).toEqual([]);
});

test('a command without what it needs says so', async () => {
  expect(await wirewatch('subscribers', 'set', 'abc')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nothing to change'),
  });
  expect(await wirewatch('subscribers', 'pause', 'abc')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no subscriber "abc"'),
  });
  expect(await wirewatch('subscribe', '--email', 'a@example.org')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--follow'),
  });
});

test('the keys of links are rotated, and a wrong link gets a page that says what to do', async () => {
  expect((await wirewatch('apply', '--rotate-links')).stderr).toMatch(
    /signed with key 2 at .*stay good until they run out/,
  );
  expect(JSON.parse((await wirewatch('apply', '--revoke-links', '--json')).stdout)).toEqual({ linkKey: 3 });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(system.output())?.[0] ?? '';
  const page = await fetch(`${url}/r/AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA`);
  expect(page.status).toBe(403);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('This link is not valid');
});
