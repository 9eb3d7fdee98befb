import type { Matched } from '../core/watchlist/matched.ts';

/** Whether a match names an entity or event that the earlier one did not. */
export function gains(before: Matched | null, after: Matched | null): boolean {
  const known = new Set([...(before?.entities ?? []), ...(before?.events ?? [])]);
  return [...(after?.entities ?? []), ...(after?.events ?? [])].some((id) => !known.has(id));
}
