import { type FeedConfig, readFeedsFile } from '../core/config/feeds-file.ts';
import { nearest } from '../core/config/nearest.ts';
import { putShards } from './apply.ts';
import { asScheduled } from './paused-feed.ts';
import type { FeedRow, FeedStore } from './ports/feed-store.ts';
import { RefusedRequest } from './refused-request.ts';

export type FeedAdminDeps = { readonly feeds: FeedStore; readonly now: () => Date };

/** Adds feeds beside those of feeds.yaml; they survive a deploy. Reads the text as feeds.yaml, so the same rules hold. */
export async function addFeeds(yaml: string, deps: FeedAdminDeps): Promise<{ readonly added: readonly string[] }> {
  const read = readFeedsFile(yaml, 'the request');
  const error = read.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new RefusedRequest('feeds', `${error.message}; ${error.remedy}`);
  const rows = await deps.feeds.list();
  for (const feed of read.feeds) refuseTaken(feed, rows);
  for (const feed of read.feeds) await deps.feeds.putConfig(feed, 'run-time');
  await putShards([...rows.map(asScheduled), ...read.feeds], deps);
  return { added: read.feeds.map(({ id }) => id) };
}

function refuseTaken(feed: FeedConfig, rows: readonly FeedRow[]): void {
  for (const { config } of rows) {
    if (config.id === feed.id)
      throw new RefusedRequest('feeds', `there is a feed "${feed.id}" already; choose another id`);
    if (config.url === feed.url) throw new RefusedRequest('feeds', `${feed.url} is polled already, as "${config.id}"`);
  }
}

/** Ends a feed that was added at run time. Its stories stay until they expire. */
export async function removeFeed(id: string, deps: FeedAdminDeps): Promise<{ readonly removed: string }> {
  const rows = await deps.feeds.list();
  const row = rowOf(id, rows);
  if (row.origin === 'file') {
    throw new RefusedRequest(
      'feed',
      `"${id}" stands in feeds.yaml; take it out there and run "wirewatch apply", or pause it`,
    );
  }
  await putShards(rows.filter((other) => other !== row).map(asScheduled), deps);
  await deps.feeds.remove(id);
  return { removed: id };
}

/** Pauses or resumes a feed, through every apply that follows. What feeds.yaml itself pauses is resumed there. */
export async function setPaused(
  id: string,
  paused: boolean,
  deps: FeedAdminDeps,
): Promise<{ readonly feed: string; readonly paused: boolean }> {
  const rows = await deps.feeds.list();
  const row = rowOf(id, rows);
  if (!paused && row.origin === 'file' && row.config.paused) {
    throw new RefusedRequest(
      'paused',
      `"${id}" is paused in feeds.yaml; take "paused: true" out there and run "wirewatch apply"`,
    );
  }
  // Nobody else holds the configuration of a feed that was added at run time, and it may have been added paused.
  const config = row.origin === 'file' ? row.config : { ...row.config, paused: false };
  if (config.paused !== row.config.paused) await deps.feeds.putConfig(config, row.origin);
  await deps.feeds.putPausedByHand(id, paused);
  await putShards(
    rows.map((other) => asScheduled(other === row ? { ...row, config, pausedByHand: paused } : other)),
    deps,
  );
  return { feed: id, paused };
}

function rowOf(id: string, rows: readonly FeedRow[]): FeedRow {
  const row = rows.find(({ config }) => config.id === id);
  if (row !== undefined) return row;
  const ids = rows.map(({ config }) => config.id);
  const near = nearest(id, ids);
  throw new RefusedRequest(
    'feed',
    `no feed "${id}"${near === null ? '' : `; did you mean "${near}"?`}; "wirewatch feeds" lists them`,
  );
}
