import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type LinkKey,
  longestLifetimeMs,
  type ReaderLink,
  readerLinks,
  readLink,
  signLink,
  usefulKeys,
} from '../../../lib/core/subscriber/signed-link.ts';

const now = new Date('2026-11-25T12:00:00.000Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const secret = (letter: string) => Buffer.from(letter.repeat(32)).toString('base64');
const current: LinkKey = { id: 2, secret: secret('b'), retired: null };
const retired: LinkKey = { id: 1, secret: secret('a'), retired: now.toISOString() };
const keys = [retired, current];
const link: ReaderLink = { action: 'mute', subscriber: 'a1b2c3d4e5f6', storyline: 'u3Jb0kq1QmS7', expires: later(30) };
const token = signLink(link, keys) ?? '';

describe('a link', () => {
  test('is read as it was written', () => {
    expect(readLink(token, keys, now)).toEqual({ kind: 'good', link });
    expect(token).toMatch(/^[\w-]{60,90}$/);
  });

  test('about no storyline likewise, and in any script', () => {
    for (const storyline of [null, '停火–①', 'x'.repeat(300)]) {
      const wish: ReaderLink = { ...link, action: 'stop', storyline };
      expect(readLink(signLink(wish, keys) ?? '', keys, now)).toEqual({ kind: 'good', link: wish });
    }
  });

  test('is signed by the key in use alone', () => {
    expect(readLink(token, [current], now).kind).toBe('good');
    expect(readLink(token, [retired], now).kind).toBe('wrong');
    expect(signLink(link, [retired])).toBeNull();
    expect(signLink(link, [])).toBeNull();
  });

  test('runs out', () => {
    expect(readLink(token, keys, later(29.9)).kind).toBe('good');
    expect(readLink(token, keys, later(30)).kind).toBe('expired');
  });

  test('of a retired key is good until the last of its links has run out', () => {
    const wish = { ...link, expires: later(400) };
    const old = signLink(wish, [{ ...retired, retired: null }]) ?? '';
    expect(readLink(old, keys, later(89)).kind).toBe('good');
    expect(readLink(old, keys, new Date(now.getTime() + longestLifetimeMs)).kind).toBe('wrong');
    expect(usefulKeys(keys, later(89))).toEqual(keys);
    expect(usefulKeys(keys, later(91))).toEqual([current]);
  });

  test.each([
    ['empty', ''],
    ['of something else', 'hello'],
    ['cut short', token.slice(0, -4)],
    ['with something after it', `${token}AAAA`],
    ['in another spelling', `${token}=`],
    ['with a space', `${token} `],
    ['with its version changed', changed(token, 0)],
    ['with its key changed', changed(token, 1)],
    ['with its action changed', changed(token, 2)],
    ['with its expiry changed', changed(token, 4)],
    ['with its lengths changed', changed(token, 7)],
    ['with its subscriber changed', changed(token, 9)],
    ['with its storyline changed', changed(token, 22)],
    ['with its signature changed', changed(token, -1)],
  ])('%s is wrong', (_, altered) => {
    expect(readLink(altered, keys, now)).toEqual({ kind: 'wrong' });
  });

  test('changed in any one bit is wrong, and whatever is sent reads without a throw', () => {
    const bytes = Buffer.from(token, 'base64url');
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.nat(7),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (at, bit, text) => {
          const altered = Buffer.from(bytes);
          altered[at] = (altered[at] ?? 0) ^ (1 << bit);
          expect(readLink(altered.toString('base64url'), keys, now)).toEqual({ kind: 'wrong' });
          expect(readLink(text, keys, now)).toEqual({ kind: 'wrong' });
          expect(readLink(Buffer.from(text).toString('base64url'), keys, now)).toEqual({ kind: 'wrong' });
        },
      ),
    );
  });
});

describe('the links of a message', () => {
  const reader = { subscriber: 'a1b2c3', storyline: 's1', now };
  const publicUrl = 'https://desk.example/';
  const read = (url: string | null) => readLink(url?.split('/r/')[1] ?? '', keys, now);

  test('are for one reader, and only the mute for one storyline', () => {
    const { muteUrl, changeUrl, stopUrl } = readerLinks(reader, { keys, publicUrl });
    expect(muteUrl).toMatch(/^https:\/\/desk\.example\/r\/[\w-]+$/);
    expect(read(muteUrl)).toMatchObject({
      kind: 'good',
      link: { action: 'mute', subscriber: 'a1b2c3', storyline: 's1' },
    });
    expect(read(changeUrl)).toMatchObject({ link: { action: 'change', storyline: null, expires: later(90) } });
    expect(read(stopUrl)).toMatchObject({ link: { action: 'stop', storyline: null, expires: later(90) } });
  });

  test('of a digest mute nothing; without a key there are none', () => {
    expect(readerLinks({ ...reader, storyline: null }, { keys, publicUrl }).muteUrl).toBeNull();
    expect(readerLinks(reader, { keys: [], publicUrl })).toEqual({ muteUrl: null, changeUrl: null, stopUrl: null });
  });
});

/** One bit of one byte. */
function changed(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64url');
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toString('base64url');
}
