import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPage, readPage } from '../../lib/adapters/page.ts';
import { buildPage } from '../../web/build.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewatch-served-'));
const signIn = { issuer: 'https://idp.example/pool', clientId: 'client', domain: 'https://sign-in.example' };
const app = new Hono();

beforeAll(async () => {
  await buildPage(folder);
  addPage(app, () => readPage(folder), signIn);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = () => readdirSync(join(folder, 'web'));
const header = async (path: string, name: string) => (await app.request(path)).headers.get(name);

describe('the page', () => {
  test('weighs at most 150 kB compressed, all of it', () => {
    const files = [join(folder, 'index.html'), ...names().map((name) => join(folder, 'web', name))];
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(150_000);
  });

  test('is built the same again, in a folder named from here, too', async () => {
    const again = relative(process.cwd(), mkdtempSync(join(tmpdir(), 'wirewatch-again-')));
    await buildPage(again);
    expect(readdirSync(join(again, 'web'))).toEqual(names());
    expect(readFileSync(join(again, 'index.html'), 'utf8')).toBe(readFileSync(join(folder, 'index.html'), 'utf8'));
    rmSync(again, { recursive: true });
  });

  test('lets nothing run, load or be sent but its own, and the sign-in’s tokens', async () => {
    const csp = (await header('/', 'content-security-policy')) ?? '';
    expect(csp.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' https://sign-in.example",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    const html = await (await app.request('/')).text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<[^>]+ on\w+=|<style|\sstyle=/);
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].every(([, target]) => target?.startsWith('/web/'))).toBe(true);
  });

  test('names no other host in its script or style', () => {
    for (const name of names().filter((each) => !each.endsWith('.svg'))) {
      const hosts = readFileSync(join(folder, 'web', name), 'utf8').match(/https?:\/\/[\w.-]+\.\w+/g) ?? [];
      // Namespaces, and the examples in empty fields: nothing fetches them.
      expect(hosts.filter((host) => !/w3\.org|example\.org/.test(host))).toEqual([]);
    }
  });

  test('its files are kept for ever, its shell is asked for anew', async () => {
    for (const name of names()) expect(await header(`/web/${name}`, 'cache-control')).toContain('immutable');
    expect(await header('/', 'cache-control')).toBe('no-cache');
    const etag = (await header('/', 'etag')) ?? '';
    expect((await app.request('/', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('travels compressed to whoever takes it so', async () => {
    const [script] = names().filter((name) => name.endsWith('.js'));
    const packed = await app.request(`/web/${script}`, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    for (const accepts of ['', 'gzip;q=0', 'br']) {
      const plain = await app.request(`/web/${script}`, { headers: { 'accept-encoding': accepts } });
      expect(plain.headers.get('content-encoding')).toBe(null);
      expect((await plain.arrayBuffer()).byteLength).toBe(readFileSync(join(folder, 'web', script ?? '')).length);
    }
  });

  test.each(['/web/other.js', '/web/..%2Findex.html', '/web/'])('has nothing at %s', async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });

  test('is told where to sign in', async () => {
    expect(await (await app.request('/config.json')).json()).toEqual({ signIn, outbox: false });
  });
});
