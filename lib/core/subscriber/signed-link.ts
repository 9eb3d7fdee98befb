import { createHmac, timingSafeEqual } from 'node:crypto';
import { dayMs } from './local-time.ts';

/** What the holder of a link may do: with this storyline, with the preferences, or end the subscription. */
export type LinkAction = 'mute' | 'change' | 'stop';

export type ReaderLink = {
  readonly action: LinkAction;
  readonly subscriber: string;
  /** Only for `mute`. */
  readonly storyline: string | null;
  /** To the second. */
  readonly expires: Date;
};

/** A key that links are signed with. */
export type LinkKey = {
  /** 0 to 255; a link names it. */
  readonly id: number;
  /** 32 random bytes, base64 */
  readonly secret: string;
  /** Signs no more since then (ISO 8601); null for the one in use. */
  readonly retired: string | null;
};

export type ReadLink =
  | { readonly kind: 'good'; readonly link: ReaderLink }
  /** Signed by us, and too old. */
  | { readonly kind: 'expired'; readonly link: ReaderLink }
  | { readonly kind: 'wrong' };

/** A mute is clicked within days; the link to change or stop is looked for in mail of months ago. */
const lifetimeMs: Readonly<Record<LinkAction, number>> = { mute: 30 * dayMs, change: 90 * dayMs, stop: 90 * dayMs };
export const longestLifetimeMs = Math.max(...Object.values(lifetimeMs));

const version = 1;
const actions: readonly LinkAction[] = ['mute', 'change', 'stop'];
const headBytes = 8;
/** HMAC-SHA256 cut to 128 bits, the least that RFC 2104 (section 5) advises: it keeps the link shorter by a third. */
const signatureBytes = 16;

/** The links of one message to one reader; null where no key signs. `storyline` is null for a digest as a whole. */
export function readerLinks(
  {
    subscriber,
    storyline,
    now,
  }: { readonly subscriber: string; readonly storyline: string | null; readonly now: Date },
  { keys, publicUrl }: { readonly keys: readonly LinkKey[]; readonly publicUrl: string },
): { readonly muteUrl: string | null; readonly changeUrl: string | null; readonly stopUrl: string | null } {
  const urlFor = (action: LinkAction, about: string | null) => {
    const expires = new Date(now.getTime() + lifetimeMs[action]);
    const token = signLink({ action, subscriber, storyline: about, expires }, keys);
    return token === null ? null : `${publicUrl.replace(/\/$/, '')}/r/${token}`;
  };
  return {
    muteUrl: storyline === null ? null : urlFor('mute', storyline),
    changeUrl: urlFor('change', null),
    stopUrl: urlFor('stop', null),
  };
}

/** The token of a link, base64url; null where no key signs. */
export function signLink(link: ReaderLink, keys: readonly LinkKey[]): string | null {
  const key = keys.find(({ retired }) => retired === null);
  if (key === undefined) return null;
  const subscriber = Buffer.from(link.subscriber);
  if (subscriber.length > 255) throw new Error(`a subscriber id of ${subscriber.length} bytes`);
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(version, 0);
  head.writeUInt8(key.id, 1);
  head.writeUInt8(actions.indexOf(link.action), 2);
  head.writeUInt32BE(Math.floor(link.expires.getTime() / 1_000), 3);
  head.writeUInt8(subscriber.length, 7);
  const payload = Buffer.concat([head, subscriber, Buffer.from(link.storyline ?? '')]);
  return Buffer.concat([payload, signatureOf(payload, key)]).toString('base64url');
}

/** Reads a token; good only as one of the keys signed it, whole and in time. */
export function readLink(token: string, keys: readonly LinkKey[], now: Date): ReadLink {
  const bytes = Buffer.from(token, 'base64url');
  // Decoding is lenient: only the one spelling that we would write is ours.
  if (bytes.toString('base64url') !== token || bytes.length < headBytes + signatureBytes) return { kind: 'wrong' };
  const payload = bytes.subarray(0, -signatureBytes);
  const key = keys.find(({ id }) => id === payload.readUInt8(1));
  if (key === undefined || !mayVerify(key, now)) return { kind: 'wrong' };
  if (!timingSafeEqual(bytes.subarray(-signatureBytes), signatureOf(payload, key))) return { kind: 'wrong' };
  const action = actions[payload.readUInt8(2)];
  if (payload.readUInt8(0) !== version || action === undefined) return { kind: 'wrong' };
  const storylineAt = headBytes + payload.readUInt8(7);
  const storyline = payload.subarray(storylineAt).toString();
  const link = {
    action,
    subscriber: payload.subarray(headBytes, storylineAt).toString(),
    storyline: storyline === '' ? null : storyline,
    expires: new Date(payload.readUInt32BE(3) * 1_000),
  };
  return { kind: link.expires > now ? 'good' : 'expired', link };
}

/** The keys without those whose last links have run out. */
export function usefulKeys(keys: readonly LinkKey[], now: Date): readonly LinkKey[] {
  return keys.filter((key) => mayVerify(key, now));
}

function mayVerify({ retired }: LinkKey, now: Date): boolean {
  return retired === null || now.getTime() < Date.parse(retired) + longestLifetimeMs;
}

function signatureOf(payload: Buffer, { secret }: LinkKey): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(payload).digest().subarray(0, signatureBytes);
}
