import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalUrl } from '../../../lib/core/feed/canonical-url.ts';
import { readDate } from '../../../lib/core/feed/feed-date.ts';
import { textOfHtml, textOfMaybeHtml } from '../../../lib/core/feed/plain-text.ts';
import { readFeed } from '../../../lib/core/feed/read-feed.ts';
import { brokenPromises, fixtureFeeds, shards } from './reading-promises.ts';

// The same cases every run, so that a failure is the change's; tests/bench/fuzz-reading.ts looks further.
fc.configureGlobal({ seed: 20_251_124 });

const about = { contentType: null, url: 'https://harbour.example/feed', now: new Date('2026-11-24T12:00:00Z') };
const feeds = fixtureFeeds();

/** A fixture with bytes taken out, doubled or replaced by what feeds break on. */
const mutated = fc
  .tuple(
    fc.constantFrom(...feeds),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat({ max: 60 }),
        put: fc.oneof(fc.constantFrom(...shards), fc.string({ unit: 'binary', maxLength: 8 }), fc.constant('')),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  )
  .map(([{ body }, edits]) => {
    let bytes = Buffer.from(body);
    for (const { at, length, put } of edits) {
      const from = Math.floor(at * bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(from + length)]);
    }
    return bytes;
  });

test('a mutated feed is read or refused, never thrown at, and the answer keeps its promises', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (body) => {
      expect(brokenPromises(await readFeed(body, about))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test('so are any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (body) => {
      expect(brokenPromises(await readFeed(body, about))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a second reading at another time gives the same ids', async () => {
  const later = { ...about, now: new Date('2027-01-01T00:00:00Z') };
  await fc.assert(
    fc.asyncProperty(mutated, async (body) => {
      const [first, second] = [await readFeed(body, about), await readFeed(body, later)];
      const ids = [first, second].map((read) => (read.kind === 'feed' ? read.entries.map(({ id }) => id) : read.error));
      expect(ids[1]).toEqual(ids[0]);
    }),
    { numRuns: 500 },
  );
});

test('a new story above leaves the ids of those below', async () => {
  const item = fc.record({ title: fc.string({ maxLength: 30 }), day: fc.integer({ min: 1, max: 28 }) });
  const written = (items: readonly { title: string; day: number }[]) =>
    `<rss><channel>${items
      .map(
        ({ title, day }) =>
          `<item><title>T${title.replace(/[<&]/g, '')}</title><pubDate>${day} Jun 2025</pubDate></item>`,
      )
      .join('')}</channel></rss>`;
  await fc.assert(
    fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 10 }), item, async (items, fresh) => {
      const reads = await Promise.all(
        [items, [fresh, ...items]].map((list) => readFeed(new TextEncoder().encode(written(list)), about)),
      );
      const [before, after] = reads.map((read) => (read.kind === 'feed' ? read.entries.map(({ id }) => id) : []));
      expect(before).toHaveLength(items.length);
      expect(after!.slice(1)).toEqual(before);
    }),
    { numRuns: 200 },
  );
});

test('an address is canonical once and for all', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      const canonical = canonicalUrl(url)!;
      expect(canonicalUrl(canonical)).toBe(canonical);
      expect(canonicalUrl(`${canonical}${canonical.includes('?') ? '&' : '?'}utm_source=x&fbclid=1#top`)).toBe(
        canonical,
      );
    }),
  );
});

test('any instant is read back from each of its spellings', () => {
  const instants = fc.date({ min: new Date('1950-01-01'), max: new Date('2049-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (date) => {
      const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
      expect(readDate(date.toISOString())).toEqual(date);
      for (const text of [date.toUTCString(), seconds, seconds.replace(/[-:]/g, ''), seconds.replace('T', ' ')]) {
        expect(readDate(text)?.toISOString(), text).toBe(seconds);
      }
    }),
  );
});

test('text without markup or references is its own text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const plain = text.replace(/[<&]/g, '').replace(/\s+/g, ' ').trim();
      fc.pre(!/\p{Cc}|\ufeff/u.test(plain));
      expect(textOfHtml(plain)).toBe(plain);
      expect(textOfMaybeHtml(plain)).toBe(plain);
    }),
  );
});
