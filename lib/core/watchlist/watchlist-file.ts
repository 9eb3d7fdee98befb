import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { fieldsOf, openYaml } from '../config/yaml-rows.ts';
import type { Problem } from '../problem.ts';
import { checkReferences } from './check-references.ts';
import { lintWatchlist } from './lint.ts';
import { offsetInSource } from './offset-in-source.ts';
import { readEntity } from './read-entity.ts';
import { readEvent } from './read-event.ts';
import { type Reader, type Report, strings, wordList } from './read-values.ts';
import { readWeights } from './read-weights.ts';
import type { WatchlistSource } from './watchlist-source.ts';

const idShape = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Reads watchlist.yaml. An entry with an error is left out and reported with its place; the rest is returned, so that
 * one bad rule takes no other with it. Null where the file holds no watchlist at all. Never throws.
 * @param file the file's name as the user gave it, for the problems
 * @param options lint also reports what is allowed and probably not meant; it compiles the watchlist to find out.
 * base holds what the file may name beside its own: a rule alone is read against the watchlist it is meant for
 */
export function readWatchlist(
  text: string,
  file: string,
  options: { readonly lint?: { readonly feedLanguages: readonly string[] }; readonly base?: WatchlistSource } = {},
): { readonly watchlist: WatchlistSource | null; readonly problems: readonly Problem[] } {
  const yaml = openYaml(text, file);
  const report: Report = (severity, at, message, remedy, offset) => {
    const place =
      at !== null && offset !== undefined ? ({ range: [offsetInSource(text, at, offset)] } as unknown as Node) : at;
    if (severity === 'error') yaml.error(place, message, remedy);
    else yaml.warn(place, message, remedy);
  };
  const reader: Reader = { yaml, report, places: { queries: [], ids: new Map(), items: new Map() } };
  const own = readRoot(reader);
  const watchlist = own === null || options.base === undefined ? own : joined(options.base, own);
  const checked = watchlist === null ? null : checkReferences(watchlist, reader.places, report);
  if (checked !== null && options.lint !== undefined)
    lintWatchlist(checked, reader.places, report, options.lint.feedLanguages);
  const problems = [...yaml.problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return { watchlist: checked, problems };
}

function joined(base: WatchlistSource, own: WatchlistSource): WatchlistSource {
  return {
    publishers: [...base.publishers, ...own.publishers],
    entities: { ...base.entities, ...own.entities },
    terms: { ...base.terms, ...own.terms },
    events: { ...base.events, ...own.events },
    weights: own.weights,
  };
}

function readRoot(reader: Reader): WatchlistSource | null {
  const { yaml, report } = reader;
  if (!isMap(yaml.root)) {
    if (yaml.problems.length === 0)
      report('error', null, 'no watchlist', 'write "entities:", "terms:" and "events:" at the top level');
    return null;
  }
  const fields = fieldsOf(yaml, yaml.root, ['publishers', 'entities', 'terms', 'events', 'weights'], 'the file');
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
    weights: rows('weights', (id, map, key) => readWeights(reader, id, map, key)),
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
