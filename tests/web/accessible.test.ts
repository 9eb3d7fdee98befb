import axe from 'axe-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type PageUnderTest, pageUnderTest, settled } from './support/page-under-test.ts';

let tested: PageUnderTest;
beforeAll(async () => {
  tested = await pageUnderTest();
});
afterEach(() => tested?.closeTabs());
afterAll(() => tested?.stop());

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const views = [
  '#/',
  '#/?text=nobodywritesthis',
  '#/event/sco-defense-meeting',
  '#/entity/iran?since=30d',
  '#/storyline/{}',
  '#/story/{}',
  '#/feeds',
  '#/delivery',
  '#/subscribers',
  '#/try?query=%40iran&since=48h',
  '#/try?query=%40nobody',
  '#/nowhere',
];

test.each(views.flatMap((view) => (['light', 'dark'] as const).map((scheme) => [view, scheme] as const)))(
  'axe finds nothing in %s, %s',
  async (view, colorScheme) => {
    const { page, complaints } = await tested.open(
      view.replace('{}', (await tested.storylines('sco-defense-meeting'))[0]?.id ?? ''),
      {
        colorScheme,
        // The Content-Security-Policy lets no script in but the page's own, axe neither.
        bypassCSP: true,
      },
    );
    for (const fold of await page.locator('main details').all())
      await fold.evaluate((each) => each.setAttribute('open', ''));
    await settled(page);
    await page.evaluate(axe.source);
    const found = await page.evaluate(async (values) => {
      const { axe: loaded } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await loaded.run(document, { runOnly: { type: 'tag', values } });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      );
    }, rules);
    expect(found).toEqual([]);
    // What the API refused is a line in the console, too.
    if (!view.includes('nobody')) expect(complaints).toEqual([]);
  },
);
