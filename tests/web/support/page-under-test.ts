import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Storyline, Storylines } from '../../../web/api/types.ts';
import { buildPage } from '../../../web/build.ts';
import { openBrowser } from './browser.ts';
import { fillNewsroom, type Newsroom, now } from './newsroom.ts';
import { type PageServer, servePage } from './page-server.ts';

export type PageUnderTest = {
  readonly newsroom: Newsroom;
  readonly server: PageServer;
  readonly browser: Browser;
  /** The folder that the page was built into. */
  readonly folder: string;
  /** A tab of its own at this address; what its console and errors say is collected. */
  open(hash: string, options?: BrowserContextOptions): Promise<Tab>;
  /** What the API lists of an event, the longest first. */
  storylines(event?: string): Promise<readonly Storyline[]>;
  closeTabs(): Promise<void>;
  stop(): Promise<void>;
};

export type Tab = { readonly page: Page; readonly complaints: readonly string[] };

/** The built page over the demo's day, in a browser. */
export async function pageUnderTest(): Promise<PageUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-page-'));
  await buildPage(folder);
  const newsroom = await fillNewsroom();
  const server = await servePage(folder, newsroom.deps);
  const browser = await openBrowser();
  return {
    newsroom,
    server,
    browser,
    folder,
    open: (hash, options) => openTab(browser, `${server.url}/${hash}`, options),
    storylines: (event) => storylinesOf(server, event),
    async closeTabs() {
      for (const context of browser.contexts()) await context.close();
    },
    async stop() {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function storylinesOf(server: PageServer, event?: string): Promise<readonly Storyline[]> {
  const answer = await fetch(`${server.url}/api/storylines${event === undefined ? '' : `?event=${event}`}`);
  const { storylines } = (await answer.json()) as Storylines;
  return storylines.toSorted((a, b) => b.stories - a.stories);
}

/** Its clock is the newsroom's, and stands still. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.clock.setFixedTime(now);
  await page.goto(url);
  await settled(page);
  return { page, complaints };
}

/** Every question that was asked is answered and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}
