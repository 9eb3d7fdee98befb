import { nodesOf } from './query.ts';
import type { Query } from './query-node.ts';
import type { EntitySource, EventSource, WatchlistSource, WordList } from './watchlist-source.ts';

/** One event with the entities and terms that it names, by whatever way: what it needs to be compiled alone. */
export function reachable(source: WatchlistSource, event: EventSource): WatchlistSource {
  const entities: Record<string, EntitySource> = {};
  const terms: Record<string, WordList> = {};
  const waiting: (Query | null)[] = [
    ...[event.when, event.whileRunning, event.unless, event.party],
    ...event.escalators.map(({ when }) => when),
  ];
  for (let query = waiting.pop(); query !== undefined; query = waiting.pop()) {
    if (query === null) continue;
    for (const node of nodesOf(query.node)) {
      if (node.kind === 'term' && terms[node.id] === undefined) {
        const list = source.terms[node.id];
        if (list === undefined) continue;
        terms[node.id] = list;
        waiting.push(list.query);
      }
      if (node.kind === 'entity' && entities[node.id] === undefined) {
        const entity = source.entities[node.id];
        if (entity === undefined) continue;
        entities[node.id] = entity;
        waiting.push(...queriesOf(entity));
      }
    }
  }
  return { publishers: source.publishers, entities, terms, events: { [event.id]: event }, weights: {} };
}

function queriesOf({ aliases, phrases, standsFor, ambiguous }: EntitySource): readonly (Query | null)[] {
  return [
    ...[aliases.query, phrases.query, standsFor.query],
    ...ambiguous.flatMap((entry) => [entry.alias.query, entry.with, entry.not]),
  ];
}
