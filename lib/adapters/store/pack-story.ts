import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Evidence, Priority } from '../../core/watchlist/matched.ts';
import type { StoredMatch, StoredStory } from '../../pipeline/ports.ts';
import type { Row } from './table.ts';

/** What a story row may weigh: two write units. */
const rowBytes = 2_048;
/** Room for keys, times, ids and attribute names, which are not cut. */
const fixedBytes = 420;
const spans = 10;

/**
 * A story as a row of at most 2 kB. Title and summary are cut at a generous length, evidence to ten spans; the content
 * is compressed and takes what room is left, or is left out.
 */
export function packStory(story: StoredStory): Record<string, unknown> {
  const evidence = story.match === null ? [] : story.match.evidence.slice(0, spans).map(packEvidence);
  const title = cutToBytes(story.title, 400);
  const rest = [
    story.url ?? '',
    ...story.authors.slice(0, 3),
    ...story.categories.slice(0, 6),
    ...story.revisions.map(({ title }) => cutToBytes(title, 120)),
    ...(story.match === null ? [] : [...story.match.entities, ...story.match.events]),
    JSON.stringify(evidence),
  ];
  const taken = fixedBytes + bytes(title) + rest.reduce((sum, text) => sum + bytes(text) + 3, 0);
  const summary = cutToBytes(story.summary, Math.max(160, Math.min(700, rowBytes - taken)));
  return {
    storyId: story.id,
    feed: story.feed,
    outlet: story.outlet,
    url: story.url,
    title,
    summary,
    content: packContent(story.content, rowBytes - taken - bytes(summary)),
    lang: story.lang,
    published: story.published,
    seen: story.seen,
    authors: story.authors.slice(0, 3).map((author) => cutToBytes(author, 60)),
    categories: story.categories.slice(0, 6).map((category) => cutToBytes(category, 40)),
    tell: story.tell,
    trace: story.trace,
    revisions: story.revisions.map(({ at, title }) => ({ at, title: cutToBytes(title, 120) })),
    ...(story.match === null ? {} : { match: packMatch(story.match, evidence) }),
  };
}

export function unpackStory(row: Row): StoredStory {
  return {
    id: row.storyId as string,
    feed: row.feed as string,
    outlet: row.outlet as string,
    url: (row.url as string | null) ?? null,
    title: row.title as string,
    summary: row.summary as string,
    content: row.content === undefined ? '' : inflateRawSync(row.content as Uint8Array).toString('utf8'),
    lang: row.lang as string,
    published: row.published as string,
    seen: row.seen as string,
    authors: row.authors as string[],
    categories: row.categories as string[],
    tell: row.tell === true,
    trace: (row.trace as string | undefined) ?? '',
    revisions: (row.revisions as StoredStory['revisions'] | undefined) ?? [],
    undecidedSince: (row.workSk as string | undefined) ?? null,
    match: row.match === undefined ? null : unpackMatch(row.match as PackedMatch),
  };
}

type PackedEvidence = readonly [target: string, field: string, start: number, end: number, text: string];
type PackedMatch = {
  readonly entities: string[];
  readonly events: string[];
  readonly priority: Priority;
  readonly watchlist: string;
  readonly evidence: readonly PackedEvidence[];
};

function packEvidence(span: Evidence): PackedEvidence {
  return [span.target, span.field, span.start, span.end, cutToBytes(span.text, 60)];
}

function packMatch(match: StoredMatch, evidence: readonly PackedEvidence[]): PackedMatch {
  return {
    entities: [...match.entities],
    events: [...match.events],
    priority: match.priority,
    watchlist: match.watchlist,
    evidence,
  };
}

function unpackMatch(packed: PackedMatch): StoredMatch {
  return {
    ...packed,
    evidence: packed.evidence.map(([target, field, start, end, text]) => ({
      target,
      field: field as Evidence['field'],
      start,
      end,
      text,
    })),
  };
}

function packContent(content: string, room: number): Uint8Array | undefined {
  // Below this a sentence does not fit and the summary says as much.
  if (content === '' || room < 120) return undefined;
  for (let length = Math.min(content.length, room * 3); length > 80; length = Math.floor(length * 0.8)) {
    const packed = deflateRawSync(cutToBytes(content.slice(0, length), room * 6));
    if (packed.length <= room) return packed;
  }
  return undefined;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Cuts to so many bytes of UTF-8 without splitting a character, and shows that it did. */
export function cutToBytes(text: string, most: number): string {
  if (bytes(text) <= most) return text;
  let cut = Buffer.from(text)
    .subarray(0, Math.max(0, most - 3))
    .toString('utf8');
  while (cut.endsWith('\ufffd')) cut = cut.slice(0, -1);
  return `${cut}…`;
}
