import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { configFolder, named, type Synthesised, synthesise, temporaryFolder } from './synthesised.ts';

const config = configFolder();
let whole: Synthesised;

beforeAll(() => {
  whole = synthesise({ config }, { bundles: true });
  for (const name of functions) copies.set(name, copyOf(name));
});

const functions = ['Schedule', 'Poll', 'Alert', 'Digest', 'Apply', 'Api'];

/** A copy of what would be uploaded, far from any node_modules, as it lies on Lambda. */
function copyOf(name: string): string {
  const { S3Key } = named(whole.template, 'AWS::Lambda::Function', `${name}Handler`).Properties.Code;
  const folder = temporaryFolder();
  cpSync(join(whole.folder, `asset.${S3Key.replace(/\.zip$/, '')}`), folder, { recursive: true });
  return folder;
}

const copies = new Map<string, string>();

function uploaded(name: string): string {
  return copies.get(name) as string;
}

/** The function's settings, with a word in place of each reference. */
function settingsOf(name: string): Record<string, string> {
  const { Variables } = named(whole.template, 'AWS::Lambda::Function', `${name}Handler`).Properties.Environment;
  return Object.fromEntries(
    Object.entries(Variables).map(([key, value]) => [key, typeof value === 'string' ? value : 'resolved']),
  );
}

/** Every name under which functions/ asks for a setting. */
function namesAskedFor(): readonly string[] {
  const root = new URL('../../functions/', import.meta.url);
  const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, root), 'utf8'));
  const asked = texts.flatMap((text) =>
    [...text.matchAll(/[sS]etting\('([A-Z_]+)'\)/g)].map(([, name]) => name as string),
  );
  return [...new Set(asked)];
}

describe('the bundles', () => {
  test.each(functions)('%s loads by itself, with the settings that the template gives it', (name) => {
    const load = `const { handler } = await import('./index.mjs'); console.log(typeof handler)`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', load], {
      cwd: uploaded(name),
      env: { ...settingsOf(name), AWS_REGION: 'eu-central-1' },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('function\n');
  });

  test.each(functions)('%s asks for no setting that the template does not give it', (name) => {
    const names = namesAskedFor();
    expect(names).toContain('TABLE');
    const bundle = readFileSync(join(uploaded(name), 'index.mjs'), 'utf8');
    // What begins so Lambda gives to each function itself.
    const asked = names.filter((each) => !each.startsWith('AWS_LAMBDA_') && bundle.includes(`"${each}"`));
    expect(asked).toContain('TABLE');
    expect(asked.filter((each) => !(each in settingsOf(name)))).toEqual([]);
  });

  test("apply's carries the config beside its code, and no other does", () => {
    for (const name of functions) {
      const carried = join(uploaded(name), 'config');
      expect(existsSync(carried), name).toBe(name === 'Apply');
    }
    for (const file of ['feeds.yaml', 'watchlist.yaml']) {
      expect(readFileSync(join(uploaded('Apply'), 'config', file))).toEqual(readFileSync(join(config, file)));
    }
  });

  test("api's carries the page, and no other does", () => {
    for (const name of functions) expect(existsSync(join(uploaded(name), 'page')), name).toBe(name === 'Api');
    const shell = readFileSync(join(uploaded('Api'), 'page', 'index.html'), 'utf8');
    const files = [...shell.matchAll(/"\/(web\/[^"]+)"/g)].map((found) => found[1] as string);
    expect(files).toHaveLength(3);
    for (const file of files) expect(existsSync(join(uploaded('Api'), 'page', file)), file).toBe(true);
  });

  test('hold the clients that they use and the CDK nowhere', () => {
    for (const name of functions) {
      const text = readFileSync(join(uploaded(name), 'index.mjs'), 'utf8');
      expect(text, name).not.toMatch(/aws-cdk-lib|node_modules\/esbuild/);
      expect(text, name).not.toMatch(/from"@aws-sdk\//);
    }
  });
});
