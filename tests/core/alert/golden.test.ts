import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AlertFacts, AlertReader } from '../../../lib/core/alert/alert-facts.ts';
import { columnsOf } from '../../../lib/core/alert/columns.ts';
import { renderEmail } from '../../../lib/core/alert/render-email.ts';
import { renderIntegration } from '../../../lib/core/alert/render-integration.ts';
import { renderSms } from '../../../lib/core/alert/render-sms.ts';
import { countSeptets } from './gsm7-by-position.ts';

const folder = new URL('../../fixtures/alerts/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => /^[\w-]+\.json$/.test(file))
  .map((file) => file.replace(/\.json$/, ''));

/** Anything that moves a cursor, reorders or hides text; line breaks are looked at apart. */
const unsafe = /[\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[^\P{Cc}\n]/u;

test('there are golden files', () => {
  expect(names.length).toBeGreaterThanOrEqual(9);
});

// After a wanted change: `npx vitest run tests/core/alert -u`, then read what changed.
describe.each(names)('%s', (name) => {
  const { facts, reader } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as {
    facts: AlertFacts;
    reader: AlertReader;
  };
  const email = renderEmail(facts, reader);
  const sms = renderSms(facts);
  const golden = (ending: string) => new URL(`${name}${ending}`, folder).pathname;

  test('reads as its golden files', async () => {
    await expect(`Subject: ${email.subject}\n\n${email.body}`).toMatchFileSnapshot(golden('.email.txt'));
    await expect(`${sms}\n`).toMatchFileSnapshot(golden('.sms.txt'));
    const integration = `${JSON.stringify(renderIntegration(facts), null, 2)}\n`;
    await expect(integration).toMatchFileSnapshot(golden('.integration.json.txt'));
  });

  test('keeps the rules of SNS and of 60 columns', () => {
    expect(email.subject.length).toBeGreaterThan(0);
    expect(email.subject.length).toBeLessThan(100);
    expect(email.subject).not.toMatch(unsafe);
    expect(email.subject).not.toMatch(/\n/);
    expect(email.body).not.toMatch(unsafe);
    const tooWide = email.body.split('\n').filter((line) => columnsOf(line) > 60 && !/^https?:\/\/\S+$/.test(line));
    expect(tooWide).toEqual([]);
  });

  test('is one GSM-7 part with room for the display name', () => {
    expect(sms).not.toBe('');
    expect(countSeptets(sms)).toBeLessThanOrEqual(148);
    expect(sms).not.toMatch(/\n/);
  });

  test('leaves no control character for a program to show', () => {
    const { message } = renderIntegration(facts);
    expect(
      [message.story.title, message.story.outlet, ...message.evidence.map(({ text }) => text)].join(' '),
    ).not.toMatch(unsafe);
  });
});
