import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { MatchRow } from '../../pipeline/ports/story-store.ts';
import type { Row } from './table.ts';

/** Of a match's row on an axis: since 2 it is packed, for it is kept for a season on six axes or so, which is most of what a table holds. */
export const matchLayout = 2;

/** What every such row has in it, so that none has to hold it. Part of layout 2: a row is read with the words it was written with. */
const dictionary = Buffer.from(
  '"priority":"high","words":["priority":"critical","words":["reached":["new","corroborated","escalated","corrected"],"duplicateOf":"' +
    '{"id":"","storyline":"","duplicateOf":null,"reached":[],"title":"","url":"https://www.","source":"","outlet":"","lang":"en",' +
    '"published":"2026-01-01T00:00:00.000Z","seen":"2026-01-01T00:00:00.000Z","entities":[""],"events":[""],' +
    '"priority":"normal","words":[""],"summary":""}',
);

export function packMatchRow(row: MatchRow): Record<string, unknown> {
  return { packed: deflateRawSync(JSON.stringify(row), { dictionary }) };
}

/** Rows of the first layout hold it as a map, and some of them were filed before storylines had copies. */
export function unpackMatchRow(row: Row): MatchRow {
  if (row.packed === undefined) {
    return { duplicateOf: null, reached: [], ...(row.row as Omit<MatchRow, 'duplicateOf' | 'reached'>) };
  }
  return JSON.parse(inflateRawSync(row.packed as Uint8Array, { dictionary }).toString('utf8')) as MatchRow;
}
