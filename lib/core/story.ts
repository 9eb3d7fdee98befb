import { createHash } from 'node:crypto';

/** One news item as the rest of the system sees it, whatever the feed's format was. Times are ISO 8601 in UTC. */
export type Story = {
  /** The same for every delivery of one item, so storing it twice is harmless. */
  readonly id: string;
  /** The feed it was first seen in. */
  readonly feed: string;
  /** The newsroom; feeds of one outlet share it. */
  readonly outlet: string;
  readonly url: string | null;
  readonly title: string;
  readonly summary: string;
  readonly content: string;
  /** BCP 47, lower case; from the entry, else the feed's configuration. */
  readonly lang: string;
  /** What the feed says, unless that lies in the future: then the time we saw it. */
  readonly published: string;
  readonly seen: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
};

/**
 * Names a story by the newsroom and the page's address, so that two feeds of one outlet bring one story; by the feed
 * and the entry's own id where there is no address. 128 bits of SHA-256, in 22 characters that fit URLs and keys.
 */
export function storyId(origin: {
  outlet: string;
  feed: string;
  canonicalUrl: string | null;
  entryId: string;
}): string {
  const name =
    origin.canonicalUrl === null
      ? `feed\n${origin.feed}\n${origin.entryId}`
      : `outlet\n${origin.outlet}\n${origin.canonicalUrl}`;
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
}
