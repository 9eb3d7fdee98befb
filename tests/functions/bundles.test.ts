import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', 'functions');
const verbs = readdirSync(root)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));
// poll carries undici whole, which is half of it; api what reads and compiles a rule that is tried, loaded when one is.
const mostBytes = (verb: string) => ({ poll: 1_700_000, api: 1_000_000 })[verb] ?? 900_000;

// Far from any node_modules: what a bundle lacks it does not find there.
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-bundles-'));

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await build({
    entryPoints: verbs.map((verb) => join(root, `${verb}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = {
  AWS_REGION: 'eu-west-1',
  TABLE: 'table',
  BUCKET: 'bucket',
  QUEUE_URL: 'http://127.0.0.1:9/000000000000/polls',
  DEAD_LETTERS_URL: 'http://127.0.0.1:9/000000000000/dead-letters',
  UNDELIVERED_URL: 'http://127.0.0.1:9/000000000000/undelivered',
  LOST_ALERTS_URL: 'http://127.0.0.1:9/000000000000/lost-alerts',
  LOST_ALERTS_ARN: 'arn:aws:sqs:eu-west-1:000000000000:lost-alerts',
  INTEGRATION_TOPIC: 'arn:aws:sns:eu-west-1:000000000000:integration',
  TOPIC_PREFIX: 'ww-',
  TOPIC_KEY: 'arn:aws:kms:eu-west-1:000000000000:key/1',
  RETENTION_DAYS: '30',
  UNMATCHED_DAYS: '30',
  SMS_USD: '0.1',
  BACKFILL_MINUTES: '0',
  OPERATIONS_TOPIC: 'arn:aws:sns:eu-west-1:000000000000:operations',
  CONFIG_DIR: 'config',
  PUBLIC_URL: 'https://wirewatch.example',
  PROOF_DAYS: '7',
  PAGE_DIR: 'page',
  SIGN_IN_ISSUER: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool',
  SIGN_IN_CLIENT: 'client',
  SIGN_IN_URL: 'https://sign-in.example',
  POWERTOOLS_METRICS_NAMESPACE: 'Wirewatch',
};

function loaded(verb: string, env: Record<string, string>) {
  const code = `const { handler } = await import('./${verb}.mjs'); console.log(typeof handler)`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, env, encoding: 'utf8' });
}

test('there is a function for each verb', () => {
  expect(verbs.sort()).toEqual(['alert', 'api', 'apply', 'digest', 'poll', 'schedule']);
});

test.each(verbs)('%s is one file within its size that loads by itself', (verb) => {
  expect(statSync(join(folder, `${verb}.mjs`)).size).toBeLessThan(mostBytes(verb));
  const run = loaded(verb, settings);
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe('function\n');
});

test.each(verbs)('%s without its settings says at once which one is missing', (verb) => {
  const { TABLE: _, ...without } = settings;
  expect(loaded(verb, without).stderr).toContain('the function has no setting TABLE');
});
