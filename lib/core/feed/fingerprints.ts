import { createHash } from 'node:crypto';

/**
 * What is remembered of the entries a feed lists: for each, eight bytes of the story's id and four of its title. Twelve
 * bytes an entry, packed, so that the memory of a hundred entries is 1.2 kB in the feed's row. Two entries of one feed
 * share eight bytes once in 10^15 pairs.
 */
export type Fingerprints = {
  /** The title's mark of a known story, or null. */
  titleOf(storyId: string): number | null;
  /** The id's mark of a known story with this title mark, or null. */
  withTitle(title: number): string | null;
  readonly size: number;
};

const recordBytes = 12;
/** As many as a feed may list. */
const mostKept = 2_000;

export type Fingerprint = { readonly mark: string; readonly title: number };

export function fingerprintOf(storyId: string, title: string): Fingerprint {
  return { mark: markOf(storyId), title: titleMark(title) };
}

/** A title as a number: the same where only case and white space differ. */
export function titleMark(title: string): number {
  const folded = title.toLowerCase().replace(/\s+/g, ' ').trim();
  return createHash('sha256').update(folded).digest().readUInt32BE(0);
}

/** The part of a story's id that is remembered. */
export function markOf(storyId: string): string {
  return Buffer.from(storyId, 'base64url').subarray(0, 8).toString('hex');
}

export function unpackFingerprints(packed: Uint8Array): Fingerprints & { readonly list: readonly Fingerprint[] } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const list: Fingerprint[] = [];
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    list.push({ mark: bytes.toString('hex', at, at + 8), title: bytes.readUInt32BE(at + 8) });
  }
  const byMark = new Map(list.map((print) => [print.mark, print.title]));
  // Of two under one title the one that was listed last: the first in the list.
  const byTitle = new Map([...list].reverse().map((print) => [print.title, print.mark]));
  return {
    list,
    size: list.length,
    titleOf: (storyId) => byMark.get(markOf(storyId)) ?? null,
    withTitle: (title) => byTitle.get(title) ?? null,
  };
}

/**
 * Packs what the feed lists now, then what it listed before: a server that alternates between two versions of a feed
 * brings nothing twice. A third more than the listing is kept, at most 2,000; of what was kept up to a hundred is never
 * forgotten, so that a listing that is short for once loses nothing.
 */
export function packFingerprints(listed: readonly Fingerprint[], before: readonly Fingerprint[]): Uint8Array {
  const most = Math.min(mostKept, Math.max(Math.ceil((listed.length * 4) / 3), Math.min(100, before.length)));
  const kept = new Map<string, number>();
  for (const { mark, title } of [...listed, ...before]) {
    if (kept.size >= most) break;
    if (!kept.has(mark)) kept.set(mark, title);
  }
  const bytes = Buffer.alloc(kept.size * recordBytes);
  let at = 0;
  for (const [mark, title] of kept) {
    bytes.write(mark, at, 'hex');
    bytes.writeUInt32BE(title, at + 8);
    at += recordBytes;
  }
  return bytes;
}
