import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StorylinePage } from '../../lib/pipeline/storyline-queries.ts';
import { type PageUnderTest, pageUnderTest, settled } from './support/page-under-test.ts';
import { paintedPixels } from './support/pixels.ts';

let tested: PageUnderTest;
beforeAll(async () => {
  tested = await pageUnderTest();
});
afterEach(() => tested?.closeTabs());
afterAll(() => tested?.stop());

test('an event’s page: its volume drawn and in numbers, who appears with it, outlets, feeds, languages', async () => {
  const { page, complaints } = await tested.open('#/event/israel-iran-ceasefire');
  // By its id until the names are there.
  await expect.poll(() => page.title()).toBe('Ceasefire between Israel and Iran · Wirewatch');
  expect((await paintedPixels(page, page.locator('.chart canvas'))).get('#a9afb6') ?? 0).toBeGreaterThan(1_000);
  await page.getByText('The numbers').click();
  const rows = await page.locator('table.narrow tbody tr').allInnerTexts();
  const stories = rows.reduce((sum, row) => sum + Number(row.split('\t')[1]), 0);
  expect(await page.locator('.reading b').innerText()).toBe(String(stories));
  for (const title of ['Appears with', 'In events', 'Outlets', 'Feeds', 'Languages'])
    expect(await page.locator('.company h2', { hasText: title }).count(), title).toBeGreaterThan(0);
  await page.locator('.company').getByRole('link', { name: 'China', exact: true }).click();
  await settled(page);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('China entity');
  expect(complaints).toEqual([]);
});

test('a storyline’s page: copies folded under their original, earlier titles, alerts, states', async () => {
  const { storyline, stories, alerts } = await withCopiesAndRevisions();
  const { page } = await tested.open(`#/?event=${storyline.events[0]}`);
  await page.getByRole('link', { name: storyline.title }).click();
  await settled(page);
  const main = await page.locator('main').innerText();
  // Copies of the wire's text count under the wire.
  expect(main).toContain(`${storyline.stories} stories in 1 outlet`);
  expect(storyline.outlets).toEqual(storyline.wires);
  expect(await page.locator('.tracks i').count()).toBe(stories.length);
  for (const state of storyline.states) expect(await page.locator('.turns').innerText()).toContain(state);

  const copy = stories.find(({ duplicateOf }) => duplicateOf !== null);
  const copied = stories.filter(({ duplicateOf }) => duplicateOf === copy?.duplicateOf);
  const copies = page.locator('.stories > li > details').first();
  expect(await copies.locator('summary').innerText()).toMatch(new RegExp(`^${copied.length} cop(y|ies): `));
  expect(await copies.locator('.story').first().isVisible()).toBe(false);
  await copies.locator('summary').click();
  expect(await copies.locator('.story').count()).toBe(copied.length);
  expect(await copies.locator('.story').first().isVisible()).toBe(true);

  const earlier = stories.flatMap(({ revisions }) => revisions.map(({ title }) => title));
  expect(await page.locator('.revision del').allInnerTexts()).toEqual(earlier);
  const rows = await page.locator('table tbody tr').allInnerTexts();
  expect(rows).toHaveLength(alerts.length);
  expect(rows.some((row) => /^corrected\tdesk\t\d\d:\d\d$/.test(row))).toBe(true);
});

async function withCopiesAndRevisions(): Promise<StorylinePage> {
  for (const { id } of await tested.storylines()) {
    const page = (await (await fetch(`${tested.server.url}/api/storylines/${id}?limit=100`)).json()) as StorylinePage;
    const copies = page.stories.some(({ duplicateOf }) => duplicateOf !== null);
    if (copies && page.stories.some(({ revisions }) => revisions.length > 0)) return page;
  }
  throw new Error('no storyline of the day has a copy and an earlier title');
}

test('why a story matched: the clauses with their words, and what nearly matched', async () => {
  const { page } = await tested.open('#/try?query=%40iran%20AND%20missile&since=48h');
  const first = page.locator('.tried > li').first();
  expect(await first.locator('.clauses').innerText()).toMatch(/@iran Iran/);
  const id = await page.evaluate(async () => {
    const body = JSON.stringify({ query: '@iran AND missile', since: '48h' });
    const answer = await fetch('/api/watchlist/try', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    return (await answer.json()).matched[0].id;
  });
  await page.goto(`${tested.server.url}/#/story/${id}`);
  await settled(page);
  expect(await page.locator('.reasons').first().innerText()).toMatch(/Iran\nalias Iran/);
});

describe('a rule is tried', () => {
  test('by typing it; the address carries it', async () => {
    const { page } = await tested.open('#/try');
    await page.getByLabel('Query').fill('title:(nuclear NEAR/3 talks)');
    await page.getByLabel('Query').press('Control+Enter');
    await page.getByRole('heading', { name: /It matches \d+ of \d+ stories/ }).waitFor();
    expect(page.url()).toContain('query=title%3A');
    expect(await page.locator('.tried mark').allInnerTexts()).toContain('nuclear');
  });

  test('and a fault in it is told with its place and the remedy', async () => {
    const { page } = await tested.open('#/try?query=%40iran%20AND%20OR');
    expect(await page.locator('[role=alert]').innerText()).toMatch(/line 1, column \d+/);
    expect(await page.getByLabel('Query').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('feeds', () => {
  test('those in trouble come first, with what to do', async () => {
    const { page } = await tested.open('#/feeds');
    const rows = await page.locator('.cards tbody tr').allInnerTexts();
    expect(rows[0]).toMatch(/lake tribune.*blocked since 23 Nov, 10:00 · 403 Forbidden, 12 in a row/s);
    expect(rows[1]).toMatch(/Northbridge News.*unreachable/s);
    expect(await page.locator('.findings').innerText()).toMatch(
      /feed lake-tribune is blocked since 23 Nov, 10:00.*the publisher refuses us/s,
    );
  });

  test('an editor pauses one and resumes it', async () => {
    const { page } = await tested.open('#/feeds');
    await page.getByRole('button', { name: 'pause Meridian Wire' }).click();
    await page.getByRole('button', { name: 'resume Meridian Wire' }).click();
    await page.getByRole('button', { name: 'pause Meridian Wire' }).waitFor();
  });
});

describe('subscribers', () => {
  test('an editor adds one by the form, and ends it after a second question', async () => {
    const { page } = await tested.open('#/subscribers');
    await page.getByLabel('E-mail address').fill('editor@example.org');
    await page.getByLabel('Time zone').last().fill('Europe/Nowhere');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await page.getByRole('alert').innerText()).toContain('"Europe/Nowhere" is not a time zone');
    await page.getByLabel('Time zone').last().fill('Europe/Paris');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const added = page.locator('.subscribers > li', { hasText: 'editor@example.org' });
    await added.waitFor();
    expect(await added.innerText()).toMatch(/not confirmed.*Europe\/Paris.*follows everything/s);
    await added.getByRole('button', { name: 'End the subscription of editor@example.org' }).click();
    await added.getByRole('button', { name: 'Keep it' }).click();
    await added.getByRole('button', { name: 'End the subscription of editor@example.org' }).click();
    await added.getByRole('button', { name: 'End the subscription of editor@example.org' }).click();
    await expect.poll(() => added.count()).toBe(0);
  });
});

test('time to alert: percentiles, by tier, the slowest', async () => {
  const { page } = await tested.open('#/delivery');
  const answer = (await (await fetch(`${tested.server.url}/api/stats`)).json()) as {
    timeToAlert: { fromSeen: { p50: number } };
  };
  expect(await page.locator('.figures dd').first().innerText()).toBe(`${answer.timeToAlert.fromSeen.p50} s`);
  expect(await page.locator('table').first().locator('tbody tr').count()).toBe(3);
  const failing = page.locator('.figures div', { hasText: 'feeds failing' }).locator('dd');
  const { feeds } = (await (await fetch(`${tested.server.url}/api/feeds`)).json()) as { feeds: { state: string }[] };
  const polled = feeds.filter(({ state }) => state !== 'paused').length;
  expect(await failing.innerText()).toBe(`2 (${Math.round(200 / polled)} %)`);
});

test('an address that names no view says so and leads back', async () => {
  const { page } = await tested.open('#/nowhere');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('There is nothing here');
});

test('an answer that a view cannot draw leaves the way to the others', async () => {
  const { page, complaints } = await tested.open('#/');
  await page.route('**/api/stats', (route) => route.fulfill({ json: { day: '2026-11-24' } }));
  await page.getByRole('link', { name: 'Time to alert' }).click();
  await page.getByText('This view could not be drawn').waitFor();
  expect(complaints.length).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Feeds' }).click();
  await settled(page);
  expect(await page.getByRole('row', { name: /Meridian Wire/ }).count()).toBe(1);
});

test('an editor changes what a subscriber is told, and when', async () => {
  const { page } = await tested.open('#/subscribers');
  const night = page.locator('.subscribers > li', { hasText: '+4915112345678' });
  await night.getByText('Change', { exact: true }).click();
  await night.getByRole('textbox', { name: 'Quiet hours' }).fill('23:00');
  await night.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => night.getByRole('alert').innerText()).toContain('22:00-07:00');
  expect(await night.getByRole('textbox', { name: 'Quiet hours' }).getAttribute('aria-invalid')).toBe('true');
  await night.getByRole('textbox', { name: 'Quiet hours' }).fill('23:00-05:30');
  await night.getByRole('textbox', { name: 'When' }).fill('daily@8');
  await night.getByLabel('corrected').uncheck();
  await night.getByLabel('Told of').selectOption('critical');
  await night.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => night.getByRole('status').allInnerTexts())
    .toContain('Saved; it holds from the next alert on.');
  await expect.poll(() => night.innerText()).toMatch(/critical and above.*daily at 8:00.*quiet 23:00–05:30/s);
  expect(await tested.newsroom.store.subscribers.get('night')).toMatchObject({
    delivery: { kind: 'daily', hour: 8 },
    states: ['new', 'corroborated', 'escalated'],
    quiet: { start: '23:00', end: '05:30', criticalPasses: true },
  });
});
