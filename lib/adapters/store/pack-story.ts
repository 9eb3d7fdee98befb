import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Evidence, Priority } from '../../core/watchlist/matched.ts';
import type { StoredMatch, StoredStory } from '../../pipeline/ports/story-store.ts';
import { itemBytes } from './item-size.ts';
import type { Row } from './table.ts';

/** What a story row may weigh: two write units. */
const rowBytes = 2_048;
/** A write unit, which the content of a story that matched nothing does not take the row beyond. */
const unitBytes = 1_024;
/** Keys, kind, layout and expiry, and the wait of a match: what is added to what is packed here. */
const keyBytes = 70;
const waitBytes = 50;

/** Of a story's row: since 2 all but its keys is packed, which takes a third of the bytes and, in most scripts, a write unit. */
export const storyLayout = 2;

/** What every packed text has in it, so that none has to hold it. Part of layout 2: a row is read with the words it was written with. */
const dictionary = Buffer.from(
  '{"feed":"","outlet":"","url":"https://www.","title":"","summary":"","lang":"en","published":"2026-01-01T00:00:00.000Z",' +
    '"seen":"2026-01-01T00:00:00.000Z","authors":[],"categories":[],"tell":true,"trace":"2026-01-01T00:00:00.000Z/000","revisions":[]',
);

/** What the parts that give way are cut to, in the order tried: a row takes the first that fits. */
const cuts = [
  { title: 400, summary: 700, spans: 10, words: 60, revisions: 10, labels: 6 },
  { title: 400, summary: 400, spans: 8, words: 48, revisions: 5, labels: 4 },
  { title: 400, summary: 250, spans: 6, words: 40, revisions: 3, labels: 2 },
  { title: 320, summary: 160, spans: 4, words: 30, revisions: 2, labels: 1 },
  { title: 240, summary: 80, spans: 2, words: 24, revisions: 1, labels: 0 },
] as const;

/**
 * A story as a row of at most 2 kB: title, summary, evidence, labels and earlier titles are cut as far as they have to be; the
 * content takes what room is left, or is left out; of a story that matched nothing, what room is left of the write unit that the
 * rest has begun, for only replays ask for it. Ids and the address are whole (a link cut short leads
 * nowhere): a long address under many long ids alone makes a row larger.
 */
export function packStory(story: StoredStory): Record<string, unknown> {
  let row: Record<string, unknown> = {};
  const besides = story.match === null ? keyBytes : keyBytes + waitBytes;
  for (const cut of cuts) {
    row = { packed: deflateRawSync(JSON.stringify(packText(story, cut)), { dictionary }) };
    if (itemBytes(row) + besides <= rowBytes) break;
  }
  const bytes = itemBytes(row) + besides;
  const mayTake = story.match === null && bytes < unitBytes ? unitBytes : rowBytes;
  const room = mayTake - bytes - 'content'.length;
  return { ...row, content: packContent(story.content, room) };
}

function packText(story: StoredStory, cut: (typeof cuts)[number]): Record<string, unknown> {
  return {
    feed: story.feed,
    outlet: story.outlet,
    url: story.url,
    title: cutToBytes(story.title, cut.title),
    summary: cutToBytes(story.summary, cut.summary),
    lang: cutToBytes(story.lang, 35),
    published: story.published,
    seen: story.seen,
    authors: story.authors.slice(0, Math.min(3, cut.labels)).map((author) => cutToBytes(author, 60)),
    categories: story.categories.slice(0, cut.labels).map((category) => cutToBytes(category, 40)),
    tell: story.tell,
    trace: story.trace,
    revisions: story.revisions.slice(-cut.revisions).map(({ at, title }) => ({ at, title: cutToBytes(title, 120) })),
    ...(story.match === null ? {} : { match: packMatch(story.match, cut) }),
  };
}

/** Whether a stored title is this one, though it may have been cut when it was stored. */
export function isStoredTitle(stored: string, title: string): boolean {
  const whole = title.toWellFormed();
  return stored === whole || (stored.endsWith('…') && whole.startsWith(stored.slice(0, -1)));
}

export function unpackStory(row: Row): StoredStory {
  const text = textOf(row);
  return {
    id: row.pk.slice('STORY#'.length),
    feed: text.feed as string,
    outlet: text.outlet as string,
    url: (text.url as string | null) ?? null,
    title: text.title as string,
    summary: text.summary as string,
    content: row.content === undefined ? '' : inflateRawSync(row.content as Uint8Array).toString('utf8'),
    lang: text.lang as string,
    published: text.published as string,
    seen: text.seen as string,
    authors: text.authors as string[],
    categories: text.categories as string[],
    tell: text.tell === true,
    trace: (text.trace as string | undefined) ?? '',
    revisions: (text.revisions as StoredStory['revisions'] | undefined) ?? [],
    undecidedSince: (row.workSk as string | undefined) ?? null,
    match: text.match === undefined ? null : unpackMatch(text.match as PackedMatch),
  };
}

/** Rows of the first layout hold each field as an attribute. */
function textOf(row: Row): Readonly<Record<string, unknown>> {
  if (row.packed === undefined) return row;
  return JSON.parse(inflateRawSync(row.packed as Uint8Array, { dictionary }).toString('utf8')) as Record<
    string,
    unknown
  >;
}

type PackedEvidence = readonly [target: string, field: string, start: number, end: number, text: string];
type PackedMatch = {
  readonly entities: string[];
  readonly events: string[];
  readonly priority: Priority;
  readonly watchlist: string;
  readonly evidence: readonly PackedEvidence[];
};

function packMatch(match: StoredMatch, cut: { spans: number; words: number }): PackedMatch {
  return {
    entities: [...match.entities],
    events: [...match.events],
    priority: match.priority,
    watchlist: match.watchlist,
    evidence: spansOf(match.evidence, cut.spans).map((span) => [
      span.target,
      span.field,
      span.start,
      span.end,
      cutToBytes(span.text, cut.words),
    ]),
  };
}

/** So many spans, one for each target before a second for any: every reason keeps words to show. */
function spansOf(evidence: readonly Evidence[], most: number): readonly Evidence[] {
  const targets = new Set<string>();
  const first = evidence.filter(({ target }) => !targets.has(target) && targets.add(target));
  const chosen = new Set([...new Set([...first, ...evidence])].slice(0, most));
  return evidence.filter((span) => chosen.has(span));
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
  if (content === '') return undefined;
  let length = Math.min(content.length, room * 4);
  // Below eighty characters a cut text says no more than the summary does.
  for (let isWhole = length === content.length; isWhole || length > 80; isWhole = false) {
    const packed = deflateRawSync(content.slice(0, length).toWellFormed());
    if (packed.length <= room) return packed;
    length = Math.floor(length * 0.93);
  }
  return undefined;
}

/** Cuts to so many bytes of UTF-8 without splitting a character, and shows that it did. */
export function cutToBytes(text: string, most: number): string {
  // Half of a surrogate pair is no character: DynamoDB refuses the row, and with it the story.
  if (Buffer.byteLength(text) <= most) return text.toWellFormed();
  let cut = Buffer.from(text)
    .subarray(0, Math.max(0, most - 3))
    .toString('utf8');
  while (cut.endsWith('\ufffd')) cut = cut.slice(0, -1);
  return `${cut}…`;
}
