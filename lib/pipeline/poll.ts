import type { Fetched, FetchFailure, FetchFeed } from '../core/feed/fetched.ts';
import { addressOf, hostOf } from './feed-address.ts';
import { mapLimited } from './map-limited.ts';
import { type PolledFeed, type PollFeedDeps, pollFeed } from './poll-feed.ts';
import { addCounts, addUp, nothingPolled, type PollSummary, summarise } from './poll-summary.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { FeedRow, FeedStore, Shard } from './ports/feed-store.ts';
import { noteRunning } from './running-stories.ts';
import type { PollMessage } from './schedule.ts';
import { dueTimes, inAMinute, settleFeeds } from './settle-batch.ts';

export type PollDeps = Omit<PollFeedDeps, 'trace'> & {
  readonly feeds: FeedStore;
  readonly control: ControlStore;
  readonly fetchFeed: FetchFeed;
  readonly now: () => Date;
  /** Milliseconds left for this batch; below the margin no further feed is begun. */
  readonly timeLeftMs: () => number;
  /** Aborts while there is still time to settle the batch: waiting for a turn at a slow host has no end of its own. */
  readonly timeUp?: AbortSignal;
};

/** Feeds polled at the same time. Each host has its own, smaller bound inside the fetcher. */
const atOnce = 12;
/** A fetch takes at most 20 s; storing what it brought takes some more. */
const marginMs = 30_000;

/**
 * Polls the batches of one message side by side, and says in one line what they came to: a line each would be most of what is
 * logged. A batch is done once and for all when it is done, so what broke is thrown only then, and it alone is tried again.
 */
export async function pollTogether(batches: readonly PollMessage[], deps: PollDeps): Promise<void> {
  const settled = await Promise.allSettled(batches.map((batch) => poll(batch, deps)));
  const done = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const shards = batches.filter((_, index) => settled[index]?.status === 'fulfilled').map(({ shard }) => shard);
  if (done.length > 0) deps.log({ event: 'batch polled', trace: batches[0]?.tick, shards, ...addUp(done) });
  for (const result of settled) {
    if (result.status === 'rejected') throw result.reason;
  }
}

/**
 * Polls one batch: reads each due feed, stores and matches what is new, and sets when each is due next, in one write.
 * Feeds that the time did not suffice for are due again at once; feeds whose claim was lost are left alone and counted.
 */
export async function poll(message: PollMessage, deps: PollDeps): Promise<PollSummary> {
  const shard = await deps.feeds.shard(message.shard);
  if (shard === null) return countDropped(message, message.feeds.length, deps);
  const held = message.feeds.filter((id) => shard.feeds[id]?.claim === message.tick);
  const rows = await deps.feeds.getForPoll(held);
  const trace = traceOf(message);
  const polled = await settleFeeds(await pollAll(rows, { ...deps, trace }), { ...deps, trace });

  const summary = summarise(polled, message.feeds.length - held.length);
  if (held.length > 0) {
    const counts = addCounts(shard, summary, deps.now());
    await deps.feeds.finish(shard.id, message.tick, dueTimes(shard, held, polled, deps.now()), counts);
  }
  await holdOthers(shard, message.feeds, polled, deps);
  await noteRunning(
    polled.flatMap(({ strict }) => strict),
    deps,
  );
  if (summary.dropped > 0) countDropped(message, summary.dropped, deps);
  return summary;
}

/** A host that asks us to wait means all its feeds: those of its shard that were not in this batch wait as well. */
async function holdOthers(
  shard: Shard,
  batch: readonly string[],
  polled: readonly PolledFeed[],
  deps: PollDeps,
): Promise<void> {
  const holds = new Map(polled.flatMap(({ host, holdHostUntil }) => (holdHostUntil ? [[host, holdHostUntil]] : [])));
  if (holds.size === 0) return;
  const others = Object.keys(shard.feeds).filter((id) => !batch.includes(id));
  for (const row of await deps.feeds.get(others, 'lately')) {
    const until = holds.get(hostOf(addressOf(row)));
    if (until !== undefined) await deps.feeds.postpone(shard.id, row.config.id, until);
  }
}

/** From its second delivery on, a message is tried feed by feed: one that ends its invocation takes nobody with it. */
export async function splitBatch(
  message: PollMessage,
  send: (batches: readonly PollMessage[]) => Promise<void>,
): Promise<void> {
  for (const feed of message.feeds) await send([{ ...message, feeds: [feed] }]);
}

async function pollAll(rows: readonly FeedRow[], deps: TracedDeps): Promise<readonly PolledFeed[]> {
  /** Hosts that asked us to wait, and until when. */
  const holds = new Map<string, string>();
  const polled = await mapLimited(rows, atOnce, async (row): Promise<PolledFeed | null> => {
    const host = hostOf(addressOf(row));
    const hold = holds.get(host);
    if (hold !== undefined) return { ...skipped(row), due: hold, notBefore: hold };
    if (deps.timeLeftMs() < marginMs) return null;
    const result = await pollOne(row, deps);
    if (result === null) return null;
    if (result.holdHostUntil !== null) holds.set(host, result.holdHostUntil);
    return result;
  });
  // A hold learnt from one feed counts for those of its host that were polled beside it.
  return polled
    .filter((feed) => feed !== null)
    .map((feed) => {
      const hold = holds.get(feed.host);
      return hold !== undefined && hold > feed.due ? { ...feed, due: hold, notBefore: hold } : feed;
    });
}

type TracedDeps = PollDeps & Pick<PollFeedDeps, 'trace'>;

/** When the batch was claimed, and of which shard: the log of schedule names the first. */
function traceOf({ tick, shard }: PollMessage): string {
  return `${tick}/${shard}`;
}

/** Null where the time was up before the feed had answered. */
async function pollOne(row: FeedRow, deps: TracedDeps): Promise<PolledFeed | null> {
  try {
    const fetched = await fetchSomewhere(row, deps);
    if (fetched.kind === 'failed' && deps.timeUp?.aborted === true) return null;
    return await pollFeed(row, fetched, deps, deps.now());
  } catch (error) {
    // Our own fault or the store's.
    deps.log({ event: 'poll broke', trace: deps.trace, feed: row.config.id, error: String(error) });
    return { ...skipped(row), failed: true, ...inAMinute(deps.now()) };
  }
}

/**
 * The feed's own address, then its alternates in order, until one answers. Validators belong to the address they came
 * from, so an alternate is asked without; what it brings is read as this feed's.
 */
async function fetchSomewhere(row: FeedRow, deps: PollDeps): Promise<Fetched> {
  const validators = { etag: row.state?.etag ?? null, lastModified: row.state?.lastModified ?? null };
  const own = await deps.fetchFeed({ url: addressOf(row), ...validators }, deps.timeUp);
  if (own.kind !== 'failed' || !insteadOf.has(own.reason)) return own;
  for (const url of row.config.alternates) {
    if (deps.timeLeftMs() < marginMs) break;
    const other = await deps.fetchFeed({ url, etag: null, lastModified: null }, deps.timeUp);
    if (other.kind === 'fresh') return { ...other, etag: null, lastModified: null, permanentUrl: null };
  }
  return own;
}

/** Failures for which another address may do better; a busy host is left in peace. */
const insteadOf: ReadonlySet<FetchFailure> = new Set(['blocked', 'gone', 'missing', 'unreachable', 'broken']);

function skipped(row: FeedRow): PolledFeed {
  return {
    feed: row.config.id,
    host: hostOf(addressOf(row)),
    due: '',
    notBefore: '',
    polled: false,
    unchanged: false,
    failed: false,
    stories: 0,
    seeded: 0,
    matches: 0,
    known: 0,
    holdHostUntil: null,
    strict: [],
    arrived: [],
    learnt: null,
  };
}

function countDropped(message: PollMessage, dropped: number, deps: PollDeps): PollSummary {
  deps.log({ event: 'stale message dropped', shard: message.shard, trace: traceOf(message), dropped });
  return { ...nothingPolled, dropped };
}
