import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { apiApp } from '../../../lib/adapters/api/api-app.ts';
import type { Caller } from '../../../lib/adapters/api/caller.ts';
import type { ApiDeps } from '../../../lib/adapters/api/route.ts';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';
import type { WatchlistSource } from '../../../lib/core/watchlist/watchlist-source.ts';
import { decide } from '../../../lib/pipeline/alert.ts';
import type { LiveMatcher } from '../../../lib/pipeline/live-matcher.ts';
import type { Store } from '../../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../../lib/pipeline/ports/story-store.ts';
import { fakeTopics } from '../../pipeline/fake-topics.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';
import { alertDeps, iso, logLines, minutes } from '../../pipeline/world.ts';
import { aFeed, aStory } from '../store-suite.ts';

const watchlistText = `entities:
  iran: {name: Iran, aliases: {en: [Iran], fa: [ایران]}}
  israel: {name: Israel, aliases: {en: [Israel]}}
  un: {name: United Nations, aliases: {any: [UN, '"United Nations"']}}
terms:
  talks: {any: [talks, negotiations]}
events:
  truce: {name: A truce, priority: high, when: '@iran AND truce'}
`;

export const source = readWatchlist(watchlistText, 'watchlist.yaml').watchlist as WatchlistSource;

/** The real matcher over a small watchlist. */
export function smallMatcher(): LiveMatcher {
  const compiled = compileWatchlist(source);
  const { match, explain } = createMatcher(compiled);
  const named = (kind: string) => compiled.targets.filter((target) => target.kind === kind).map(({ id }) => id);
  return {
    version: 'v1',
    match: (input) => match(input),
    explain: (input) => explain(input),
    takeUp: () => {},
    nameOf: (id) => compiled.targets.find((target) => target.id === id)?.name ?? id,
    entities: named('entity'),
    events: named('event'),
  };
}

export type Served = {
  readonly url: string;
  readonly store: Store;
  readonly deps: ApiDeps;
  readonly logged: ReturnType<typeof logLines>['lines'];
  /** Stores a story as poll would and decides it as alert would. */
  add(id: string, fields: Partial<StoredStory>): Promise<void>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a body as JSON, or as it is where it is text. */
  post(path: string, body: unknown): Promise<Response>;
  close(): Promise<void>;
};

/** The API over a memory store, on a real HTTP server on loopback. It is ten minutes past the start. */
export async function serveApi(fields: Partial<ApiDeps> = {}, who?: (env: unknown) => Caller): Promise<Served> {
  const store = fields.store ?? memoryStore();
  const { log, lines } = logLines();
  const matcher = smallMatcher();
  const deps: ApiDeps = {
    ...{
      store,
      subscribers: store.subscribers,
      topics: fakeTopics().made,
      matcher,
      retentionDays: 30,
      unmatchedDays: 30,
    },
    ...{ now: () => minutes(10), watchlistSource: async () => source },
    ...fields,
  };
  const app = apiApp(async () => deps, log, who);
  const server = createServer(async (request, response) => {
    const { method = 'GET', headers } = request;
    const asked = new Request(`http://${headers.host}${request.url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(request), duplex: 'half' }),
    } as RequestInit);
    const answer = await app.fetch(asked);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
  return {
    ...{ url, store, deps, logged: lines, ask },
    async add(id, given) {
      const { strictEvents: _, ...match } = matcher.match({
        title: given.title ?? 'A story',
        summary: given.summary ?? '',
      });
      const isMatch = match.entities.length + match.events.length > 0;
      const story = aStory(id, {
        ...{ seen: given.published ?? iso(0), match: isMatch ? { ...match, watchlist: 'v1' } : null },
        undecidedSince: isMatch ? iso(0) : null,
        ...given,
      });
      await store.stories.announce(story.feed, story.seen, [story.id]);
      await store.stories.putNew(story);
      if (isMatch) await decide(story, alertDeps(store, {}, matcher));
    },
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
}

/** Four stories of two newsrooms: two of a truce, one of the UN, one of nothing that is watched. */
export async function fill({ store, add }: Served): Promise<void> {
  await add('story-1', { title: 'Iran agrees to a truce', summary: 'Israel waits.', published: iso(-50) });
  const irna = { feed: 'irna', outlet: 'irna' };
  await add('story-2', {
    title: 'Guns fall silent along the border',
    summary: 'The truce with Iran holds.',
    published: iso(-20),
    revisions: [{ at: iso(-10), title: 'Iran' }],
    ...irna,
  });
  await add('story-3', { title: 'UN calls for talks', published: iso(-5), lang: 'fr' });
  await add('story-4', { title: 'Rain in Oslo', published: iso(-4), url: null });
  await store.feeds.putConfig(aFeed('bbc'), 'file');
  await store.feeds.putConfig(aFeed('irna', { lang: 'fa' }), 'run-time');
  const due = { due: iso(5), claim: null, paused: false };
  await store.feeds.putShard('000', { bbc: due, irna: due });
}
