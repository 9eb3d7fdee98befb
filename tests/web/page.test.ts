import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hostileTitle } from './support/newsroom.ts';
import { type PageUnderTest, pageUnderTest, settled } from './support/page-under-test.ts';
import { paintedPixels } from './support/pixels.ts';

let tested: PageUnderTest;
beforeAll(async () => {
  tested = await pageUnderTest();
});
afterEach(() => tested?.closeTabs());
afterAll(() => tested?.stop());

describe('the first look', () => {
  test('shows the day: a timeline of each event, storylines newest first with states, outlets, languages', async () => {
    const { page, complaints } = await tested.open('#/');
    expect(await page.title()).toBe('Now · Wirewatch');
    await expect.poll(() => page.locator('.timeline').count()).toBeGreaterThan(10);
    const times = await page
      .locator('.storyline time')
      .evaluateAll((all) => all.map((each) => each.getAttribute('datetime')));
    expect(times.length).toBeGreaterThan(10);
    expect(times).toEqual(times.toSorted().toReversed());
    const line = (await tested.storylines()).find(({ states, langs }) => states.length > 1 && langs.join() === 'en');
    const row = page.locator('.storyline', { hasText: line?.title });
    const words = await row.innerText();
    for (const state of line?.states ?? ['missing']) expect(words).toContain(state);
    expect(words).toContain(`${line?.stories} stories`);
    expect(words).toContain(`${line?.outlets.length} outlets: ${line?.outlets[0]}`);
    const marked = await row.locator('mark').allInnerTexts();
    expect(marked.length).toBeGreaterThan(1);
    for (const word of marked) expect(line?.words.map((each) => each.toLowerCase())).toContain(word.toLowerCase());
    expect(complaints).toEqual([]);
  });

  test('draws charts: bars, and a spike in the accent, not just a canvas', async () => {
    const { page } = await tested.open('#/');
    const chart = page.locator('.timeline', { hasText: 'Ceasefire between Israel and Iran' }).locator('canvas');
    const colours = await paintedPixels(page, chart);
    expect(colours.get('#a9afb6') ?? 0).toBeGreaterThan(100);
    expect(colours.get('#b83a0e') ?? 0).toBeGreaterThan(100);
    expect(await page.locator('.timeline [role=img]').first().getAttribute('aria-label')).toMatch(
      /stories by the hour/,
    );
  });

  test('times are the reader’s, with UTC in the title', async () => {
    const { page } = await tested.open('#/', { timezoneId: 'Asia/Tehran' });
    const [line] = (await tested.storylines()).toSorted((a, b) => (a.last < b.last ? 1 : -1));
    const time = page.locator('.storyline').first().locator('time');
    // Tehran keeps three and a half hours before UTC, all year.
    const there = new Date(Date.parse(line?.last ?? '') + 3.5 * 3_600_000).toISOString();
    expect(await time.innerText()).toBe(there.slice(11, 16));
    expect(await time.getAttribute('title')).toBe(`24 Nov 2026, ${line?.last.slice(11, 19)} UTC`);
  });
});

describe('filters', () => {
  test('narrow the list, stand in the address, and go with the back button', async () => {
    const { page } = await tested.open('#/');
    const rows = page.locator('.storyline');
    const all = await rows.count();
    await page.getByRole('combobox', { name: 'Language' }).selectOption('fa');
    await expect.poll(() => page.url()).toContain('lang=fa');
    await settled(page);
    await expect.poll(() => rows.count()).toBeLessThan(all);
    for (const langs of await rows.locator('.langs').allInnerTexts()) expect(langs).toMatch(/\bfa\b/);
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(all);
  });

  test('an address with filters opens as it was sent', async () => {
    const { page } = await tested.open('#/?event=sco-defense-meeting&since=7d');
    expect(await page.getByRole('combobox', { name: 'Event' }).inputValue()).toBe('sco-defense-meeting');
    expect(await page.getByLabel('7 d').isChecked()).toBe(true);
    expect(await page.locator('.timeline').count()).toBe(1);
    for (const targets of await page.locator('.storyline .targets').first().allInnerTexts())
      expect(targets).toContain('SCO defence ministers meet');
  });

  test('where nothing is left the page says what to do', async () => {
    const { page } = await tested.open('#/?text=nobodywritesthis');
    expect(await page.locator('.nothing').innerText()).toBe(
      'No storyline passes these filters. Clear one, or look further back.',
    );
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await settled(page);
    await expect.poll(() => page.locator('.storyline').count()).toBeGreaterThan(5);
  });

  test('a filter that the API refuses is told in its words', async () => {
    const { page } = await tested.open('#/?event=israel-iran-ceasefir');
    expect(await page.locator('[role=alert]').first().innerText()).toContain('did you mean "israel-iran-ceasefire"?');
  });
});

describe('feed text', () => {
  test('a hostile title stays text, and nothing of it runs', async () => {
    const id = await tested.newsroom.add({ title: hostileTitle, path: '/hostile', at: 1_204 });
    for (const hash of ['#/', `#/story/${id}`, '#/try?query=pakistan&since=48h']) {
      const { page, complaints } = await tested.open(hash);
      const shown = page.getByText('<script>alert(1)</script>').first();
      expect(await shown.innerText()).toContain(hostileTitle);
      expect(await page.locator('main img, main script, main h1 b, main bdi b').count()).toBe(0);
      expect(await page.title()).not.toBe('1');
      expect(complaints).toEqual([]);
    }
  });

  test('only web addresses become links', async () => {
    const { page } = await tested.open('#/try?query=ceasefire&since=48h');
    const targets = await page
      .locator('.tried a[target]')
      .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).protocol));
    expect(targets.length).toBeGreaterThan(3);
    expect(new Set(targets)).toEqual(new Set(['https:']));
  });

  test('right-to-left titles are right to left, in a page that is not', async () => {
    const { page } = await tested.open('#/?lang=fa');
    const title = page.locator('.storyline h3 bdi').filter({ hasText: 'آتش‌بس' }).first();
    expect(await title.evaluate((each) => getComputedStyle(each).direction)).toBe('rtl');
    const [box, list] = [
      await title.locator('mark').first().boundingBox(),
      await page.locator('.storylines').boundingBox(),
    ];
    const middle = (list?.x ?? 0) + (list?.width ?? 0) / 2;
    expect(box?.x).toBeGreaterThan(middle);
    expect(await page.evaluate(() => getComputedStyle(document.body).direction)).toBe('ltr');
  });
});

describe('what updates by itself', () => {
  test('a new storyline appears; under the reader’s pointer it waits to be asked for', async () => {
    const { page } = await tested.open('#/');
    await page.clock.install();
    await page.reload();
    await settled(page);
    const first = page.locator('.storyline').first();
    const before = await first.innerText();
    await tested.newsroom.add({ title: 'Tajikistan opens a museum of mountain music', path: '/museum', at: 1_204.2 });
    await page.clock.runFor(16_000);
    await expect.poll(() => first.innerText()).toContain('Tajikistan opens a museum');
    expect(await first.innerText()).not.toBe(before);

    await page.locator('.storyline').nth(1).hover();
    await tested.newsroom.add({ title: 'Kazakhstan and Iran sign a rail accord', path: '/rail', at: 1_204.5 });
    await page.clock.runFor(16_000);
    const waiting = page.getByRole('button', { name: /^\d+ new or changed, show$/ });
    await waiting.waitFor();
    expect(await first.innerText()).toContain('Tajikistan opens a museum');
    await waiting.click();
    await expect.poll(() => first.innerText()).not.toContain('Tajikistan');
  });

  test('an answer that has not changed is not sent again', async () => {
    const { page } = await tested.open('#/feeds');
    await page.clock.install();
    await page.reload();
    await settled(page);
    const again = page.waitForResponse(
      (response) => response.url().endsWith('/api/feeds') && response.status() === 304,
    );
    await page.clock.runFor(31_000);
    expect((await again).status()).toBe(304);
  });

  test('nothing is asked while the page is out of sight, and at once when it is back', async () => {
    const { page } = await tested.open('#/');
    await page.clock.install();
    await page.reload();
    await settled(page);
    const asked = () => tested.server.asked.filter((path) => path.startsWith('/api/storylines')).length;
    const turn = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await turn(true);
    const before = asked();
    await page.clock.runFor(120_000);
    expect(asked()).toBe(before);
    await turn(false);
    await expect.poll(asked).toBe(before + 1);
    await page.clock.runFor(16_000);
    await expect.poll(asked).toBe(before + 2);
  });

  test('while Wirewatch is down what is there stays, and the page says so', async () => {
    const { page } = await tested.open('#/feeds');
    await page.clock.install();
    await page.reload();
    await settled(page);
    tested.server.fail(503);
    try {
      await page.clock.runFor(31_000);
      await page.getByText('What stands here is older.').first().waitFor();
      expect(await page.getByRole('row', { name: /Meridian Wire/ }).count()).toBe(1);
    } finally {
      tested.server.fail(null);
    }
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await expect.poll(() => page.getByText('What stands here is older.').count()).toBeLessThan(2);
  });
});

test('the keyboard alone goes past the filters, to a storyline, and on to why a story matched', async () => {
  const { page } = await tested.open('#/');
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').innerText()).toBe('To the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  await tabTo('.storyline a');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('#/storyline/');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  await settled(page);
  await tabTo('.stories a[href^="#/story/"]');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Why it matched' }).waitFor();

  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press('Tab');
      const focus = page.locator(':focus');
      if (await focus.evaluate((each, wanted) => each.matches(wanted), selector)) {
        expect(await focus.evaluate((each) => getComputedStyle(each).outlineStyle)).toBe('solid');
        return;
      }
    }
    throw new Error(`Tab never came to ${selector}`);
  }
});

test.each(['#/', '#/event/israel-iran-ceasefire', '#/feeds', '#/subscribers', '#/delivery', '#/try?query=iran'])(
  'on a phone nothing of %s is wider than the screen, and what is pressed is large enough',
  async (hash) => {
    const { page } = await tested.open(hash, { viewport: { width: 360, height: 740 }, hasTouch: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    // WCAG 2.2, 2.5.8: 24 by 24 pixels, but for links within text.
    const small = await page
      .locator('button:visible, select:visible, .bar a:visible')
      .evaluateAll((all) =>
        all.filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.textContent),
      );
    expect(small).toEqual([]);
  },
);

test('dark and light follow the system, the charts too', async () => {
  const { page } = await tested.open('#/', { colorScheme: 'dark' });
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await background()).toBe('rgb(19, 21, 23)');
  const chart = page.locator('.timeline canvas').first();
  expect((await paintedPixels(page, chart)).get('#5a6169') ?? 0).toBeGreaterThan(50);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe('rgb(252, 252, 250)');
  await expect.poll(async () => (await paintedPixels(page, chart)).get('#a9afb6') ?? 0).toBeGreaterThan(50);
});
