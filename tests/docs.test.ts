import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const commands = readdirSync(join(root, 'bin/commands')).map((file) => file.replace('.ts', ''));

describe('the README', () => {
  test('names only commands that there are', () => {
    const named = [...readme.matchAll(/^npx wirewatch ([a-z]+)/gm)].map((found) => found[1] ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
  });

  test('names only npm scripts that there are', () => {
    const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
    const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map((found) => found[1] ?? '');
    expect(named.filter((name) => name !== 'ci' && scripts[name] === undefined)).toEqual([]);
  });

  test('calls the test command that CI calls', () => {
    expect(readme).toContain('npm ci && npm test');
    expect(read('.ci/run')).toMatch(/^npm test$/m);
  });

  test.each([...readme.matchAll(/\]\(([^)#]+)\)/g)].map((found) => found[1] ?? ''))('links to a file: %s', (target) => {
    expect(() => read(target)).not.toThrow();
  });
});

describe('every command', () => {
  const help = new Map<string, string>();
  beforeAll(() => {
    for (const name of commands) help.set(name, wirewatch(name, '--help'));
  });

  test.each(commands)('%s has help that says what it takes', (name) => {
    expect(help.get(name)).toContain(`Usage: wirewatch ${name}`);
    expect(help.get(name)?.split('\n').length).toBeGreaterThan(4);
  });

  test('is listed by wirewatch --help', () => {
    const list = wirewatch('--help');
    for (const name of commands) expect(list).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  test('stands in the README or the docs', () => {
    const docs = [
      readme,
      ...readdirSync(join(root, 'docs'))
        .filter((file) => file.endsWith('.md'))
        .map((file) => read(`docs/${file}`)),
    ];
    const text = docs.join('\n');
    expect(
      commands.filter(
        (name) =>
          !text.includes(`wirewatch ${name}`) && !text.includes(`npm run ${name}`) && !text.includes(`npm ${name}`),
      ),
    ).toEqual([]);
  });
});

function wirewatch(...words: string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin/wirewatch.js'), ...words], { encoding: 'utf8' });
}
