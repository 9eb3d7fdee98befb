import type { Axis, MatchRow } from './ports/story-store.ts';
import type { QueryDeps } from './queries.ts';
import { readWindow, rowsAPage } from './query-values.ts';
import { named, readTarget } from './series-queries.ts';

export type CompanyQuery = Partial<Record<'event' | 'entity' | 'since' | 'until', string>>;

type Counted = { readonly id: string; readonly stories: number };
type Named = Counted & { readonly name: string };

/** Who appears with a target in the stories of a window, and where they came from. */
export type Company = {
  readonly since: string;
  readonly until: string;
  readonly event: string | null;
  readonly entity: string | null;
  readonly name: string;
  readonly stories: number;
  readonly entities: readonly Named[];
  readonly events: readonly Named[];
  readonly outlets: readonly Counted[];
  readonly sources: readonly Counted[];
  readonly langs: readonly Counted[];
  /** Older stories of the window were not counted. */
  readonly completeSince: string;
  readonly read: number;
};

const usualDays = 7;
const mostListed = 50;

/** Counted over the newest matches of the window, as many as one page reads. */
export async function company(query: CompanyQuery, deps: QueryDeps): Promise<Company> {
  const target = readTarget(query, deps);
  const window = readWindow(query, deps, usualDays);
  const { rows, next, read } = await deps.store.stories.page({
    axis: target as Axis,
    ...window,
    ...{ cursor: null, limit: rowsAPage, readAtMost: rowsAPage, keep: () => true },
  });
  const nameOf = (id: string) => deps.matcher?.nameOf(id) ?? id;
  const most = (pick: (row: MatchRow) => readonly string[]) => counts(rows.flatMap(pick)).slice(0, mostListed);
  const others = (pick: (row: MatchRow) => readonly string[]) =>
    most((row) => pick(row).filter((id) => target.name === 'all' || id !== target.value)).map((each) => ({
      ...each,
      name: nameOf(each.id),
    }));
  return {
    ...window,
    ...named(target, deps),
    stories: rows.length,
    entities: others((row) => row.entities),
    events: others((row) => row.events),
    outlets: most((row) => [row.outlet]),
    sources: most((row) => [row.source]),
    langs: most((row) => [row.lang]),
    completeSince: next === null ? window.since : (rows.at(-1)?.published ?? window.since),
    read,
  };
}

/** How often each word stands there, the most first. */
function counts(words: readonly string[]): readonly Counted[] {
  const found = new Map<string, number>();
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found]
    .map(([id, stories]) => ({ id, stories }))
    .sort((a, b) => b.stories - a.stories || (a.id < b.id ? -1 : 1));
}
