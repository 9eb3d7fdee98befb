import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/wirewatch.js');

function storylines(input: string, ...options: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, 'storylines', ...options], {
    input,
    encoding: 'utf8',
  });
  return {
    rows: stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
    stderr,
    status,
  };
}

const lines = (...stories: readonly object[]) => stories.map((story) => JSON.stringify(story)).join('\n');

describe('wirewatch storylines', () => {
  test('names the storyline of each story, and whom it copies, in the order of the input', () => {
    const { rows, status } = storylines(
      lines(
        { id: 'a', title: 'Vasquez resigns as head of Nordhaven Bank', summary: '', published: '2026-03-02T09:00:00Z' },
        { id: 'b', title: 'Ferry aground off Malmo', summary: '', published: '2026-03-02T09:05:00Z' },
        {
          id: 'c',
          title: 'Vasquez resigns as head of Nordhaven Bank - Coast News',
          summary: '',
          published: '2026-03-02T09:10:00Z',
        },
        {
          id: 'd',
          title: 'Nordhaven chief Vasquez resigns over loans',
          summary: '',
          published: '2026-03-02T10:00:00Z',
        },
      ),
    );
    expect(rows).toEqual([
      { id: 'a', storyline: 'a' },
      { id: 'b', storyline: 'b' },
      { id: 'c', storyline: 'a', duplicateOf: 'a' },
      { id: 'd', storyline: 'a' },
    ]);
    expect(status).toBe(0);
  });

  test('sets a line that is no story aside under its number, and goes on', () => {
    const { rows, stderr, status } = storylines(
      `{"id":"a","title":"Ferry aground"}\n{oops\n\n{"id":"b"}\n{"id":"c","title":"Ferry aground"}`,
    );
    expect(rows).toEqual([
      { id: 'a', storyline: 'a' },
      { line: 2, error: expect.stringContaining('not JSON') },
      { line: 4, error: 'it has no title that is a text' },
      { id: 'c', storyline: 'a', duplicateOf: 'a' },
    ]);
    expect(stderr).toContain('line 2: not JSON');
    expect(status).toBe(0);
  });

  test('groups without dates, and with dates that are none', () => {
    const { rows } = storylines(
      lines(
        { id: 'a', title: 'Ferry aground off Malmo' },
        { id: 'b', title: 'Malmo ferry still aground', published: 'yesterday' },
      ),
    );
    expect(rows.map(({ storyline }) => storyline)).toEqual(['a', 'a']);
  });

  test('says why, if asked', () => {
    const { rows } = storylines(
      lines(
        { id: 'a', title: '5 dead as tram derails in Gothenburg' },
        { id: 'b', title: '12 dead as tram derails in Gothenburg' },
      ),
      '--why',
    );
    expect(rows[1]).toMatchObject({ id: 'b', storyline: 'a', reached: ['escalated'] });
    expect(rows[1].why.join('; ')).toContain('dead 5 -> 12');
    expect(rows[1].duplicateOf).toBeUndefined();
  });

  test('joins languages by the entities and events that the input holds', () => {
    const shared = { entities: ['china', 'iran'], events: ['oil-trade'] };
    const { rows } = storylines(
      lines(
        { id: 'a', title: 'Volmer signs the harbour pact', lang: 'en', ...shared },
        { id: 'b', title: 'Подписано соглашение', lang: 'ru', ...shared },
      ),
    );
    expect(rows[1].storyline).toBe('a');
  });

  test.each([
    ['a file that is not there', ['nowhere.jsonl'], 1, 'nowhere.jsonl is not there'],
    ['an option that there is not', ['--fast'], 2, "unknown option '--fast'"],
  ])('%s ends it', (_, options, code, message) => {
    const { stderr, status } = storylines('', ...options);
    expect([status, stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test('nothing in gives nothing', () => {
    expect(storylines('')).toEqual({ rows: [], stderr: '', status: 0 });
  });
});
