import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusedLicences } from '../../.ci/licences.ts';

const lock = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8');
const lockOf = (fields: object) =>
  JSON.stringify({ packages: { '': { license: 'none of ours' }, 'node_modules/a/node_modules/@b/c': fields } });

describe('licences of dependencies', () => {
  test.each([
    ['a permissive one', { license: 'MIT' }],
    ['one of several', { license: '(GPL-3.0-or-later OR MIT)' }],
    ['for development, one that binds changes to its own files', { license: 'MPL-2.0', dev: true }],
  ])('%s is taken', (_, fields) => {
    expect(refusedLicences(lockOf(fields))).toEqual([]);
  });

  test.each([
    ['one that binds what is shipped with it', { license: 'MPL-2.0' }, '"MPL-2.0", which what is shipped'],
    ['one that binds the whole', { license: 'AGPL-3.0-only', dev: true }, '"AGPL-3.0-only", which even development'],
    ['none', {}, 'no licence'],
    ['words', { license: 'SEE LICENSE IN terms.txt' }, '"SEE LICENSE IN terms.txt"'],
    ['two at once', { license: 'MIT AND (GPL-2.0-only OR MIT)' }, '"MIT AND (GPL-2.0-only OR MIT)"'],
    ['an exception', { license: 'MIT WITH something' }, '"MIT WITH something"'],
  ])('%s is refused by the name of the package', (_, fields, words) => {
    const refused = refusedLicences(lockOf(fields));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(/^@b\/c has /);
    expect(refused[0]).toContain(words);
  });

  test('of this tree are all taken', () => {
    expect(Object.keys(JSON.parse(lock).packages).length).toBeGreaterThan(200);
    expect(refusedLicences(lock)).toEqual([]);
  });
});
