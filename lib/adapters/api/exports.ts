import { type AtomEntry, atom, atomId } from '../../core/export/atom.ts';
import { matchColumns, storylineColumns } from '../../core/export/columns.ts';
import { csv } from '../../core/export/csv.ts';
import type { MatchRow } from '../../pipeline/ports/story-store.ts';
import { readChoice } from '../../pipeline/query-values.ts';
import type { StorylineRow } from '../../pipeline/storyline-reader.ts';
import type { Answer, Asked } from './route.ts';
import { ref } from './schema.ts';

const types = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  csv: 'text/csv',
  atom: 'application/atom+xml',
} as const;

type Format = keyof typeof types;
const formats = Object.keys(types) as readonly Format[];

export type Exported =
  | { readonly name: 'matches'; readonly rows: readonly MatchRow[]; readonly page: Page }
  | { readonly name: 'storylines'; readonly rows: readonly StorylineRow[]; readonly page: Page };

type Page = { readonly next: string | null; readonly read: number };

/** One page in the format that the request asks for. Whatever the format, a Link header says where the next page is. */
export function exported(list: Exported, asked: Asked): Response {
  const format = readChoice('format', asked.query.format, formats) ?? accepted(asked.accept);
  const headers = new Headers({ 'content-type': `${types[format]}${format === 'json' ? '' : '; charset=utf-8'}` });
  headers.set('vary', 'accept');
  if (list.page.next !== null) headers.append('link', `<${address(asked, { cursor: list.page.next })}>; rel="next"`);
  if (format === 'json') {
    const feed = address(asked, { format: 'atom', cursor: null });
    headers.append('link', `<${feed}>; rel="alternate"; type="${types.atom}"`);
  }
  if (format === 'csv' || format === 'jsonl') {
    headers.set('content-disposition', `attachment; filename="${list.name}.${format}"`);
  }
  return new Response(written(list, format, asked), { headers });
}

function written(list: Exported, format: Format, asked: Asked): string {
  if (format === 'json') return JSON.stringify(list.page);
  if (format === 'jsonl') return list.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  if (format === 'atom') return asAtom(list, asked);
  return list.name === 'matches' ? csv(list.rows, matchColumns) : csv(list.rows, storylineColumns);
}

function asAtom(list: Exported, asked: Asked): string {
  // What names the feed is what it asks for, in one order, not where a page of it begins.
  const filters = [...asked.url.searchParams].filter(([name]) => !['format', 'cursor', 'limit'].includes(name));
  const query = new URLSearchParams(filters.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  const about = filters.map(([name, value]) => `${name} ${value}`).join(', ');
  return atom({
    id: atomId(list.name, query),
    title: `Wirewatch ${list.name}${about === '' ? '' : `: ${about}`}`,
    self: address(asked, {}),
    next: list.page.next === null ? null : address(asked, { cursor: list.page.next }),
    entries: list.name === 'matches' ? list.rows.map(matchEntry) : list.rows.map(storylineEntry),
  });
}

function matchEntry(row: MatchRow): AtomEntry {
  const { id, title, summary, url, outlet, lang, published, seen } = row;
  return {
    ...{ id: atomId('story', id), title, summary, url, author: outlet, lang, published, updated: seen },
    categories: [...row.events, ...row.entities],
  };
}

function storylineEntry(row: StorylineRow): AtomEntry {
  const { id, title, stories, outlets, states, opened, last } = row;
  return {
    ...{ id: atomId('storyline', id), title, url: null, author: outlets.join(', ') || 'Wirewatch', lang: null },
    summary: `${states.join(', ')}; stories: ${stories}; outlets: ${outlets.join(', ')}`,
    ...{ published: opened, updated: last, categories: [...row.events, ...row.entities] },
  };
}

/** The address that was asked, with parameters set, or taken away where null. */
function address({ url }: Asked, changes: Readonly<Record<string, string | null>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
}

/** The format an Accept header likes best (RFC 9110, 12.5.1); JSON where it likes none of ours. */
function accepted(accept: string): Format {
  const wishes = accept.split(',').flatMap((part, order) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    const format = type === 'application/x-ndjson' ? 'jsonl' : formats.find((name) => types[name] === type);
    return format === undefined || !(quality > 0) ? [] : [{ format, quality, order }];
  });
  return wishes.sort((a, b) => b.quality - a.quality || a.order - b.order)[0]?.format ?? 'json';
}

/** What the document says of such an answer. */
export function exportFormats(description: string, page: string, row: string): Answer {
  return {
    description: `${description}: as JSON, as JSON Lines (one ${row} a line), as CSV (safe to open in a spreadsheet) or as an Atom feed.`,
    headers: {
      link: {
        description: 'rel="next": the next page; rel="alternate": the same as an Atom feed.',
        schema: { type: 'string' },
      },
    },
    content: {
      [types.json]: { schema: ref(page) },
      [types.jsonl]: { schema: ref(row) },
      [types.csv]: { schema: { type: 'string' } },
      [types.atom]: { schema: { type: 'string' } },
    },
  };
}
