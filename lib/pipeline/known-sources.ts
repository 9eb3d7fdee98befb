import type { FeedStore } from './ports.ts';
import { didYouMean, shortened } from './query-values.ts';
import { RefusedRequest } from './refused-request.ts';

/**
 * Refuses a feed or newsroom that is not there, naming the nearest. Asked only where nothing was found: the stories of a
 * feed that was removed are still listed, and a page that finds something pays for no look at the feeds.
 */
export async function refuseUnknownSource(
  query: Partial<Record<'source' | 'outlet', string>>,
  feeds: FeedStore,
): Promise<void> {
  if (query.source !== undefined) {
    const known = (await feeds.shards()).flatMap((shard) => Object.keys(shard.feeds));
    refuseUnknown('source', query.source, known, 'feed');
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
