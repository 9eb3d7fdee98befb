import Parser from 'rss-parser';
import { entryFields, feedFields } from './feed-elements.ts';
import type { RepairedFeed } from './repair-xml.ts';

/** One occurrence of an element as xml2js gives it: its text, or its text under `_` and its attributes under `$`. */
export type RawValue = string | { readonly _?: string; readonly $?: Readonly<Record<string, string>> };

/** Every occurrence of every element that was asked for, by our name for it; `$` holds the attributes. */
export type RawRecord = Readonly<Record<string, readonly RawValue[] | Readonly<Record<string, string>> | undefined>>;

export type RawFeed = { readonly head: RawRecord; readonly entries: readonly RawRecord[] };

/**
 * The seam to rss-parser: repaired text in, raw arrays out. It sees a document of its own kind in which only the
 * skeleton keeps its names. All fields are renamed on the way in, so that its date parsing (which throws), its snippets
 * (which hang) and its link handling never meet them, and come back whole through customFields.
 */
export async function parseXml(feed: RepairedFeed): Promise<RawFeed> {
  const parser = new Parser<RawRecord, RawRecord>({
    defaultRSS: 2,
    customFields: { feed: customFields(feedFields), item: customFields(entryFields) } as never,
    xml2js: { tagNameProcessors: [renamed] },
  });
  const raw = await parser.parseString(document(feed));
  return { head: raw, entries: raw.items };
}

const skeleton: ReadonlySet<string> = new Set(['rss', 'rdf:RDF', 'channel', 'item', 'feed', 'entry']);

/** Made once: a new string for each tag would be a slow key. */
const newNames = new Map([...feedFields, ...entryFields, 'author', 'source'].map((name) => [name, `field-${name}`]));

function renamed(name: string): string {
  return skeleton.has(name) ? name : (newNames.get(name) ?? `field-${name}`);
}

function customFields(names: readonly string[]) {
  const fields = ['$', ...new Set([...names, 'author', 'source'])];
  return fields.map((name) => [name === '$' ? name : renamed(name), name, { keepArray: true }]);
}

function document({ format, attributes, head, entries }: RepairedFeed): string {
  const items = entries.map((entry) => entry.xml).join('');
  // The attribute is there because an element without attributes or children would come back as an empty text.
  if (format === 'atom') return `<feed kind="atom"${attributes}>${head}${items}</feed>`;
  if (format === 'rdf') return `<rdf:RDF><channel kind="rdf"${attributes}>${head}</channel>${items}</rdf:RDF>`;
  return `<rss version="2.0"><channel kind="rss"${attributes}>${head}${items}</channel></rss>`;
}
