import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { durationSeconds } from '../config/duration.ts';
import { nearest } from '../config/nearest.ts';
import { fieldsOf, openYaml, scalarOf, type YamlFile } from '../config/yaml-rows.ts';
import type { Problem } from '../problem.ts';
import { checkReferences } from './check-references.ts';
import { lintWatchlist } from './lint.ts';
import type { Priority } from './matched.ts';
import { offsetInSource } from './offset-in-source.ts';
import { parseQuery } from './query.ts';
import type { Query } from './query-node.ts';
import {
  type AmbiguousSource,
  type EntitySource,
  type EventSource,
  priorities,
  type WatchlistSource,
  type WordItem,
  type WordList,
} from './watchlist-source.ts';
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

type Reader = { readonly yaml: YamlFile; readonly report: Report; readonly places: Places };

const emptyList: WordList = { items: [], query: null };
const idShape = /^[a-z0-9][a-z0-9-]{0,63}$/;
const languageShape = /^[a-z]{2,3}$/;

/**
 * Reads watchlist.yaml. An entry with an error is left out and reported with its place; the rest is returned, so that
 * one bad rule takes no other with it. Null where the file holds no watchlist at all. Never throws.
 * @param file the file's name as the user gave it, for the problems
 * @param options lint also reports what is allowed and probably not meant; it compiles the watchlist to find out
 */
export function readWatchlist(
  text: string,
  file: string,
  options: { readonly lint?: { readonly feedLanguages: readonly string[] } } = {},
): { readonly watchlist: WatchlistSource | null; readonly problems: readonly Problem[] } {
  const yaml = openYaml(text, file);
  const report: Report = (severity, at, message, remedy, offset) => {
    const place =
      at !== null && offset !== undefined ? ({ range: [offsetInSource(text, at, offset)] } as unknown as Node) : at;
    if (severity === 'error') yaml.error(place, message, remedy);
    else yaml.warn(place, message, remedy);
  };
  const reader: Reader = { yaml, report, places: { queries: [], ids: new Map(), items: new Map() } };
  const watchlist = readRoot(reader);
  const checked = watchlist === null ? null : checkReferences(watchlist, reader.places, report);
  if (checked !== null && options.lint !== undefined)
    lintWatchlist(checked, reader.places, report, options.lint.feedLanguages);
  const problems = [...yaml.problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return { watchlist: checked, problems };
}

function readRoot(reader: Reader): WatchlistSource | null {
  const { yaml, report } = reader;
  if (!isMap(yaml.root)) {
    if (yaml.problems.length === 0)
      report('error', null, 'no watchlist', 'write "entities:", "terms:" and "events:" at the top level');
    return null;
  }
  const fields = fieldsOf(yaml, yaml.root, ['publishers', 'entities', 'terms', 'events'], 'the file');
  const publishers = strings(reader, fields.get('publishers')?.value ?? null, 'publishers').map(({ text }) => text);
  const rows = <T>(name: string, read: (id: string, map: YAMLMap, key: Node) => T | null): Record<string, T> =>
    Object.fromEntries(
      entries(reader, fields.get(name)?.value ?? null, name).flatMap(([id, key, value]) => {
        reader.places.ids.set(`${name}/${id}`, key);
        if (!isMap(value)) {
          report('error', value ?? key, `${id} is not a mapping`, 'write its keys below it, indented');
          return [];
        }
        if (yaml.isBroken(value)) return [];
        const row = read(id, value, key);
        return row === null ? [] : [[id, row] as const];
      }),
    );
  return {
    publishers,
    terms: rows('terms', (id, map) => wordList(reader, map, `term #${id}`, 'list')),
    entities: rows('entities', (id, map, key) => readEntity(reader, id, map, key)),
    events: rows('events', (id, map, key) => readEvent(reader, id, map, key)),
  };
}

function entries(reader: Reader, node: Node | null, owner: string): [string, Node, Node | null][] {
  if (node === null) return [];
  if (!isMap(node)) {
    reader.report('error', node, `"${owner}" is not a mapping`, `write an id and a colon below ${owner}`);
    return [];
  }
  return node.items.flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    const id = String(pair.key.value);
    if (idShape.test(id)) return [[id, pair.key as Node, reader.yaml.follow(pair.value)]];
    reader.report(
      'error',
      pair.key as Node,
      `${JSON.stringify(id)} is no id`,
      'ids are lower-case letters, digits and hyphens, at most 64',
    );
    return [];
  });
}

function readEntity(reader: Reader, id: string, map: YAMLMap, key: Node): EntitySource {
  const owner = `entity @${id}`;
  const fields = fieldsOf(
    reader.yaml,
    map,
    ['name', 'kind', 'priority', 'aliases', 'ambiguous', 'phrases', 'stands_for'],
    owner,
  );
  const list = (name: string): WordList => {
    const field = fields.get(name);
    return field === undefined ? emptyList : anyWordList(reader, field.value, field.key, `${name} of ${owner}`, 'list');
  };
  const aliases = list('aliases');
  const ambiguous = readAmbiguous(reader, fields.get('ambiguous')?.value ?? null, owner);
  if (aliases.items.length === 0 && aliases.query === null && ambiguous.length === 0) {
    reader.report('error', key, `${owner} has no aliases`, 'write aliases: with a list for each language');
  }
  return {
    id,
    name: nameOf(reader, fields, key, owner),
    kind: textOf(fields.get('kind')?.value ?? null) ?? 'entity',
    priority: priorityOf(reader, fields.get('priority')?.value ?? null, 'normal'),
    aliases,
    ambiguous,
    phrases: list('phrases'),
    standsFor: list('stands_for'),
  };
}

function readAmbiguous(reader: Reader, node: Node | null, owner: string): AmbiguousSource[] {
  return items(reader, node, `ambiguous of ${owner}`).flatMap((row) => {
    if (!isMap(row)) {
      reader.report(
        'error',
        row,
        'an ambiguous alias is not a mapping',
        'write "- alias: …" and below it with: or not:',
      );
      return [];
    }
    const fields = fieldsOf(reader.yaml, row, ['alias', 'with', 'not'], `an ambiguous alias of ${owner}`);
    const alias = fields.get('alias');
    if (alias === undefined) {
      reader.report('error', row, 'an ambiguous entry has no alias', 'write "- alias: …"');
      return [];
    }
    const condition = (name: string) =>
      queryOf(reader, fields.get(name)?.value ?? null, owner, 'condition', { context: owner, negative: true });
    const entry = {
      alias: anyWordList(reader, alias.value, alias.key, `an ambiguous alias of ${owner}`, 'list'),
      with: condition('with'),
      not: condition('not'),
    };
    if (!fields.has('with') && !fields.has('not')) {
      reader.report(
        'error',
        row,
        'an ambiguous alias has neither with: nor not:',
        'say what company it needs, or move it to aliases',
      );
    }
    return [entry];
  });
}

function readEvent(reader: Reader, id: string, map: YAMLMap, key: Node): EventSource | null {
  const owner = `event ${id}`;
  const keys = ['name', 'priority', 'when', 'while_running', 'running', 'unless', 'party', 'implies', 'escalators'];
  const fields = fieldsOf(reader.yaml, map, keys, owner);
  const value = (name: string) => fields.get(name)?.value ?? null;
  const rule = (name: string) => queryOf(reader, value(name), `${name} of ${owner}`, 'rule', {});
  const condition = (name: string) =>
    queryOf(reader, value(name), `${name} of ${owner}`, 'condition', { negative: true });
  if (!fields.has('when'))
    reader.report('error', key, `${owner} has no when:`, 'write the query that its stories match');
  const when = rule('when');
  const event = {
    id,
    name: nameOf(reader, fields, key, owner),
    priority: priorityOf(reader, value('priority'), 'normal'),
    whileRunning: rule('while_running'),
    running: runningOf(reader, value('running'), owner),
    unless: condition('unless'),
    party: condition('party'),
    implies: readImplies(reader, value('implies'), owner),
    escalators: readEscalators(reader, value('escalators'), owner),
  };
  return when === null ? null : { ...event, when };
}

function runningOf(reader: Reader, node: Node | null, owner: string): EventSource['running'] {
  const usual = { outlets: 3, withinHours: 72 };
  if (!isMap(node)) {
    if (node !== null)
      reader.report('error', node, `running of ${owner} is not a mapping`, 'write running: {outlets: 3, within: 72h}');
    return usual;
  }
  const fields = fieldsOf(reader.yaml, node, ['outlets', 'within'], `running of ${owner}`);
  const outlets = fields.get('outlets');
  const within = fields.get('within');
  const count = outlets === undefined ? usual.outlets : scalarOf(outlets.value);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 20) {
    reader.report('error', outlets?.value ?? node, 'outlets is not a whole number from 1 to 20', 'write outlets: 3');
  }
  const seconds = within === undefined ? usual.withinHours * 3_600 : durationSeconds(String(scalarOf(within.value)));
  if (seconds === null || seconds < 3_600 || seconds > 30 * 86_400) {
    reader.report('error', within?.value ?? node, 'within is no time from 1h to 30d', 'write within: 72h');
  }
  return {
    outlets: typeof count === 'number' ? count : usual.outlets,
    withinHours: Math.round((seconds ?? 259_200) / 3_600),
  };
}

function readImplies(reader: Reader, node: Node | null, owner: string): EventSource['implies'] {
  return items(reader, node, `implies of ${owner}`).flatMap((row) => {
    if (isMap(row)) {
      const fields = fieldsOf(reader.yaml, row, ['event', 'if'], `implies of ${owner}`);
      const event = textOf(fields.get('event')?.value ?? null);
      if (event === null) reader.report('error', row, 'implies names no event', 'write {event: id, if: query}');
      else reader.places.ids.set(`implies/${owner}/${event}`, fields.get('event')!.value!);
      const condition = queryOf(reader, fields.get('if')?.value ?? null, `implies of ${owner}`, 'condition', {
        negative: true,
      });
      return event === null ? [] : [{ event, if: condition }];
    }
    const event = textOf(row);
    if (event === null) return [];
    reader.places.ids.set(`implies/${owner}/${event}`, row);
    return [{ event, if: null }];
  });
}

function readEscalators(reader: Reader, node: Node | null, owner: string): EventSource['escalators'] {
  return items(reader, node, `escalators of ${owner}`).flatMap((row) => {
    if (!isMap(row)) {
      reader.report('error', row, 'an escalator is not a mapping', 'write {to: critical, when: query}');
      return [];
    }
    const fields = fieldsOf(reader.yaml, row, ['to', 'when'], `escalators of ${owner}`);
    const to = priorityOf(reader, fields.get('to')?.value ?? null, 'high');
    const when = queryOf(reader, fields.get('when')?.value ?? null, `escalators of ${owner}`, 'condition', {
      negative: true,
    });
    if (when === null && !fields.has('when'))
      reader.report('error', row, 'an escalator has no when:', 'write {to: critical, when: query}');
    return when === null ? [] : [{ to, when }];
  });
}

/** A word list, or a single item or list of items that count in every language. */
function anyWordList(reader: Reader, node: Node | null, key: Node, owner: string, role: QueryRole): WordList {
  if (isMap(node)) return wordList(reader, node, owner, role);
  const found = strings(reader, node, owner).flatMap((item) => checkedItem(reader, item, 'any'));
  if (found.length === 0)
    reader.report('error', node ?? key, `${owner}: the list is empty`, 'write at least one word, or leave the key out');
  return { items: found, query: null };
}

function wordList(reader: Reader, map: YAMLMap, owner: string, role: QueryRole): WordList {
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

function strings(reader: Reader, node: Node | null, owner: string): { readonly text: string; readonly node: Node }[] {
  return items(reader, node, owner).flatMap((item) => {
    const text = textOf(item);
    if (text !== null) return [{ text, node: item }];
    reader.report('error', item, `${owner}: an item is not a text`, 'put it in quotes');
    return [];
  });
}

/** The items of a list; a single value is a list of one. */
function items(reader: Reader, node: Node | null, owner: string): Node[] {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isSeq(node)) return [node];
  return node.items.flatMap((item) => {
    const followed = reader.yaml.follow(item);
    if (followed === null)
      reader.report('error', node, `${owner}: an item is empty`, 'write a value, or leave the item out');
    return followed === null ? [] : [followed];
  });
}

function queryOf(
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

function nameOf(reader: Reader, fields: Fields, key: Node, owner: string): string {
  const name = textOf(fields.get('name')?.value ?? null);
  if (name === null || name.trim() === '')
    reader.report('error', key, `${owner} has no name`, 'write name: and what readers call it');
  return name ?? '';
}

function priorityOf(reader: Reader, node: Node | null, usual: Priority): Priority {
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

function textOf(node: Node | null): string | null {
  const value = scalarOf(node);
  return value === undefined ? null : String(value);
}
