import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

type Package = { readonly name: string; readonly versionInfo: string; readonly licenseDeclared: string };

test('npm run sbom lists every locked package with its licence, offline, and says where', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-sbom-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(join(root, file), join(folder, file));
  // Nothing listens there, and nothing is installed here: all must come from the lock file.
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/' };
  const said = execFileSync('npm', ['run', 'sbom'], { cwd: folder, env, encoding: 'utf8' });
  expect(said).toContain('wrote sbom.spdx.json');

  const text = readFileSync(join(folder, 'sbom.spdx.json'), 'utf8');
  const listed = (JSON.parse(text).packages as Package[]).map(
    ({ name, versionInfo, licenseDeclared }) => `${name}@${versionInfo} ${licenseDeclared}`,
  );
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly license: string }>>;
  };
  const locked = Object.entries(packages).map(
    ([path, { version, license }]) => `${path.split('node_modules/').at(-1) || 'wirewatch'}@${version} ${license}`,
  );
  expect([...new Set(listed)].sort()).toEqual([...new Set(locked)].sort());
  expect(text).not.toMatch(/registry|\.tgz/);
});
