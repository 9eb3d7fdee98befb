import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../lib/core/alert/columns.ts';
import type { DigestEntry } from '../../../lib/core/alert/latest-first.ts';
import {
  type DigestReader,
  renderDigest,
  renderDigestJson,
  renderDigestSms,
} from '../../../lib/core/alert/render-digest.ts';
import type { HoldReason } from '../../../lib/core/subscriber/when-to-tell.ts';
import { countSeptets } from './gsm7-by-position.ts';

const folder = new URL('../../fixtures/digests/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

/** Anything that moves a cursor, reorders or hides text; line breaks are looked at apart. */
const unsafe = /[\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[^\P{Cc}\n]/u;

test('there are golden files', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

// After a wanted change: `npx vitest run tests/core/alert -u`, then read what changed.
describe.each(names)('the digest %s', (name) => {
  const given = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as {
    why: HoldReason;
    entries: readonly DigestEntry[];
    reader: Omit<DigestReader, 'linksOf'>;
    muteUrl: string | null;
    storylineUrl: string | null;
  };
  const linksOf = (storyline: string) => ({
    muteUrl: given.muteUrl,
    storylineUrl: given.storylineUrl === null ? null : given.storylineUrl + storyline,
  });
  const { subject, body } = renderDigest(given.entries, { ...given.reader, linksOf }, given.why);
  const sms = renderDigestSms(given.entries);

  test('reads as its golden files', async () => {
    const golden = (ending: string) => new URL(`${name}${ending}`, folder).pathname;
    await expect(`Subject: ${subject}\n\n${body}`).toMatchFileSnapshot(golden('.email.txt'));
    await expect(`${sms}\n`).toMatchFileSnapshot(golden('.sms.txt'));
  });

  test('keeps the rules of SNS and of 60 columns', () => {
    expect(subject.length).toBeLessThan(100);
    expect(subject).not.toMatch(/\n/);
    expect(subject + body).not.toMatch(unsafe);
    const tooWide = body.split('\n').filter((line) => columnsOf(line) > 60 && !/^https?:\/\/\S+$/.test(line));
    expect(tooWide).toEqual([]);
    expect(countSeptets(sms)).toBeLessThanOrEqual(148);
    expect(sms).not.toMatch(/\n/);
  });

  test('is read by programs in the same order', () => {
    const json = JSON.parse(renderDigestJson(given.entries, given.why));
    expect(json).toMatchObject({ version: 1, kind: 'digest', why: given.why, more: 0 });
    expect(JSON.stringify(json)).not.toMatch(unsafe);
    expect(json.storylines.length).toBe(new Set(given.entries.map(({ facts }) => facts.storyline)).size);
  });
});
