import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createFetchFeed } from '../lib/adapters/fetch-feed.ts';
import { type AfterPoll, afterPoll, neverAgain, newPollState } from '../lib/core/feed/after-poll.ts';
import type { FeedCut, FeedEntry, FeedHead, ReadFeed } from '../lib/core/feed/feed-entry.ts';
import type { Fetched, FetchRequest } from '../lib/core/feed/fetched.ts';
import { type NewsInFeed, newsInFeed } from '../lib/core/feed/news-in-feed.ts';
import { loadMemory, saveMemory } from './feed-memory.ts';
import { createReadingPool } from './reading-pool.ts';

export type FeedPollOptions = {
  /** An http(s) address, or a file. */
  readonly source: string;
  readonly stateFolder: string | null;
  readonly allowHosts: readonly string[];
  readonly now: Date;
};

/** What one poll brought, as `--json` prints it. */
export type PolledFeed = WhenNext &
  (
    | {
        readonly feed: FeedHead | null;
        readonly items: readonly (FeedEntry & { readonly new: boolean })[];
        /** How many of the items were not known before. */
        readonly new: number;
        readonly notModified?: true;
        readonly cuts: readonly FeedCut[];
        readonly warnings: readonly string[];
      }
    | { readonly error: { readonly kind: string; readonly message: string; readonly status: number | null } }
  );

type WhenNext = {
  /** Where it was polled. */
  readonly url: string;
  readonly health: string;
  /** Null where the feed is gone for good. */
  readonly nextPollAt: string | null;
  readonly why: string;
  readonly holdHostUntil: string | null;
};

const limitMs = 10_000;

/** One poll by the rules of the poll function: the same request, reader, news and state. */
export async function pollOnce(options: FeedPollOptions): Promise<PolledFeed> {
  const source = isAddress(options.source) ? options.source : resolve(options.source);
  const memory = options.stateFolder === null ? null : await loadMemory(options.stateFolder, source);
  const before = memory?.state ?? newPollState(options.now);
  const address = before.url ?? source;

  const fetched = await fetch(
    { url: address, etag: before.etag, lastModified: before.lastModified },
    options.allowHosts,
  );
  const read = await readBody(fetched, options.now);
  const entries = read?.kind === 'feed' ? read.entries : [];
  const known = Buffer.from(memory?.known ?? '', 'base64');
  const news = newsInFeed({ id: source, outlet: source, lang: 'und' }, entries, known, options.now, before.recent[0]);
  const after = afterPoll({
    state: before,
    fetched,
    read,
    newestPublished: entries.flatMap((entry) => entry.published ?? entry.updated ?? []),
    newStories: news.stories.length,
    everySeconds: null,
    now: options.now,
    jitter: Math.random(),
  });

  const head = read?.kind === 'feed' ? read.feed : (memory?.feed ?? null);
  if (options.stateFolder !== null) {
    await saveMemory(options.stateFolder, {
      source,
      state: after.state,
      known: (read?.kind === 'feed' ? Buffer.from(news.known) : known).toString('base64'),
      feed: head,
      nextPollAt: after.nextPollAt,
    });
  }
  return polled(fetched, read, head, news, after, address);
}

export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

async function fetch(request: FetchRequest, allowHosts: readonly string[]): Promise<Fetched> {
  if (!isAddress(request.url)) return openFile(request.url);
  const { fetchFeed, close } = createFetchFeed({ allowHosts });
  try {
    return await fetchFeed(request);
  } finally {
    await close();
  }
}

/** A file as if a server without a word on caching had sent it. */
async function openFile(file: string): Promise<Fetched> {
  const silent = { etag: null, lastModified: null, freshForSeconds: null, retryAfterSeconds: null, permanentUrl: null };
  try {
    if (!(await stat(file)).isFile()) throw new Error('it is not a file');
    return { kind: 'fresh', url: '', body: await readFile(file), contentType: null, ...silent };
  } catch (error) {
    const message = `cannot read ${file}: ${(error as Error).message}`;
    return { kind: 'failed', reason: 'missing', status: null, message, retryAfterSeconds: null };
  }
}

async function readBody(fetched: Fetched, now: Date): Promise<ReadFeed | null> {
  if (fetched.kind !== 'fresh') return null;
  const pool = createReadingPool({ threads: 1, limitMs });
  try {
    const { body, contentType, url } = fetched;
    return await pool.read({ file: null, body, contentType, url: url === '' ? null : url, now: now.toISOString() });
  } finally {
    await pool.close();
  }
}

function polled(
  fetched: Fetched,
  read: ReadFeed | null,
  feed: FeedHead | null,
  news: NewsInFeed,
  after: AfterPoll,
  url: string,
): PolledFeed {
  const next = {
    url,
    health: after.state.health,
    nextPollAt: after.nextPollAt === neverAgain ? null : after.nextPollAt,
    why: after.why,
    holdHostUntil: after.holdHostUntil,
  };
  if (after.state.failures > 0) {
    const status = fetched.kind === 'failed' ? fetched.status : null;
    const kind = fetched.kind === 'failed' ? fetched.reason : after.state.health;
    return { error: { kind, message: after.state.problem, status }, ...next };
  }
  if (read?.kind !== 'feed') {
    return { feed, items: [], new: 0, notModified: true, cuts: [], warnings: [], ...next };
  }
  const fresh = new Set(news.stories.map((story) => `${story.url}\n${story.title}`));
  const items = read.entries.map((entry) => ({ ...entry, new: fresh.has(`${entry.url}\n${entry.title}`) }));
  return { feed, items, new: news.stories.length, cuts: read.cuts, warnings: read.warnings, ...next };
}
