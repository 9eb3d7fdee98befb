import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const watchlist = `entities:
  iran: {name: Iran, aliases: {en: [Iran], fa: [ایران]}}
events:
  deal: {name: Deal, when: '@iran AND truce', while_running: 'title:truce', running: {outlets: 1}}
`;
const feeds = `feeds:
  - {id: a, url: 'https://example.org/a', name: A, outlet: a, tier: 1, lang: en, country: GB, checked: {date: 2026-11-01, source: 'https://example.org'}}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirewatch-match-'));
  writeFileSync(join(folder, 'watchlist.yaml'), watchlist);
  writeFileSync(join(folder, 'feeds.yaml'), feeds);
});
afterAll(() => rmSync(folder, { recursive: true }));

function wirewatch(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync('node_modules/node/bin/node', ['bin/cli.ts', ...args], {
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('match', () => {
  test('answers each line in order, says which is no story, and goes on', () => {
    const input = [
      { id: 's1', title: 'Truce holds', summary: '', lang: 'en', source: 'b', published: '2025-06-25T09:00:00Z' },
      'not json',
      { id: 's2', title: 'Iran truce', lang: 'en', source: 'a', published: '2025-06-25T08:00:00Z' },
      { id: 's3' },
      { id: 's4', title: 'ایران', lang: 'fa' },
    ]
      .map((row) => (typeof row === 'string' ? row : JSON.stringify(row)))
      .join('\n');
    const { status, stdout, stderr } = wirewatch(['match', '-', '--config', folder], input);
    expect(status).toBe(0);
    const rows = lines(stdout);
    expect(
      rows.map(({ id, line, error, entities, events }) => ({ id, line, error: error?.slice(0, 8), entities, events })),
    ).toEqual([
      { id: 's1', entities: [], events: ['deal'] },
      { line: 2, error: 'not JSON' },
      { id: 's2', entities: ['iran'], events: ['deal'] },
      { line: 4, error: 'it has n' },
      { id: 's4', entities: ['iran'], events: [] },
    ]);
    expect(rows[2].evidence).toContainEqual({
      target: 'deal',
      field: 'title',
      start: 5,
      end: 10,
      text: 'truce',
      clause: 'truce',
    });
    expect(rows[0].evidence[0].clause).toBe('while_running: title:truce (running: 1 stories, 1 outlets, 72 h)');
    expect(stderr).toContain('line 2: not JSON');
  });

  test.each([
    ['a file that is not there', ['match', 'nowhere.jsonl'], 1, 'nowhere.jsonl is not there'],
    ['a folder without a watchlist', ['match', '-', '--config', 'nowhere'], 1, 'nowhere/watchlist.yaml is not there'],
    ['an unknown option', ['match', '--nothing'], 2, 'unknown option'],
  ])('%s', (_, args, code, message) => {
    const { status, stdout, stderr } = wirewatch(args.includes('--config') ? args : [...args, '--config', folder]);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('eval', () => {
  test('scores labelled stories', () => {
    const file = join(folder, 'labelled.jsonl');
    writeFileSync(
      file,
      `${JSON.stringify({ id: 'a', title: 'Iran truce', lang: 'en', entities: ['iran'], events: [] })}\n`,
    );
    const { status, stdout } = wirewatch(['eval', file, '--config', folder, '--json']);
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.entities.f1).toBe(1);
    expect(report.events).toMatchObject({ right: 0, wrong: 1, missed: 0 });
    expect(report.worst).toEqual([{ id: 'a', lang: 'en', title: 'Iran truce', wrong: ['deal'], missed: [] }]);
    expect(wirewatch(['eval', file, '--config', folder]).stdout).toContain('by event');
  });
});

describe('check', () => {
  test('a sound folder passes', () => {
    const { status, stdout, stderr } = wirewatch(['check', '--config', folder]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain('1 feeds, 1 entities, 0 terms, 1 events: 0 errors, 0 warnings');
  });

  test('an error has its place and remedy, and fails', () => {
    writeFileSync(join(folder, 'watchlist.yaml'), watchlist.replace('@iran AND', '@irna AND'));
    const plain = wirewatch(['check', '--config', folder]);
    expect(plain.status).toBe(1);
    expect(plain.stdout).toBe(
      `${join(folder, 'watchlist.yaml')}:4:29: error: when of event deal: there is no entity @irna; did you mean @iran?\n`,
    );
    const json = JSON.parse(wirewatch(['check', '--config', folder, '--json']).stdout);
    expect(json).toMatchObject({ ok: false, feeds: 1, problems: [{ severity: 'error', line: 4, column: 29 }] });
    expect(wirewatch(['match', '-', '--config', folder], '{}').status).toBe(1);
    writeFileSync(join(folder, 'watchlist.yaml'), watchlist);
  });
});
