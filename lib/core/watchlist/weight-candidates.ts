import { nodesOf } from './query.ts';
import type { Query } from './query-node.ts';
import type { EventSource, WatchlistSource } from './watchlist-source.ts';

// A key of a YAML mapping has at most 1,024 characters: https://yaml.org/spec/1.2.2/#742-flow-mappings
const longestClause = 800;

/**
 * The clauses that may speak for or against an event, as queries: each list and entity that its own rules name, alone, in
 * the title, and a list in one sentence with an entity; the dates they name; and what they leave out by `unless`. They are made of the
 * watchlist's own words, so that whatever language an entity or a list knows is weighed alike.
 */
export function candidateClauses(source: WatchlistSource, event: EventSource): readonly string[] {
  const terms = new Set<string>();
  const entities = new Set<string>();
  const dates = new Set<string>();
  const waiting: (Query | null)[] = [event.when, event.whileRunning, event.unless];
  for (let query = waiting.pop(); query !== undefined; query = waiting.pop()) {
    if (query === null) continue;
    for (const node of nodesOf(query.node)) {
      if (node.kind === 'entity') entities.add(node.id);
      if (node.kind === 'published') dates.add(`published:${node.from ?? ''}..${node.to ?? ''}`);
      if (node.kind !== 'term' || terms.has(node.id)) continue;
      terms.add(node.id);
      waiting.push(source.terms[node.id]?.query ?? null);
    }
  }
  const sides = [...entities].map((id) => sideOf(source, id));
  const clauses = [
    ...[...entities].map((id) => `@${id}`),
    ...sides.filter((side) => side.endsWith('+')),
    ...sides.map((side) => `title:${side}`),
    ...dates,
    ...[...terms].flatMap((id) => [`#${id}`, `title:#${id}`, ...sides.map((side) => `#${id} SAME ${side}`)]),
    ...(event.unless === null || event.unless.text.length > longestClause
      ? []
      : [event.unless.text.replace(/\s+/g, ' ')]),
  ];
  return [...new Set(clauses)];
}

/** With who and what stands for it, where there is any. */
function sideOf(source: WatchlistSource, id: string): string {
  const stands = source.entities[id]?.standsFor;
  return stands === undefined || (stands.items.length === 0 && stands.query === null) ? `@${id}` : `@${id}+`;
}
