import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { PlainError } from '../../lib/core/plain-error.ts';
import { assemblyKey, synthesise } from '../../lib/local/synthesise.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

// Without bundles: what is synthesised and kept is the point here.
const unbundled = { 'aws:cdk:bundling-stacks': [] };

function emptyConfig(): string {
  const configDir = temporaryFolder();
  for (const name of ['feeds.yaml', 'watchlist.yaml']) writeFileSync(join(configDir, name), '# empty\n');
  return configDir;
}

test('the stack is synthesised into the cache, whole', async () => {
  const configDir = emptyConfig();
  const cacheDir = join(temporaryFolder(), 'cache');
  const assembly = await synthesise({
    configDir,
    cacheDir,
    context: { ...unbundled, stage: 'one', config: configDir },
  });
  expect(readdirSync(assembly)).toEqual(expect.arrayContaining(['manifest.json', 'Wirewatch-one.template.json']));
  expect(readdirSync(cacheDir)).toEqual([basename(assembly)]);
});

test('an assembly that is in the cache is taken', async () => {
  const configDir = emptyConfig();
  const cacheDir = temporaryFolder();
  const done = join(cacheDir, assemblyKey(configDir, {}));
  mkdirSync(done);
  writeFileSync(join(done, 'manifest.json'), '{}');
  expect(await synthesise({ configDir, cacheDir, context: {} })).toBe(done);
  expect(readdirSync(done)).toEqual(['manifest.json']);
});

test('a changed config or context is another assembly', () => {
  const configDir = emptyConfig();
  const key = assemblyKey(configDir, { stage: 'one' });
  expect(assemblyKey(configDir, { stage: 'two' })).not.toBe(key);
  writeFileSync(join(configDir, 'feeds.yaml'), '# changed\n');
  expect(assemblyKey(configDir, { stage: 'one' })).not.toBe(key);
});

test('what the app says when it refuses is passed on, and nothing half-made is kept', async () => {
  const cacheDir = join(temporaryFolder(), 'cache');
  const refused = synthesise({ configDir: '/nowhere', cacheDir, context: { ...unbundled, stage: 'Not A Stage' } });
  await expect(refused).rejects.toThrow(PlainError);
  await expect(refused).rejects.toThrow(/The stack could not be synthesised \(exit 1\):\n[\s\S]*stage/);
  expect(readdirSync(cacheDir)).toEqual([]);
});
