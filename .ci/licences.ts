import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX ids that ask no more of us than to be named: whatever reaches a bundle has one of these. */
const shipped = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** For what builds and tests and is never passed on: the terms bind whoever changes these files. */
const development = [...shipped, 'MPL-2.0'];

type Locked = { readonly license?: unknown; readonly dev?: unknown };

/**
 * One sentence for each package of a package-lock.json that may not be used, other platforms' included. The lock file
 * is read rather than node_modules, which holds only what this platform needs.
 */
export function refusedLicences(lock: string): readonly string[] {
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, Locked>> };
  return Object.entries(packages).flatMap(([path, { license, dev }]) => {
    const allowed = dev === true ? development : shipped;
    if (path === '' || (typeof license === 'string' && permits(license, allowed))) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const said = typeof license === 'string' ? `the licence "${license}"` : 'no licence';
    return [`${name} has ${said}, which ${dev === true ? 'even development' : 'what is shipped'} may not use`];
  });
}

/** Of alternatives one is enough. What combines or excepts is for a person to read. */
function permits(expression: string, allowed: readonly string[]): boolean {
  if (/\b(AND|WITH)\b/.test(expression)) return false;
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((id) => allowed.includes(id.trim()));
}

if (import.meta.main) {
  const lock = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8');
  const refused = refusedLicences(lock);
  for (const sentence of refused) console.error(sentence);
  if (refused.length > 0) {
    console.error('use another package, or read its terms and add the licence to .ci/licences.ts');
    process.exit(1);
  }
  console.log('every dependency has a licence that may be used');
}
