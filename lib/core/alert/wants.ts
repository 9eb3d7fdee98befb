import type { Priority } from '../watchlist/matched.ts';

const order: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2, critical: 3 };

/** Whether a reader who follows these ids (`*`: everything) wants to hear of a match of at least that priority. */
export function wants(
  reader: { readonly follow: readonly string[]; readonly leastPriority: Priority },
  match: { readonly entities: readonly string[]; readonly events: readonly string[]; readonly priority: Priority },
): boolean {
  if (order[match.priority] < order[reader.leastPriority]) return false;
  const follows = new Set(reader.follow);
  return follows.has('*') || [...match.entities, ...match.events].some((id) => follows.has(id));
}

/** The followed ids that matched: the reasons one reader is told. */
export function reasons(follow: readonly string[], matched: readonly string[]): readonly string[] {
  return follow.includes('*') ? matched : matched.filter((id) => follow.includes(id));
}
