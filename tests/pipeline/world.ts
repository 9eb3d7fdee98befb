import type { Fetched, FetchFeed, FetchRequest } from '../../lib/core/feed/fetched.ts';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { alertTexts } from '../../lib/pipeline/alert-message.ts';
import type { DigestDeps } from '../../lib/pipeline/digest.ts';
import type { LiveMatcher } from '../../lib/pipeline/live-matcher.ts';
import { storyPlacer } from '../../lib/pipeline/place-story.ts';
import type { PollDeps } from '../../lib/pipeline/poll.ts';
import type { Log, Publish } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { PollMessage } from '../../lib/pipeline/schedule.ts';
import type { aFeed } from '../adapters/store-suite.ts';

/** A fixed time, and the times about it, for the steps that are given one. */
export const start = new Date('2026-11-24T09:00:00.000Z');
export const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
export const iso = (count: number) => minutes(count).toISOString();

export type Item = {
  readonly title: string;
  readonly link?: string;
  readonly guid?: string;
  readonly summary?: string;
  /** Minutes from the start; null leaves the date out. */
  readonly at?: number | null;
};

/** The bytes of an RSS feed that lists these items. */
export function rss(items: readonly Item[]): Uint8Array {
  const body = items.map(({ title, link, guid, summary = '', at = -10 }) => {
    const date = at === null ? '' : `<pubDate>${minutes(at).toUTCString()}</pubDate>`;
    const url = link === undefined ? '' : `<link>${link}</link>`;
    return `<item><title>${title}</title>${url}<guid isPermaLink="false">${guid ?? link ?? title}</guid><description>${summary}</description>${date}</item>`;
  });
  return new TextEncoder().encode(
    `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><link>https://feed.example/</link>${body.join('')}</channel></rss>`,
  );
}

const headers = { etag: null, lastModified: null, permanentUrl: null, freshForSeconds: null, retryAfterSeconds: null };

export function fresh(items: readonly Item[], url = 'https://feed.example/rss'): Fetched {
  return { kind: 'fresh', url, body: rss(items), contentType: 'application/rss+xml', ...headers };
}

export function failing(
  reason: Extract<Fetched, { kind: 'failed' }>['reason'],
  retryAfterSeconds: number | null = null,
): Fetched {
  return { kind: 'failed', reason, status: null, message: `it is ${reason}`, retryAfterSeconds };
}

/** Answers each address as the table says, and remembers what was asked. */
export function fakeFetch(answers: Record<string, Fetched | (() => Fetched | Promise<Fetched>)>) {
  const asked: FetchRequest[] = [];
  const fetchFeed: FetchFeed = async (request) => {
    asked.push(request);
    const answer = answers[request.url];
    if (answer === undefined) return failing('unreachable');
    return typeof answer === 'function' ? await answer() : answer;
  };
  return { fetchFeed, asked, answers };
}

/** Finds each id whose word stands in the title or summary: a matcher small enough to see through. */
export function wordMatcher(words: Record<string, string>, events: readonly string[] = []): LiveMatcher {
  const ids = Object.keys(words);
  const live: LiveMatcher = {
    version: 'v1',
    nameOf: (id) => `Name of ${id}`,
    entities: ids.filter((id) => !events.includes(id)),
    events,
    match({ title, summary }) {
      const evidence = ids.flatMap((target) =>
        (['title', 'summary'] as const).flatMap((field) => {
          const text = field === 'title' ? title : summary;
          const word = words[target] ?? '';
          const begin = text.toLowerCase().indexOf(word);
          return begin === -1
            ? []
            : [{ target, field, start: begin, end: begin + word.length, text: text.slice(begin, begin + word.length) }];
        }),
      );
      const found = new Set(evidence.map(({ target }) => target));
      return {
        entities: ids.filter((id) => found.has(id) && !events.includes(id)).sort(),
        events: events.filter((id) => found.has(id)),
        evidence,
        priority: 'normal',
        strictEvents: events.filter((id) => found.has(id)),
      };
    },
    explain: (input) => ({ matched: live.match(input), nearly: [] }),
    takeUp: () => {},
  };
  return live;
}

export const matcher = wordMatcher({ iran: 'iran', israel: 'israel', truce: 'truce' }, ['truce']);

export function logLines(): { readonly log: Log; readonly lines: Parameters<Log>[0][] } {
  const lines: Parameters<Log>[0][] = [];
  return { lines, log: (line) => void lines.push(line) };
}

export function pollDeps(
  store: Store,
  fetchFeed: FetchFeed,
  fields: Partial<PollDeps> = {},
): PollDeps & { readonly lines: Parameters<Log>[0][] } {
  const { log, lines } = logLines();
  return {
    feeds: store.feeds,
    stories: store.stories,
    control: store.control,
    matcher,
    fetchFeed,
    backfillMs: 0,
    random: () => 0,
    now: () => start,
    timeLeftMs: () => 60_000,
    log,
    lines,
    ...fields,
  };
}

export type Published = Parameters<Publish>[0];

function textsOf(store: Store) {
  const linkKeys = async () => (await store.control.linkKeys()).keys;
  return { linkKeys, publicUrl: 'https://wirewatch.example' };
}

export function alertDeps(
  store: Store,
  fields: Partial<DigestDeps> = {},
  live: LiveMatcher = matcher,
): DigestDeps & {
  readonly published: Published[];
  /** To whom SNS accepted each message. */
  readonly counted: readonly string[];
  readonly lines: Parameters<Log>[0][];
} {
  const { log, lines } = logLines();
  const published: Published[] = [];
  const counted: string[] = [];
  const feed = async (id: string) => (await store.feeds.get([id]))[0] ?? null;
  const { stories, storylines } = { ...store, ...fields };
  return {
    stories,
    storylines,
    ledger: store.ledger,
    subscribers: store.subscribers,
    control: store.control,
    settings: storylineSettings,
    place: storyPlacer({ storylines, settings: storylineSettings, pause: async () => {}, random: () => 0 }),
    texts: alertTexts({ ...textsOf(store), matcher: live, stories, storylines, feed, log, now: () => start }),
    feed,
    publish: async (message) => void published.push(message),
    integrationTopic: 'arn:integration',
    accepted: (to) => void counted.push(to),
    smsUsd: 0.05,
    now: () => start,
    log,
    published,
    counted,
    lines,
    ...fields,
  };
}

/** Puts feeds, each due at the start, into one shard, and claims them under a tick. */
export async function claimFeeds(
  store: Store,
  feeds: readonly ReturnType<typeof aFeed>[],
  tick = start.toISOString(),
  shard = '000',
): Promise<PollMessage> {
  for (const config of feeds) {
    if ((await store.feeds.get([config.id])).length === 0) await store.feeds.putConfig(config, 'file');
  }
  const entry = { due: start.toISOString(), claim: tick, paused: false };
  await store.feeds.putShard(shard, Object.fromEntries(feeds.map(({ id }) => [id, entry])));
  return { shard, tick, feeds: feeds.map(({ id }) => id) };
}
