import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../local/support/eventually.ts';
import { type ChildRun, startChild } from '../support/child-run.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';

// What an operator types, against a system that runs; and against a stack that cannot be asked.
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-operations-'));
const config = join(folder, 'config');
const data = join(folder, 'data');
const watchlist = (words: string) => `entities:\n  iran: {name: Iran, aliases: {en: [${words}]}}\n`;
let feeds: LoopbackFeeds;
let system: ChildRun;

type Ran = { readonly stdout: string; readonly stderr: string; readonly code: number };

async function wirewatch(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  try {
    const options = { env: { ...process.env, NO_COLOR: '1', ...env } };
    const all = [join(root, 'bin/wirewatch.js'), ...words];
    return { ...(await promisify(execFile)(process.execPath, all, options)), code: 0 };
  } catch (error) {
    return error as Ran;
  }
}

const operator = (...words: string[]) => wirewatch([...words, '--data', data]);

beforeAll(async () => {
  feeds = await startLoopbackFeeds(1);
  const published = new Date(Date.now() - 60_000);
  feeds.stories[0]?.push(
    { id: 'a', title: 'Iran agrees to a truce', summary: '', published },
    { id: 'b', title: 'Rain in Oslo', summary: '', published },
  );
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  writeFileSync(join(config, 'watchlist.yaml'), watchlist('Iran'));
  const hosts = ['--allow-host', ...feeds.hostPorts];
  system = startChild('bin/wirewatch.js', ['start', '--config', config, '--data', data, '--port', '0', ...hosts]);
  await system.until('ready ');
  const stored = async () => JSON.parse((await operator('stats', '--json')).stdout).stories === 2;
  await eventually('both stories are stored', stored);
});

afterAll(async () => {
  await system.end('SIGINT');
  await feeds.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('stats says what was new and known, and by which channel alerts went', async () => {
  const { stdout } = await operator('stats');
  expect(stdout).toMatch(/^watchlist +[0-9a-f]{12}, live since \d{4}-\d\d-\d\dT\d\d:\d\dZ$/m);
  // digest counts in its first minute, which may be over by now.
  expect(stdout).toMatch(
    /^feeds failing +(0, 0\.0 % of those polled, at each try; counted \S+Z|not counted yet; .+)$/m,
  );
  expect(stdout).toMatch(/^stories +2 new, \d+ known$/m);
  expect(stdout).toMatch(/^of these by +0 e-mail, 0 SMS, 0 https$/m);
});

test('cost prices what the functions counted, apply among them, and names the messages', async () => {
  const { stdout, stderr, code } = await operator('cost');
  expect(code).toBe(0);
  expect(stderr).toContain('messages that SNS accepted: 0 e-mails, 0 SMS, 0 by https, 0 to programs');
  for (const name of ['schedule', 'poll', 'apply']) expect(stdout).toMatch(new RegExp(`Lambda\\s+${name}\\s`));
  const json = JSON.parse((await operator('cost', '--json')).stdout);
  expect(json.usdA30DayMonth).toBeGreaterThan(0);
  expect(json.lines.map(({ what }: { what: string }) => what)).toContain('e-mails');
});

test('doctor finds a healthy system well, and says so with 0', async () => {
  const { stdout, stderr, code } = await operator('doctor');
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
  expect(stderr).toContain('is well');
});

test('redrive says that nothing is left undone', async () => {
  const { stderr, code } = await operator('redrive');
  expect(code).toBe(0);
  expect(stderr).toContain('0 matches decided');
  expect(stderr).toContain('nothing is left undone; the queues that told of lost work are empty');
});

test('a changed watchlist is forecast, applied, taken back, and taken back again', async () => {
  const edited = join(folder, 'edited');
  mkdirSync(edited);
  writeFileSync(join(edited, 'feeds.yaml'), feeds.feedsYaml());
  writeFileSync(join(edited, 'watchlist.yaml'), watchlist('Iran, Oslo'));

  const dry = await operator('apply', '--config', edited, '--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain('would be: watchlist ');
  expect(dry.stderr).toContain('watchlist: 1 changed (entity iran)');
  expect(dry.stderr).toContain('2 stories, 1 would match otherwise');
  expect(dry.stdout).toMatch(/\+ iran.*Rain in Oslo/);
  const live = async () => JSON.parse((await operator('apply', '--config', config, '--dry-run', '--json')).stdout);
  const before = await live();
  expect(before).toMatchObject({ applied: false, watchlist: { changed: [] } });

  expect((await operator('apply', '--config', edited)).stderr).toMatch(/live at .* within a minute/);
  expect(await live()).toMatchObject({ watchlist: { changed: ['entity iran'] } });
  const back = await operator('apply', '--rollback');
  expect(back.stderr).toContain(`watchlist ${before.version} is live again`);
  expect(back.stderr).toContain('feeds stay as they are');
  expect(await live()).toMatchObject({ watchlist: { changed: [] } });
  expect((await operator('apply', '--rollback', before.version.slice(0, 6))).code).toBe(1);
  expect((await operator('apply', '--rollback')).stderr).toContain('is live again');
  expect(await live()).toMatchObject({ watchlist: { changed: ['entity iran'] } });

  const unknown = await operator('apply', '--rollback', 'zzzzzz');
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no version "zzzzzz" but the live one; there are /),
  });
});

test('a config with an error is refused, and what is live stays', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'feeds.yaml'), feeds.feedsYaml());
  writeFileSync(join(broken, 'watchlist.yaml'), 'events:\n  e: {name: E, when: "@nobody"}\n');
  const refused = await operator('apply', '--config', broken);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('@nobody');
  expect(refused.stderr).toContain('stays');
});

test('links are signed with a new key on demand', async () => {
  expect((await operator('apply', '--rotate-links')).stderr).toContain('links sent before stay good');
  expect((await operator('apply', '--revoke-links')).stderr).toContain('links sent before are dead');
});

test('apply says what became of readers’ topics, and is silent where nobody came since', async () => {
  const number = '+4915112345678';
  const subscribed = await operator('subscribe', '--sms', number, '--follow', '*', '--consent', 'form of 2026-11-20');
  expect(subscribed).toMatchObject({ code: 0 });
  const apply = async () => JSON.parse((await operator('apply', '--config', config, '--json')).stdout).topics;
  expect(await apply()).toEqual({ renewed: 1, failed: 0, left: 0 });
  expect((await operator('apply', '--config', config)).stderr).not.toContain('topics');
});

describe('a stack that cannot be asked', () => {
  let cloudformation: Server;
  let message = '';
  beforeAll(async () => {
    cloudformation = createServer((_, response) => {
      const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`;
      response.writeHead(400, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${error}</ErrorResponse>`,
      );
    });
    await new Promise<void>((resolve) => cloudformation.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void cloudformation.close());

  const deployed = (...words: string[]) =>
    wirewatch(['doctor', '--data', join(folder, 'nothing'), '--stack', 'Wirewatch-prod', ...words], {
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(cloudformation.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
      AWS_REGION: 'eu-west-1',
    });

  test('for it lies in another region: the region that was asked, and how to name another', async () => {
    message = 'Stack with id Wirewatch-prod does not exist';
    expect(await deployed()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('It was looked for in eu-west-1; --region names another'),
    });
    expect((await deployed('--region', 'eu-north-1')).stderr).toContain('It was looked for in eu-north-1');
  });

  test("for this machine's clock is wrong: that, and the remedy", async () => {
    message = 'Signature expired: 20261125T090000Z is now earlier than 20261125T093000Z';
    expect((await deployed()).stderr).toContain("This machine's clock is wrong by more than five minutes");
  });
});
