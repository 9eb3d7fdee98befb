import type { Store } from './ports/store.ts';
import { didYouMean, shortened, type Window } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';

/**
 * Refuses a feed or newsroom that is not there, naming the nearest. Asked only where nothing was found, so that a page
 * that finds something pays for no look at the feeds. The stories of a feed that was removed are still listed.
 */
export async function refuseUnknownSource(
  query: Partial<Record<'source' | 'outlet', string>>,
  window: Window,
  { feeds, stories }: Pick<Store, 'feeds' | 'stories'>,
): Promise<void> {
  if (query.source !== undefined) {
    const axis = { name: 'source' as const, value: query.source };
    const any = { cursor: null, limit: 1, readAtMost: 1, keep: () => true };
    if ((await stories.page({ axis, ...window, ...any })).rows.length === 0) {
      const known = (await feeds.shards()).flatMap((shard) => Object.keys(shard.feeds));
      refuseUnknown('source', query.source, known, 'feed');
    }
  }
  if (query.outlet !== undefined) {
    const known = (await feeds.list()).map(({ config }) => config.outlet);
    refuseUnknown('outlet', query.outlet, [...new Set(known)], 'outlet');
  }
}

function refuseUnknown(field: string, id: string, known: readonly string[], noun: string): void {
  if (known.includes(id)) return;
  throw new RefusedRequest(
    field,
    `no ${noun} "${shortened(id)}"${didYouMean(id, known)}; "wirewatch feeds" lists them`,
  );
}
