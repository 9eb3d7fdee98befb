import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRun, startChild } from '../support/child-run.ts';
import { type LoopbackFeeds, startLoopbackFeeds } from '../support/loopback-feeds.ts';
import { openBrowser } from './support/browser.ts';
import { settled } from './support/page-under-test.ts';
import { paintedPixels } from './support/pixels.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirewatch-page-local-'));
let feeds: LoopbackFeeds;
let system: ChildRun;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
  feeds = await startLoopbackFeeds(1);
  feeds.stories[0]?.push({
    id: 'one',
    title: 'Israel and Iran accuse each other of violating the ceasefire',
    summary: 'Tehran said the truce between Iran and Israel still held.',
    published: new Date(),
  });
  const config = join(folder, 'config');
  mkdirSync(config);
  writeFileSync(join(config, 'feeds.yaml'), feeds.feedsYaml());
  copyFileSync(join(root, 'config/watchlist.yaml'), join(config, 'watchlist.yaml'));
  const words = ['start', '--config', config, '--data', join(folder, 'data'), '--port', '0', '--allow-host'];
  system = startChild('bin/wirewatch.js', [...words, ...feeds.hostPorts]);
  await system.until(/ready\s+http.*\n/);
});

afterAll(async () => {
  await browser?.close();
  await system?.end('SIGINT');
  await feeds?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the whole local system: a story, its chart, a subscription by the page, what SNS would have sent', async () => {
  const url = /ready\s+(http:\/\/\S+)/.exec(system.output())?.[1] ?? '';
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url);
  // It updates itself, some seconds after the first poll at the latest.
  await page.locator('.storyline', { hasText: 'accuse each other of violating' }).waitFor();
  await page.reload();
  const chart = page.locator('.timeline', { hasText: 'Ceasefire between Israel and Iran' }).locator('canvas');
  expect((await paintedPixels(page, chart)).get('#a9afb6') ?? 0).toBeGreaterThan(20);

  await page.getByRole('link', { name: 'Subscribers' }).click();
  await page.getByLabel('E-mail address').fill('desk@example.org');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('desk@example.org is asked to confirm').waitFor();
  await page.getByRole('link', { name: 'Outbox' }).click();
  await settled(page);
  expect(await page.locator('main').innerText()).toContain('Nothing here was delivered');
  await page.getByRole('button', { name: 'Confirm the subscription of desk@example.org' }).click();
  await expect.poll(() => page.getByRole('heading', { name: 'Waiting for confirmation' }).count()).toBe(0);
  const message = page.locator('.outbox > li', { hasText: 'email to desk@example.org' }).first();
  await message.locator('summary').click();
  expect(await message.locator('pre').innerText()).toMatch(/You have chosen to subscribe/);
  expect(complaints).toEqual([]);
});
