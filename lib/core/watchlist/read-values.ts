import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { nearest } from '../config/nearest.ts';
import { type fieldsOf, scalarOf, type YamlFile } from '../config/yaml-rows.ts';
import type { Problem } from '../problem.ts';
import type { Priority } from './matched.ts';
import { parseQuery } from './query.ts';
import type { Query } from './query-node.ts';
import { priorities, type WordItem, type WordList } from './watchlist-source.ts';
import { itemFault } from './word-item.ts';

/** Reports a problem; `offset` is one within the scalar at the node, where it is known. */
export type Report = (
  severity: Problem['severity'],
  at: Node | null,
  message: string,
  remedy: string,
  offset?: number,
) => void;

/** Where each query and id stands, for the checks that need the whole file. */
export type Places = {
  readonly queries: {
    readonly query: Query;
    readonly node: Node;
    readonly owner: string;
    readonly role: QueryRole;
    readonly context: string | null;
  }[];
  readonly ids: Map<string, Node>;
  /** Where each item of a word list stands. */
  readonly items: Map<WordItem, Node>;
};

export type QueryRole = 'condition' | 'rule' | 'list' | 'party';

export type Reader = { readonly yaml: YamlFile; readonly report: Report; readonly places: Places };

const languageShape = /^[a-z]{2,3}$/;

/** A word list, or a single item or list of items that count in every language. */
export function anyWordList(reader: Reader, node: Node | null, key: Node, owner: string, role: QueryRole): WordList {
  if (isMap(node)) return wordList(reader, node, owner, role);
  const found = strings(reader, node, owner).flatMap((item) => checkedItem(reader, item, 'any'));
  if (found.length === 0)
    reader.report('error', node ?? key, `${owner}: the list is empty`, 'write at least one word, or leave the key out');
  return { items: found, query: null };
}

export function wordList(reader: Reader, map: YAMLMap, owner: string, role: QueryRole): WordList {
  const found: WordItem[] = [];
  let query: Query | null = null;
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const value = reader.yaml.follow(pair.value);
    const at = (isScalar(pair.key) ? pair.key : map) as Node;
    if (key === 'query') {
      query = queryOf(reader, value, owner, role, {});
      if (value === null)
        reader.report('error', at, `${owner}: query: is empty`, 'write a query, or leave the line out');
      continue;
    }
    if (!languageShape.test(key) && key !== 'any') {
      reader.report(
        'error',
        at,
        `${JSON.stringify(key)} is no language in ${owner}`,
        'use a tag such as en, fa or zh; any for all languages; query for a query',
      );
      continue;
    }
    const listed = strings(reader, value, `${key} of ${owner}`);
    if (listed.length === 0)
      reader.report(
        'error',
        value ?? at,
        `${key} of ${owner}: the list is empty`,
        'write at least one word, or leave the line out',
      );
    for (const item of listed) found.push(...checkedItem(reader, item, key));
  }
  if (map.items.length === 0)
    reader.report('error', map, `${owner}: the list is empty`, 'write at least one word, or leave the key out');
  return { items: found, query };
}

function checkedItem(reader: Reader, item: { readonly text: string; readonly node: Node }, lang: string): WordItem[] {
  const fault = itemFault(item.text);
  if (fault === null) {
    const found = { text: item.text, lang };
    reader.places.items.set(found, item.node);
    return [found];
  }
  reader.report('error', item.node, fault.message, fault.remedy);
  return [];
}

export function strings(
  reader: Reader,
  node: Node | null,
  owner: string,
): { readonly text: string; readonly node: Node }[] {
  return items(reader, node, owner).flatMap((item) => {
    const text = textOf(item);
    if (text !== null) return [{ text, node: item }];
    reader.report('error', item, `${owner}: an item is not a text`, 'put it in quotes');
    return [];
  });
}

/** The items of a list; a single value is a list of one. */
export function items(reader: Reader, node: Node | null, owner: string): Node[] {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isSeq(node)) return [node];
  return node.items.flatMap((item) => {
    const followed = reader.yaml.follow(item);
    if (followed === null)
      reader.report('error', node, `${owner}: an item is empty`, 'write a value, or leave the item out');
    return followed === null ? [] : [followed];
  });
}

export function queryOf(
  reader: Reader,
  node: Node | null,
  owner: string,
  role: QueryRole,
  options: { readonly context?: string; readonly negative?: boolean },
): Query | null {
  if (node === null) return null;
  const text = textOf(node);
  if (text === null) {
    reader.report('error', node, `${owner}: a query is not a text`, 'put the query in single quotes');
    return null;
  }
  const parsed = parseQuery(text, { negative: options.negative === true });
  if (parsed.kind === 'fault') {
    reader.report('error', node, `${owner}: ${parsed.fault.message}`, parsed.fault.remedy, parsed.fault.offset);
    return null;
  }
  reader.places.queries.push({ query: parsed.query, node, owner, role, context: options.context ?? null });
  return parsed.query;
}

type Fields = ReturnType<typeof fieldsOf>;

export function nameOf(reader: Reader, fields: Fields, key: Node, owner: string): string {
  const name = textOf(fields.get('name')?.value ?? null);
  if (name === null || name.trim() === '')
    reader.report('error', key, `${owner} has no name`, 'write name: and what readers call it');
  return name ?? '';
}

export function priorityOf(reader: Reader, node: Node | null, usual: Priority): Priority {
  const text = textOf(node);
  if (text === null) return usual;
  const found = priorities.find((priority) => priority === text);
  if (found !== undefined) return found;
  const near = nearest(text, priorities);
  reader.report(
    'error',
    node,
    `${JSON.stringify(text)} is no priority`,
    near === null ? `write one of ${priorities.join(', ')}` : `did you mean "${near}"?`,
  );
  return usual;
}

export function textOf(node: Node | null): string | null {
  const value = scalarOf(node);
  return value === undefined ? null : String(value);
}
