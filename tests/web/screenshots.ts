import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from '../../web/build.ts';
import { openBrowser } from './support/browser.ts';
import { fillNewsroom } from './support/newsroom.ts';
import { servePage } from './support/page-server.ts';
import { openTab, storylinesOf } from './support/page-under-test.ts';

/** Pictures of the main views over the demo's day, for the README and docs/page.md: `npm run screenshots`. */
const images = join(import.meta.dirname, '../../docs/images');
const mostBytes = 200_000;

const folder = mkdtempSync(join(tmpdir(), 'wirewatch-screenshots-'));
await buildPage(folder);
const { deps } = await fillNewsroom();
const server = await servePage(folder, deps);
const browser = await openBrowser();
mkdirSync(images, { recursive: true });

const desktop = { width: 1280, height: 760 };
const phone = { width: 390, height: 844 };
const pictures = [
  ['first-look', '#/', desktop, 'light'],
  ['first-look-dark', '#/?since=7d', desktop, 'dark'],
  ['first-look-phone', '#/', phone, 'light'],
  ['event', '#/event/israel-iran-ceasefire', desktop, 'light'],
  ['storyline', `#/storyline/${(await storylinesOf(server, 'sco-defense-meeting'))[0]?.id}`, desktop, 'light'],
  ['feeds', '#/feeds', desktop, 'light'],
  ['time-to-alert', '#/delivery', { width: 1280, height: 560 }, 'light'],
  ['try-a-rule', '#/try?query=%40iran%20AND%20(talks%20NEAR%2F5%20nuclear)&since=48h', desktop, 'light'],
] as const;

for (const [name, hash, viewport, colorScheme] of pictures) {
  const { page } = await openTab(browser, `${server.url}/${hash}`, { viewport, colorScheme });
  const path = join(images, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`${path} ${size} bytes`);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes; at most ${mostBytes} are kept in the repository`);
  await page.context().close();
}
await browser.close();
await server.stop();
rmSync(folder, { recursive: true });
