import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesOf, secretsIn } from '../../.ci/secrets.ts';

const root = join(import.meta.dirname, '../..');

/** Put together here, so that this file holds none itself. */
const letters = (count: number) => 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8'.repeat(4).slice(0, count);
const planted: Readonly<Record<string, string>> = {
  'an AWS access key with its secret': `aws_access_key_id = AKI${'A'}QWERTYUIOPASDFGH\naws_secret_access_key = ${letters(40)}\n`,
  'a private key': generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey,
  'a GitHub token': `token: gh${'p'}_${letters(36)}\n`,
  'an npm token': `//registry.example/:_auth${'Token'}=npm_${letters(36)}\n`,
  'a Slack webhook': `curl https://hooks.slack${'.com'}/services/T0${'A1B2C3D'}/B0${'A1B2C3D'}/${letters(24)}\n`,
  'a Slack token': `const token = 'xox${'b'}-123456789012-123456789012-${letters(24)}';\n`,
  'a password in an address': `fetch('https://desk:${letters(12)}${'@'}news.example.org/rss')\n`,
  'a database with its password': `DATABASE=postgres://desk:${letters(12)}${'@'}db.example:5432/news\n`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirewatch-secrets-'));
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

function plant(name: string, content: string | Buffer): void {
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

describe('the secret scan', () => {
  test.each(Object.entries(planted))('finds %s, names its place, and does not repeat it', async (_, text) => {
    plant('config/planted.txt', `first line\n${text}`);
    const found = await secretsIn(folder, ['config/planted.txt']);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(/^config\/planted\.txt:[23]: /);
    for (const part of [letters(40), letters(36), letters(24), letters(12)]) expect(found.join()).not.toContain(part);
  });

  test('looks at what is not committed yet, and not at what git ignores', () => {
    plant('.gitignore', 'ignored.txt\n');
    plant('config/new.txt', 'x');
    plant('ignored.txt', 'x');
    expect(filesOf(folder)).toContain('config/new.txt');
    expect(filesOf(folder)).not.toContain('ignored.txt');
  });

  test('passes over what is binary, deleted, or said to be none', async () => {
    const [token] = Object.values(planted).slice(2);
    plant('picture.png', Buffer.concat([Buffer.from([0]), Buffer.from(token ?? '')]));
    plant('said.txt', `// secretlint-disable-next-line -- an example\n${token}`);
    expect(await secretsIn(folder, ['picture.png', 'gone.txt', 'config', 'said.txt'])).toEqual([]);
  });
});

test('this tree holds no secret', async () => {
  const files = filesOf(root);
  expect(files).toEqual(expect.arrayContaining(['package.json', 'config/feeds.yaml', 'tests/ci/secrets.test.ts']));
  expect(await secretsIn(root, files)).toEqual([]);
});
