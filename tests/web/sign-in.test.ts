import { createHash } from 'node:crypto';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../lib/adapters/api/caller.ts';
import { now } from './support/newsroom.ts';
import { type PageServer, servePage } from './support/page-server.ts';
import { type PageUnderTest, pageUnderTest, settled } from './support/page-under-test.ts';

const signIn = { issuer: 'https://idp.example/pool', clientId: 'page-client', domain: 'https://sign-in.example' };

let tested: PageUnderTest;
let server: PageServer;
/** Whom the API takes each access token for; what is not here has ended. */
const known = new Map<string, Caller>();

beforeAll(async () => {
  tested = await pageUnderTest();
  const who = (header: string | null) => known.get(header?.replace('Bearer ', '') ?? '') ?? 'nobody';
  server = await servePage(tested.folder, tested.newsroom.deps, { signIn, who });
});
afterEach(() => tested?.closeTabs());
afterAll(async () => {
  await server?.stop();
  await tested?.stop();
});

/** Cognito's own pages, as far as the code flow with PKCE goes (RFC 6749, RFC 7636, OpenID Connect Core). */
async function cognito(context: BrowserContext, group: 'reader' | 'editor') {
  const asked: { authorize: URL[]; token: URLSearchParams[] } = { authorize: [], token: [] };
  let issued = 0;
  await context.route(`${signIn.domain}/**`, async (route) => {
    const url = new URL(route.request().url());
    const cors = { 'access-control-allow-origin': server.url };
    if (url.pathname === '/oauth2/authorize') {
      asked.authorize.push(url);
      const back = `${url.searchParams.get('redirect_uri')}?code=c1&state=${url.searchParams.get('state')}`;
      return route.fulfill({ contentType: 'text/html', body: `<h1>Sign in</h1><a href="${back}">Continue</a>` });
    }
    if (url.pathname !== '/oauth2/token')
      return route.fulfill({ contentType: 'text/html', body: '<h1>Signed out</h1>' });
    const form = new URLSearchParams(route.request().postData() ?? '');
    asked.token.push(form);
    const last = asked.authorize.at(-1)?.searchParams;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('grant_type') === 'authorization_code' && challenge !== last?.get('code_challenge')) {
      return route.fulfill({ status: 400, headers: cors, json: { error: 'invalid_grant' } });
    }
    issued += 1;
    const seconds = Math.floor(now.getTime() / 1e3);
    const times = { iat: seconds, exp: seconds + 3_600 };
    const access = jwt({ ...times, sub: 'u1', 'cognito:groups': [group], jti: `${group}-${issued}` });
    known.set(access, group);
    const claims = { ...times, iss: signIn.issuer, aud: signIn.clientId, sub: 'u1', email: 'ed@example.org' };
    return route.fulfill({
      headers: cors,
      json: {
        ...{ access_token: access, token_type: 'Bearer', expires_in: 3_600 },
        ...(form.get('grant_type') === 'authorization_code' && {
          refresh_token: 'r1',
          id_token: jwt({ ...claims, nonce: last?.get('nonce') }),
        }),
      },
    });
  });
  return asked;
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2ln`;
}

async function arrive(group: 'reader' | 'editor', hash: string) {
  const context = await tested.browser.newContext({ timezoneId: 'Europe/Berlin' });
  const asked = await cognito(context, group);
  const page = await context.newPage();
  await page.clock.setFixedTime(now);
  await page.goto(`${server.url}/${hash}`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  return { page, asked };
}

async function signedIn(group: 'reader' | 'editor', hash = '#/feeds') {
  const { page, asked } = await arrive(group, hash);
  await page.getByRole('link', { name: 'Continue' }).click();
  await settled(page);
  return { page, asked };
}

describe('the sign-in', () => {
  test('is on Cognito’s own page, by code with PKCE, and leads back to where the reader was', async () => {
    const { page, asked } = await signedIn('editor', '#/event/sco-defense-meeting?since=30d');
    const query = Object.fromEntries(asked.authorize[0]?.searchParams ?? []);
    expect(query).toMatchObject({
      ...{ response_type: 'code', client_id: 'page-client', code_challenge_method: 'S256', scope: 'openid email' },
      redirect_uri: `${server.url}/`,
    });
    expect(asked.token.map((form) => form.get('grant_type'))).toEqual(['authorization_code']);
    expect(page.url()).toBe(`${server.url}/#/event/sco-defense-meeting?since=30d`);
    expect(await page.locator('.who').innerText()).toMatch(/ed@example\.org\s+editor/);
    expect(await page.locator('.storyline').count()).toBeGreaterThan(0);
  });

  test('that did not begin in this tab is refused, and said so', async () => {
    const { page } = await arrive('editor', '#/');
    await page.goto(`${server.url}/?code=stolen&state=another`);
    await page.getByText('The page could not begin').waitFor();
    expect(known.size).toBeLessThanOrEqual(1);
  });

  test('outlasts a token: another is fetched once for all that was refused, and the answer comes', async () => {
    const { page, asked } = await signedIn('editor');
    known.clear();
    await page.getByRole('link', { name: 'Time to alert' }).click();
    await settled(page);
    expect(await page.locator('.figures dd').first().innerText()).toMatch(/ s$/);
    expect(asked.token.filter((form) => form.get('grant_type') === 'refresh_token')).toHaveLength(1);
  });

  test('outlasts a reload, in this tab alone', async () => {
    const { page, asked } = await signedIn('reader');
    await page.reload();
    await settled(page);
    expect(asked.authorize).toHaveLength(1);
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('ends where Cognito ends it', async () => {
    const { page } = await signedIn('reader');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    expect(page.url()).toContain(`/logout?client_id=page-client&logout_uri=${encodeURIComponent(`${server.url}/`)}`);
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});

test('a reader sees no way to change anything', async () => {
  const { page } = await signedIn('reader', '#/subscribers');
  expect(await page.locator('main').innerText()).toContain('You may look; editors add and change subscribers.');
  expect(await page.locator('main button, main form').count()).toBe(0);
  await page.goto(`${server.url}/#/feeds`);
  await settled(page);
  expect(await page.getByRole('button', { name: /^pause/ }).count()).toBe(0);
});

test('a reader may try a rule', async () => {
  const { page } = await signedIn('reader', '#/try?query=%40iran&since=48h');
  await page.getByRole('heading', { name: /It matches \d+ of/ }).waitFor();
});
