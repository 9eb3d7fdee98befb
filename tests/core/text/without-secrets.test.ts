import { expect, test } from 'vitest';
import { withoutSecrets } from '../../../lib/core/text/without-secrets.ts';

test.each([
  ['an e-mail address', 'Invalid parameter: desk@news.example', 'Invalid parameter: (an address)'],
  ['an address in its own script', 'no <редакция@пример.рф>', 'no <(an address)>'],
  ['a number', 'opted out: +4915112345678', 'opted out: (a number)'],
  ['a number with blanks', '+49 151 1234-5678, again', '(a number), again'],
  [
    'a key of a publisher',
    'moved permanently to https://f.example/rss?key=s3cret&x=1: write',
    'moved permanently to https://f.example/rss?… write',
  ],
  ['a key behind a hash', '"https://f.example/rss#s3cret"', '"https://f.example/rss?…"'],
  ['a password in an address', 'not https://me:s3cret@f.example/rss', 'not https://…@f.example/rss'],
  ['a link out of an alert', 'GET /r/v1.abcdefghijklmnopqrstuvwxyz', 'GET /r/…'],
  ['a confirmation', 'at https://sns.example/?Action=ConfirmSubscription&Token=abc', 'at https://sns.example/?…'],
])('%s is left out', (_, text, left) => {
  expect(withoutSecrets(text)).toBe(left);
});

test.each([
  'ThrottlingException: Rate exceeded',
  'arn:aws:sns:eu-west-1:123456789012:Wirewatch-prod-subscriber-a1b2c3',
  'Error: no watchlist is live\n    at handler (file:///var/task/index.mjs:12:34)',
  '404: it is not there',
  'Attribute without value\nLine: 3\nColumn: 5',
  '2026-11-24T09:00:00.000Z/003',
])('%s stays as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('a document that an error quotes is cut, and takes no time', () => {
  const began = performance.now();
  expect(withoutSecrets(`${'a'.repeat(1_000_000)}`)).toHaveLength(4_000);
  expect(performance.now() - began).toBeLessThan(1_000);
});
