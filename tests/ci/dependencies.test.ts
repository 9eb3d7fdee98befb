import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Locked = {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly inBundle?: boolean;
};

const root = join(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const project = read('package.json') as Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;
const locked = Object.entries(read('package-lock.json').packages as Readonly<Record<string, Locked>>).filter(
  ([path]) => path !== '',
);

describe('a dependency', () => {
  test('is named by one exact version', () => {
    const versions = Object.entries({ ...project.dependencies, ...project.devDependencies });
    expect(versions.length).toBeGreaterThan(20);
    for (const [name, version] of versions) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('is the very bytes that were locked, its own dependencies too', () => {
    const unlocked = locked.filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'));
    expect(unlocked.map(([path]) => path)).toEqual([]);
  });

  test('comes from the registry alone: no address of anybody is in the lock file', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('runs no script when it is installed, but for the two that bring a binary', () => {
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripts.sort()).toEqual(['node_modules/esbuild', 'node_modules/node']);
    expect(project.allowScripts).toEqual({ node: true, esbuild: true });
  });
});
