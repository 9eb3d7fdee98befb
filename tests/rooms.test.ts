import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each room may import, as docs/architecture.md says: other rooms, and packages by name. `*` is anything. */
const rooms: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> = {
  'lib/core': {
    rooms: ['lib/core'],
    // The parsing packages, and the parts of Node that compute and touch no world.
    packages: ['rss-parser', 'entities', 'yaml', 'node:crypto', 'node:buffer', 'node:string_decoder', 'node:util'],
  },
  'lib/pipeline': { rooms: ['lib/core', 'lib/pipeline'], packages: ['node:crypto'] },
  'lib/adapters': {
    rooms: ['lib/core', 'lib/pipeline', 'lib/adapters'],
    packages: ['@aws-sdk/*', 'undici', 'ipaddr.js', 'hono', 'zod', 'aws-lambda', 'node:*'],
  },
  functions: {
    rooms: ['lib/core', 'lib/pipeline', 'lib/adapters', 'functions/shared'],
    packages: ['@aws-lambda-powertools/*', '@aws-sdk/*', 'aws-lambda', 'hono', 'node:*'],
  },
  'lib/stack': { rooms: ['lib/stack'], packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'zod', 'node:*'] },
  'lib/local': { rooms: ['lib/local', 'lib/core'], packages: ['*'] },
  web: { rooms: ['web', 'lib/core'], packages: ['*'] },
  '.ci': { rooms: ['.ci'], packages: ['@secretlint/*', 'node:*'] },
  bin: { rooms: ['bin', 'lib/core', 'lib/pipeline', 'lib/adapters', 'lib/stack', 'lib/local'], packages: ['*'] },
};

const files = Object.keys(rooms)
  .filter((room) => existsSync(join(root, room)))
  .flatMap((room) => sourcesBelow(join(root, room)));

test('there is something to look at in every room', () => {
  for (const room of Object.keys(rooms)) expect(files.some((file) => file.startsWith(`${room}/`))).toBe(true);
});

test.each(files)('%s imports what its room may', (file) => {
  const strangers = importsOf(file).filter((target) => !mayImport(file, target));
  expect(strangers).toEqual([]);
});

test.each(files.filter((file) => /^lib\/(core|pipeline)\//.test(file)))(
  '%s reads no clock and no environment',
  (file) => {
    const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code).not.toMatch(/\bDate\.now\(|new Date\(\)|\bprocess\.env\b|\bMath\.random\(/);
  },
);

function mayImport(file: string, target: string): boolean {
  const room = Object.keys(rooms).find((name) => file.startsWith(`${name}/`)) ?? '';
  const rule = rooms[room];
  if (rule === undefined) return false;
  if (target.startsWith('.')) {
    const path = relative(root, join(root, dirname(file), target));
    return rule.rooms.some((allowed) => path.startsWith(`${allowed}/`));
  }
  const name = builtinModules.includes(target) ? `node:${target}` : target;
  return rule.packages.some((allowed) => {
    if (allowed === '*' || allowed === name) return true;
    return allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : name.startsWith(`${allowed}/`);
  });
}

/** What a file imports, exports from or names in an `import()`. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(root, file), 'utf8');
  const found = code.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? '');
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
