import { nearest } from '../core/config/nearest.ts';
import type { QueryDeps } from './queries.ts';
import { readWindow, shortened } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';
import type { StorylineReader } from './storyline-reader.ts';

/** An id is looked for among so many of the newest: who mistypes one has just seen it. */
const newest = 200;

/** Refuses a story's id, naming the one that was meant where a recent one is near it. */
export async function unknownStory(id: string, { store, ...deps }: QueryDeps): Promise<never> {
  const { rows } = await store.stories.page({
    axis: { name: 'all' },
    ...readWindow({}, deps, deps.retentionDays),
    ...{ cursor: null, limit: newest, readAtMost: newest, keep: () => true },
  });
  const near = nearId(id, rows);
  throw new RefusedRequest('id', `no story "${shortened(id)}"${near}; "wirewatch matches" lists ids`);
}

export async function unknownStoryline(
  field: 'id' | 'storyline',
  id: string,
  reader: StorylineReader,
  deps: QueryDeps,
): Promise<never> {
  const { rows } = await reader.list({
    ...readWindow({}, deps, deps.retentionDays),
    ...{ cursor: null, limit: newest, readAtMost: newest, keep: () => true },
  });
  throw new RefusedRequest(field, `no storyline "${shortened(id)}"${nearId(id, rows)}; /api/storylines lists them`);
}

/** Ids are long and arbitrary: most often one was cut short on its way. */
function nearId(id: string, rows: readonly { readonly id: string }[]): string {
  const ids = rows.map((row) => row.id);
  const cut = id.replace(/…$/, '');
  const whole = cut.length >= 4 ? ids.find((known) => known.startsWith(cut)) : undefined;
  const near = whole ?? nearest(id.slice(0, 100), ids);
  return near === null ? '' : `; did you mean "${near}"?`;
}
