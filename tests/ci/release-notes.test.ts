import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ReleaseFiles, releaseNotes } from '../../.ci/release-notes.ts';

const root = join(import.meta.dirname, '../..');

const changelog = `# Changelog

## Unreleased

## 1.10.0 - 2026-12-01

### Added
- Ten.

## [1.1.0] - 2026-11-30

### Fixed
- One.
  Its second line.

## 1.0.0 - 2026-11-29

## 0.9.0

- Undated.
`;

function files(version: string, fields: Partial<ReleaseFiles> = {}): ReleaseFiles {
  const stated = JSON.stringify({ name: 'wirewatch', version });
  return { changelog, packageJson: stated, packageLock: stated, ...fields };
}

describe('the notes of a release', () => {
  test.each([
    ['are the section of its version', '1.10.0', '### Added\n- Ten.'],
    ['end where the version before begins', '1.1.0', '### Fixed\n- One.\n  Its second line.'],
  ])('%s', (_, version, text) => {
    expect(releaseNotes(`v${version}`, files(version))).toEqual({ kind: 'notes', text });
  });

  test.each<[string, string, ReleaseFiles, string]>([
    ['has no section', 'v1.2.0', files('1.2.0'), 'no section "## 1.2.0 - YYYY-MM-DD"'],
    ['has an empty section', 'v1.0.0', files('1.0.0'), 'section 1.0.0 of CHANGELOG.md is empty'],
    ['has a section without its day', 'v0.9.0', files('0.9.0'), 'no section "## 0.9.0 - YYYY-MM-DD"'],
    ['is only the beginning of another', 'v1.1.1', files('1.1.1'), 'no section'],
    ['is not what package.json says', 'v1.1.0', files('1.1.0', { packageJson: '{"version":"1.0.0"}' }), '"1.0.0"'],
    ['is not what package-lock.json says', 'v1.1.0', files('1.1.0', { packageLock: '{}' }), 'package-lock.json says'],
    ['has no leading v', '1.1.0', files('1.1.0'), 'the tag "1.1.0"'],
    ['is a branch', 'main', files('1.1.0'), 'the tag "main"'],
    ['is a pre-release', 'v1.1.0-rc.1', files('1.1.0'), 'the tag "v1.1.0-rc.1"'],
  ])('are refused for a tag that %s', (_, tag, tree, words) => {
    const notes = releaseNotes(tag, tree);
    expect(notes).toEqual({ kind: 'refused', reason: expect.stringContaining(words) });
  });

  test('are printed by the command alone, which else fails and says where to read on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wirewatch-release-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, '.ci'));
    cpSync(join(root, '.ci/release-notes.ts'), join(folder, '.ci/release-notes.ts'));
    const { changelog, packageJson, packageLock } = files('1.1.0');
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    // As the project's own: an ES module.
    writeFileSync(join(folder, 'package.json'), packageJson.replace('{', '{"type":"module",'));
    writeFileSync(join(folder, 'package-lock.json'), packageLock);
    const script = join(folder, '.ci/release-notes.ts');
    expect(execFileSync(process.execPath, [script, 'v1.1.0'], { encoding: 'utf8' })).toMatch(/^### Fixed\n- One\./);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'v1.2.0'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('docs/releasing.md');
  });
});

test('this changelog has a place for the next release, and a section for each one before it', () => {
  const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').match(/^## .*$/gm) ?? [];
  expect(headings[0]).toBe('## Unreleased');
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^## \[?\d+\.\d+\.\d+\]? - \d{4}-\d\d-\d\d$/);
});
