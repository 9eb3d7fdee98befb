import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { OpenStoryline } from '../../core/storyline/open-storyline.ts';
import type { KeptStoryline, Placed, StorylineStore } from '../../pipeline/ports/storyline-store.ts';
import { monthsBetween } from './months.ts';
import type { Key, Row, Table, Write } from './table.ts';

const head: Key = { pk: 'OPEN', sk: 'HEAD' };
const openKey = (id: string): Key => ({ pk: 'OPEN', sk: `STORYLINE#${id}` });
const closedKey = (id: string): Key => ({ pk: `STORYLINE#${id}`, sk: 'STORYLINE' });
const placedKey = (story: string): Key => ({ pk: `STORY#${story}`, sk: 'STORYLINE' });

type Open = { readonly storylines: readonly KeptStoryline[]; readonly revision: number };

/**
 * Open storylines lie together in one partition beside a head that counts its changes: a decision is one transaction that
 * names the count it was made upon. The last reading is kept, so that whoever decides alone reads the head only.
 */
export function storylineRows(table: Table, retentionDays: number): StorylineStore {
  let lastRead: Open = { storylines: [], revision: 0 };
  const expires = (from: string) => Math.floor(Date.parse(from) / 1000) + retentionDays * 86_400;

  async function open(): Promise<Open> {
    const revision = ((await table.get(head))?.revision as number | undefined) ?? 0;
    if (revision === lastRead.revision) return lastRead;
    // What is read now may be newer than the head said: then the write that names it fails, and all is read again.
    const rows = await table.queryAll({
      KeyConditionExpression: 'pk = :open AND begins_with(sk, :storyline)',
      ExpressionAttributeValues: { ':open': head.pk, ':storyline': 'STORYLINE#' },
      ConsistentRead: true,
    });
    lastRead = { storylines: rows.map(unpack), revision };
    return lastRead;
  }

  /** Writes beside the head, under the count that was read. */
  async function change(readRevision: number, writes: readonly Write[], after: Open['storylines']): Promise<boolean> {
    const revision = readRevision + 1;
    const done = await table.transact([
      {
        put: { ...head, kind: 'open', v: 1, revision },
        condition: readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
        ...(readRevision === 0 ? {} : { values: { ':read': readRevision } }),
      },
      ...writes,
    ]);
    if (done && lastRead.revision === readRevision) lastRead = { storylines: after, revision };
    return done;
  }

  return {
    open,
    async placed(story) {
      return ((await table.get(placedKey(story)))?.row as Placed | undefined) ?? null;
    },
    place({ story, seen, placed, storyline, isRevision }, readRevision) {
      const { id } = storyline.storyline;
      const others = lastRead.storylines.filter((kept) => kept.storyline.id !== id);
      return change(
        readRevision,
        [
          { put: { ...openKey(id), kind: 'storyline', v: 1, ...pack(storyline) } },
          {
            put: { ...placedKey(story), kind: 'placed', v: 1, row: placed, expires: expires(seen) },
            condition: isRevision ? 'attribute_exists(pk)' : 'attribute_not_exists(pk)',
          },
        ],
        [...others, storyline],
      );
    },
    close(kept, at, readRevision) {
      const { id, last } = kept.storyline;
      const row = { kind: 'storyline', v: 1, ...pack({ ...kept, closed: at }), expires: expires(at) };
      return change(
        readRevision,
        [
          { remove: openKey(id) },
          { put: { ...closedKey(id), ...row } },
          { put: { pk: `CLOSED#${last.slice(0, 7)}`, sk: `${last}#${id}`, ...row } },
        ],
        lastRead.storylines.filter(({ storyline }) => storyline.id !== id),
      );
    },
    async get(id) {
      const row = (await table.get(openKey(id))) ?? (await table.get(closedKey(id)));
      return row === null ? null : unpack(row);
    },
    async list({ since, until, cursor, limit, readAtMost, keep }) {
      // Both ends and the cursor are `<latest story>#<id>`, by which open and closed ones sort alike.
      const newest = cursor ?? `${until}#\uffff`;
      const inWindow = (kept: KeptStoryline) => kept.storyline.last >= since && placeInTime(kept) < newest;
      const openOnes = (await open()).storylines.filter(inWindow);
      const closed = await closedOnes(table, since, newest, Math.max(0, readAtMost - openOnes.length));
      const inOrder = [...openOnes, ...closed.rows].toSorted((a, b) => (placeInTime(a) < placeInTime(b) ? 1 : -1));
      const rows: KeptStoryline[] = [];
      let last: string | null = null;
      for (const kept of inOrder) {
        // Past the end of what was read of the closed ones, an open one may not overtake those that were not.
        if (closed.next !== null && placeInTime(kept) < closed.next) break;
        if (rows.length === limit) return { rows, next: last, read: openOnes.length + closed.rows.length };
        last = placeInTime(kept);
        if (keep(kept)) rows.push(kept);
      }
      return { rows, next: closed.next, read: openOnes.length + closed.rows.length };
    },
  };
}

function placeInTime({ storyline }: KeptStoryline): string {
  return `${storyline.last}#${storyline.id}`;
}

/** Closed storylines below a place in time, newest first; `next` is the last one's place where more may follow. */
async function closedOnes(
  table: Table,
  since: string,
  newest: string,
  readAtMost: number,
): Promise<{ readonly rows: readonly KeptStoryline[]; readonly next: string | null }> {
  const rows: KeptStoryline[] = [];
  for (const month of monthsBetween(since, newest)) {
    let from: Key | null = null;
    do {
      const page: { rows: readonly Row[]; next: Row | null } = await table.query({
        KeyConditionExpression: 'pk = :closed AND sk BETWEEN :since AND :newest',
        ExpressionAttributeValues: { ':closed': `CLOSED#${month}`, ':since': since, ':newest': newest },
        ScanIndexForward: false,
        Limit: Math.max(1, readAtMost - rows.length),
        ...(from === null ? {} : { ExclusiveStartKey: from }),
      });
      // BETWEEN includes its ends, and a cursor was looked at before.
      rows.push(...page.rows.map(unpack).filter((kept) => placeInTime(kept) < newest));
      const last = rows.at(-1);
      if (rows.length >= readAtMost && last !== undefined) return { rows, next: placeInTime(last) };
      from = page.next === null ? null : { pk: page.next.pk, sk: page.next.sk };
    } while (from !== null);
  }
  return { rows, next: null };
}

/** A storyline is written again with each of its stories, and a write is paid by the kilobyte: so it is packed. */
function pack(kept: KeptStoryline): Record<string, unknown> {
  return {
    packed: deflateRawSync(JSON.stringify(kept.storyline)),
    matched: [...kept.matched],
    ...(kept.closed === null ? {} : { closed: kept.closed }),
  };
}

function unpack(row: Row): KeptStoryline {
  return {
    storyline: JSON.parse(inflateRawSync(row.packed as Uint8Array).toString('utf8')) as OpenStoryline,
    matched: row.matched as string[],
    closed: (row.closed as string | undefined) ?? null,
  };
}
