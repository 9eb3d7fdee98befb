import type { Locator, Page } from 'playwright-core';

/** How many pixels of a canvas have each colour, as `#rrggbb`; those that nothing was painted on are left out. */
export async function paintedPixels(page: Page, canvas: Locator): Promise<ReadonlyMap<string, number>> {
  await canvas.waitFor();
  // uPlot paints after it is made, and a busy machine lets it wait; what stays empty is found so.
  for (let frames = 0; frames < 200; frames += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const painted = await pixelsNow(canvas);
    if (painted.size > 0) return painted;
  }
  return new Map();
}

async function pixelsNow(canvas: Locator): Promise<ReadonlyMap<string, number>> {
  const counts = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    const bytes = context?.getImageData(0, 0, width, height).data ?? [];
    const found: Record<string, number> = {};
    for (let at = 0; at < bytes.length; at += 4) {
      if (bytes[at + 3] !== 255) continue;
      const colour = `#${[0, 1, 2].map((part) => (bytes[at + part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
      found[colour] = (found[colour] ?? 0) + 1;
    }
    return found;
  });
  return new Map(Object.entries(counts));
}
