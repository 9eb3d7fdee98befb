import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExplainedStory } from '../../lib/pipeline/explain.ts';
import type { MatchesPage } from '../../lib/pipeline/matches.ts';
import type { Replayed } from '../../lib/pipeline/replay.ts';
import type { StorylinePage } from '../../lib/pipeline/storyline-queries.ts';
import { type ChildRun, startChild } from '../support/child-run.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-explain-'));
const config = join(folder, 'config');
const data = join(folder, 'data');
let feeds: LoopbackFeeds;
let system: ChildRun;

const watchlist = `entities:
  iran: {name: Iran, aliases: {en: [Iran]}}
  israel: {name: Israel, aliases: {en: [Israel]}}
events:
  deal: {name: A deal, when: '@iran AND truce'}
  strike: {name: A strike, when: '@iran AND "air raid"'}
`;

async function wirewatch(...words: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    const options = { env: { ...process.env, NO_COLOR: '1' } };
    const words0 = [join(root, 'bin/wirewatch.js'), ...words];
    return { ...(await promisify(execFile)(process.execPath, words0, options)), code: 0 };
  } catch (error) {
    return error as { stdout: string; stderr: string; code: number };
  }
}

beforeAll(async () => {
  feeds = await startLoopbackFeeds(1);
  const published = new Date(Date.now() - 60_000);
  feeds.stories[0]?.push(
    { id: 'a', title: 'Iran agrees to a truce', summary: 'It holds in Iran.', published },
    { id: 'b', title: 'Rain in Oslo', summary: '', published },
  );
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

test('a stored story is explained, and replayed by a changed watchlist', async () => {
  const listed = async () =>
    (JSON.parse((await wirewatch('matches', '--data', data, '--json')).stdout) as MatchesPage).matches;
  await expect.poll(async () => (await listed()).length, { interval: 500 }).toBe(1);
  const id = (await listed())[0]?.id ?? '';

  const plain = await wirewatch('explain', '--data', data, '--', id);
  expect(plain.stderr).toBe('');
  expect(plain.stdout).toContain('Iran agrees to a truce\nIt holds in Iran.\n');
  expect(plain.stdout).toContain('A deal (deal)');
  expect(plain.stdout).toContain('truce: truce (title)');
  expect(plain.stdout).toContain('A strike (strike), by when');
  expect(plain.stdout).toContain('fails: "air raid"');
  expect(plain.stdout).toContain('Nobody was told');
  const json = JSON.parse((await wirewatch('explain', '--data', data, '--json', '--', id)).stdout) as ExplainedStory;
  expect(json).toMatchObject({ id, match: { events: ['deal'] }, live: { watchlist: json.match?.watchlist } });

  const storyline = await wirewatch('storyline', '--data', data, '--', id);
  expect(storyline.stdout).toContain('Iran agrees to a truce\nstate      new; ');
  expect(storyline.stdout).toContain(`\tnew\tIran agrees to a truce\t${id}\n`);
  const page = JSON.parse((await wirewatch('storyline', '--data', data, '--json', '--', id)).stdout) as StorylinePage;
  expect(page).toMatchObject({ storyline: { id }, stories: [{ story: id }], names: { deal: 'A deal' } });
  const csv = (await wirewatch('matches', '--data', data, '--outlet', 'outlet-0', '--format', 'csv')).stdout;
  expect(csv).toMatch(/^id,published,/);
  const lost = await wirewatch('storyline', '--data', data, '--', `${id.slice(0, 12)}…`);
  expect({ code: lost.code, stderr: lost.stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(`mean "${id}"`),
  });
  const stats = await wirewatch('stats', '--data', data);
  expect(stats.stdout).toMatch(/matches an hour, last 24 h +(0 ){22,23}(1|1 0|0 1)\n/);
  expect(stats.stdout).toContain('messages for programs');

  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(root, 'bin/wirewatch.js'), 'mcp', '--data', data],
      stderr: 'ignore',
    }),
  );
  const told = await client.callTool({ name: 'explain_story', arguments: { id } });
  expect(JSON.parse((told.content as { text: string }[])[0]?.text ?? '')).toMatchObject({ id });
  await client.close();

  const unknown = await wirewatch('explain', 'nothing', '--data', data);
  expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('no story "nothing"');

  const changed = join(folder, 'changed');
  mkdirSync(changed);
  copyFileSync(join(config, 'feeds.yaml'), join(changed, 'feeds.yaml'));
  const rows = readFileSync(join(config, 'watchlist.yaml'), 'utf8')
    .replace('truce', 'pact')
    .replace('[Israel]', '[Oslo]');
  writeFileSync(join(changed, 'watchlist.yaml'), rows);
  const replayWords = ['replay', '--data', data, '--config', changed, '--since', '1h'];
  const replayed = await wirewatch(...replayWords, '--json');
  expect(replayed.stderr).toBe('');
  const { stories, targets } = JSON.parse(replayed.stdout) as Replayed;
  expect(stories).toBe(2);
  expect(targets.map((target) => [target.id, target.gained, target.lost, target.unchanged])).toEqual([
    ['deal', 0, 1, 0],
    ['israel', 1, 0, 0],
    ['iran', 0, 0, 1],
  ]);
  expect((await wirewatch(...replayWords)).stdout).toContain('+ israel\t');

  writeFileSync(join(changed, 'watchlist.yaml'), rows.replace('@iran AND pact', '@irna AND pact'));
  const refused = await wirewatch(...replayWords);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/watchlist\.yaml:\d+:\d+: error: .*did you mean @iran/);
});

test('the same system answers over HTTP, as the page asks it', async () => {
  const { url } = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as { url: string };
  await expect
    .poll(async () => ((await (await fetch(`${url}/api/matches`)).json()) as MatchesPage).matches.length)
    .toBe(1);
  const document = await fetch(`${url}/api/openapi.json`);
  expect(await document.json()).toMatchObject({ openapi: '3.1.0' });
  const headers = { 'if-none-match': document.headers.get('etag') ?? '' };
  expect((await fetch(`${url}/api/openapi.json`, { headers })).status).toBe(304);
  const feed = await fetch(`${url}/api/matches?format=atom`);
  expect(feed.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  expect(await feed.text()).toContain(`href="${url}/api/matches?format=atom"`);
  const lines = await fetch(`${url}/api/matches`, { headers: { accept: 'application/jsonl' } });
  expect(JSON.parse(await lines.text())).toMatchObject({ title: 'Iran agrees to a truce' });
  const tried = await fetch(`${url}/api/watchlist/try`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'rain AND NOT @iran', since: '1h' }),
  });
  expect(await tried.json()).toMatchObject({ tried: 2, matched: [{ title: 'Rain in Oslo', matches: false }] });
  const { events } = (await (await fetch(`${url}/api/series/events`)).json()) as { events: object[] };
  expect(events).toMatchObject([
    { event: 'deal', stories: 1 },
    { event: 'strike', stories: 0 },
  ]);
});
