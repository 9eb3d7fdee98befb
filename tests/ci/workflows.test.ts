import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> };
type Job = {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: object;
  readonly 'timeout-minutes'?: number;
};
type Workflow = {
  readonly on: object;
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Job>>;
};

const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const workflows = new Map(files.map((file) => [file, parse(textOf(file)) as Workflow]));
const jobsOf = (file: string) => Object.entries(workflows.get(file)?.jobs ?? {});
const stepsOf = (file: string) => jobsOf(file).flatMap(([, { steps = [] }]) => steps);

describe('CI', () => {
  test('runs .ci/run and nothing of its own', () => {
    expect(stepsOf('ci.yml').flatMap(({ run }) => run ?? [])).toEqual(['.ci/run']);
    expect(statSync(join(root, '.ci/run')).mode & 0o111).not.toBe(0);
  });

  test('that is: installs, and calls the tests', () => {
    const commands = readFileSync(join(root, '.ci/run'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('set ') && !line.startsWith('cd '));
    expect(commands).toEqual(['.ci/install-browser', 'npm ci --no-audit --no-fund', 'npm test']);
  });

  test('runs before a release is published', () => {
    expect(workflows.get('release.yml')?.jobs).toMatchObject({
      test: { uses: './.github/workflows/ci.yml' },
      publish: { needs: 'test' },
    });
  });
});

describe.each(files)('%s', (file) => {
  test('names each action by its commit, with the version in a comment', () => {
    const named = textOf(file).match(/^.*\buses:.*$/gm) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const line of named) expect(line).toMatch(/uses: (\.\/|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/);
  });

  test('may read the tree; only a release may write, and no step keeps the token', () => {
    expect(workflows.get(file)?.permissions).toEqual({ contents: 'read' });
    const more = jobsOf(file).flatMap(([name, { permissions }]) =>
      permissions === undefined ? [] : [[name, permissions]],
    );
    expect(more).toEqual(file === 'release.yml' ? [['publish', { contents: 'write' }]] : []);
    for (const { uses, with: given } of stepsOf(file)) {
      if (uses?.startsWith('actions/checkout@')) expect(given).toMatchObject({ 'persist-credentials': false });
    }
  });

  test('never runs a stranger’s code with our rights, nor puts a name of theirs into a script', () => {
    expect(Object.keys(workflows.get(file)?.on ?? {})).not.toContain('pull_request_target');
    for (const { run } of stepsOf(file)) expect(run ?? '').not.toContain('${{');
  });

  test('ends by itself', () => {
    for (const [name, { uses, 'timeout-minutes': minutes }] of jobsOf(file)) {
      if (uses === undefined) expect(minutes, name).toBeGreaterThan(0);
    }
  });
});
