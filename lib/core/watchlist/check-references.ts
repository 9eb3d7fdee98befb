import { nearest } from '../config/nearest.ts';
import { nodesOf } from './query.ts';
import type { Query, QueryNode } from './query-node.ts';
import type { Places, Report } from './read-values.ts';
import type { EventSource, WatchlistSource } from './watchlist-source.ts';
import { itemPatterns } from './word-item.ts';

/** Checks what needs the whole file: unknown ids, cycles, misplaced SELF, duplicate aliases. Returns the sound part. */
export function checkReferences(source: WatchlistSource, places: Places, report: Report): WatchlistSource {
  const bad = new Set<Query>();
  for (const { query, node, owner, role, context } of places.queries) {
    for (const part of nodesOf(query.node)) {
      if (part.kind === 'self' && context === null && role !== 'list') {
        report(
          'error',
          node,
          `${owner}: SELF stands outside with: and not:`,
          'name the entity or term that is meant',
          part.start,
        );
        bad.add(query);
      }
      const named = namedBy(source, part);
      if (named === null || Object.hasOwn(named.known, named.id)) continue;
      // An event that is there and faulty is reported where it stands; a rule that leans on it finds it never running.
      if (part.kind === 'running' && places.ids.has(`events/${part.event}`)) continue;
      const near = nearest(named.id, Object.keys(named.known));
      const remedy =
        near === null ? `add it under ${named.list}:, or correct the id` : `did you mean ${named.sign}${near}?`;
      report('error', node, `${owner}: there is no ${named.noun} ${named.sign}${named.id}`, remedy, part.start);
      bad.add(query);
    }
  }
  reportCycles(source, places, report);
  reportImplications(source, places, report);
  reportWeights(source, places, report);
  reportDuplicates(source, places, report);
  return withoutBad(source, bad);
}

/** What a part of a query names by its id, and where that should stand. */
function namedBy(source: WatchlistSource, part: QueryNode) {
  switch (part.kind) {
    case 'entity':
      return { id: part.id, known: source.entities, noun: 'entity', sign: '@', list: 'entities' };
    case 'term':
      return { id: part.id, known: source.terms, noun: 'term', sign: '#', list: 'terms' };
    case 'running':
      return { id: part.event, known: source.events, noun: 'event', sign: '', list: 'events' };
    default:
      return null;
  }
}

/** A term may name other terms and entities, but not, by any way, itself. */
function reportCycles(source: WatchlistSource, places: Places, report: Report): void {
  const reached = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name];
      const place =
        places.ids.get(name.startsWith('#') ? `terms/${name.slice(1)}` : `entities/${name.slice(1)}`) ?? null;
      report('error', place, `${cycle.join(' → ')} goes in a circle`, 'take one of the references out');
      return;
    }
    if (reached.has(name)) return;
    for (const next of referencesOf(source, name)) visit(next, [...path, name]);
    reached.add(name);
  };
  for (const id of Object.keys(source.terms)) visit(`#${id}`, []);
  for (const id of Object.keys(source.entities)) visit(`@${id}`, []);
}

// with: and not: see entities by their sure aliases only, so no circle goes through them.
function referencesOf(source: WatchlistSource, name: string): readonly string[] {
  const id = name.slice(1);
  const entity = source.entities[id];
  const lists = name.startsWith('#')
    ? [source.terms[id]]
    : [entity?.aliases, entity?.phrases, entity?.standsFor, ...(entity?.ambiguous ?? []).map((entry) => entry.alias)];
  const nodes = lists.flatMap((list) => (list?.query ? [...nodesOf(list.query.node)] : []));
  return nodes.flatMap((node) =>
    node.kind === 'term' ? [`#${node.id}`] : node.kind === 'entity' ? [`@${node.id}`] : [],
  );
}

function reportImplications(source: WatchlistSource, places: Places, report: Report): void {
  const known = Object.keys(source.events);
  for (const event of Object.values(source.events)) {
    for (const { event: implied } of event.implies) {
      if (Object.hasOwn(source.events, implied)) continue;
      const near = nearest(implied, known);
      const place = places.ids.get(`implies/event ${event.id}/${implied}`) ?? null;
      report(
        'error',
        place,
        `event ${event.id}: there is no event ${implied}`,
        near === null ? 'add it under events:, or correct the id' : `did you mean ${near}?`,
      );
    }
  }
}

function reportWeights(source: WatchlistSource, places: Places, report: Report): void {
  const known = Object.keys(source.events);
  for (const id of Object.keys(source.weights)) {
    if (Object.hasOwn(source.events, id) || places.ids.has(`events/${id}`)) continue;
    const near = nearest(id, known);
    const remedy = near === null ? 'take them out, or run wirewatch train again' : `did you mean ${near}?`;
    report('error', places.ids.get(`weights/${id}`) ?? null, `weights: there is no event ${id}`, remedy);
  }
}

function reportDuplicates(source: WatchlistSource, places: Places, report: Report): void {
  const owners = new Map<string, { readonly entity: string; readonly text: string }>();
  const aliases = Object.values(source.entities).flatMap((row) =>
    row.aliases.items.map((item) => ({ entity: row.id, item })),
  );
  for (const { entity, item } of aliases) {
    const node = places.items.get(item) ?? null;
    const pattern = itemPatterns(`${item.text.includes('"') ? item.text : `"${item.text}"`}`, 'any')[0] ?? [];
    const key = `${item.lang}|${pattern.map((word) => `${word.word}${word.prefix ? '*' : ''}${word.capitals}`).join(' ')}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, { entity, text: item.text });
    else if (owner.entity !== entity) {
      report(
        'error',
        node,
        `${JSON.stringify(item.text)} is an alias of @${owner.entity} and of @${entity}`,
        'keep one, or make both ambiguous with the company that tells them apart',
      );
    } else if (owner.text === item.text) {
      // Two spellings that fold alike may stand side by side: a reader of the file does not fold.
      report(
        'warning',
        node,
        `${JSON.stringify(item.text)} stands twice among the aliases of @${entity}`,
        'leave one out',
      );
    }
  }
}

function withoutBad(source: WatchlistSource, bad: ReadonlySet<Query>): WatchlistSource {
  if (bad.size === 0) return source;
  const isBad = (query: Query | null) => query !== null && bad.has(query);
  const events = Object.entries(source.events).filter(([, event]) => !eventQueries(event).some(isBad));
  const weights = Object.entries(source.weights).map(
    ([id, row]) => [id, { ...row, clauses: row.clauses.filter(({ when }) => !isBad(when)) }] as const,
  );
  return { ...source, events: Object.fromEntries(events), weights: Object.fromEntries(weights) };
}

function eventQueries(event: EventSource): readonly (Query | null)[] {
  return [
    event.when,
    event.whileRunning,
    event.unless,
    event.party,
    ...event.implies.map((entry) => entry.if),
    ...event.escalators.map((entry) => entry.when),
  ];
}
