import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { doctor } from '../pipeline/doctor.ts';
import { explain } from '../pipeline/explain.ts';
import { addFeeds, removeFeed, setPaused } from '../pipeline/feed-admin.ts';
import type { Log } from '../pipeline/ports.ts';
import { feeds, type MatchesQuery, matches, type QueryDeps, watchlist } from '../pipeline/queries.ts';
import { RefusedRequest } from '../pipeline/refused-request.ts';
import { stats } from '../pipeline/stats.ts';
import { type StoriesQuery, storedStories } from '../pipeline/stored-stories.ts';
import { confirm, listSubscribers, type SubscribeDeps, subscribe, unsubscribe } from '../pipeline/subscribe.ts';
import { readSubscribeRequest } from './subscribe-request.ts';

export type ApiDeps = QueryDeps & SubscribeDeps;

/** A request body holds an address and some ids. */
const mostBodyBytes = 16_384;

/**
 * What the commands, the page and other programs ask and say, over HTTP. Errors are problem details (RFC 9457): a
 * sentence for the caller, while the log gets the error itself.
 */
export function apiApp(open: () => Promise<ApiDeps>, log: Log): Hono {
  const app = new Hono();
  app.use(
    '/api/*',
    bodyLimit({ maxSize: mostBodyBytes, onError: () => problem(413, 'the body is larger than 16 kB') }),
  );

  app.get('/api/matches', async (context) =>
    context.json(await matches(context.req.query() as MatchesQuery, await open())),
  );
  app.get('/api/stories', async (context) =>
    context.json(await storedStories(context.req.query() as StoriesQuery, await open())),
  );
  app.get('/api/stories/:id', async (context) => context.json(await explain(context.req.param('id'), await open())));
  app.get('/api/feeds', async (context) => context.json({ feeds: await feeds(await open()) }));
  app.post('/api/feeds', async (context) => {
    const deps = await open();
    return context.json(await addFeeds(await context.req.text(), { feeds: deps.store.feeds, now: deps.now }), 201);
  });
  app.delete('/api/feeds/:id', async (context) => {
    const deps = await open();
    return context.json(await removeFeed(context.req.param('id'), { feeds: deps.store.feeds, now: deps.now }));
  });
  app.post('/api/feeds/:id/:wish{pause|resume}', async (context) => {
    const deps = await open();
    const { id, wish } = context.req.param();
    return context.json(await setPaused(id, wish === 'pause', { feeds: deps.store.feeds, now: deps.now }));
  });
  app.get('/api/stats', async (context) => {
    const deps = await open();
    return context.json(await stats(deps.store, deps.now()));
  });
  app.get('/api/usage', async (context) => {
    const { store, now } = await open();
    const month = context.req.query('month') ?? now().toISOString().slice(0, 7);
    return context.json({ month, functions: await store.control.usage(month) });
  });
  app.get('/api/doctor', async (context) => context.json({ findings: await doctor(await open()) }));
  app.get('/api/watchlist', async (context) => {
    const deps = await open();
    return context.json(await watchlist({ ...deps, control: deps.store.control }));
  });

  app.get('/api/subscribers', async (context) => context.json({ subscribers: await listSubscribers(await open()) }));
  app.post('/api/subscribers', async (context) => {
    const deps = await open();
    const request = readSubscribeRequest(await context.req.json().catch(() => null));
    return context.json(shown(await subscribe(request, deps)), 201);
  });
  app.delete('/api/subscribers/:id', async (context) =>
    context.json(shown(await unsubscribe(context.req.param('id'), await open()))),
  );
  app.post('/api/confirmations', async (context) => {
    const body = (await context.req.json().catch(() => null)) as { link?: unknown } | null;
    if (typeof body?.link !== 'string')
      throw new RefusedRequest('link', 'the body has no "link"; send {"link": "https://…"}');
    return context.json(shown(await confirm(body.link, await open())));
  });

  app.notFound((context) => problem(404, `there is nothing at ${context.req.path}`));
  app.onError((error) => {
    if (error instanceof RefusedRequest)
      return problem(error.field === 'id' || error.field === 'feed' ? 404 : 400, error.message, error.field);
    log({ event: 'request failed', error: error.stack ?? String(error) });
    return problem(500, 'something went wrong here; the log of the api function says what');
  });
  return app;
}

function shown({ id, channel, follow, subscriptionArn, leastPriority, timeZone }: Subscriber) {
  return { id, channel, follow, leastPriority, timeZone, state: subscriptionArn === null ? 'pending' : 'confirmed' };
}

function problem(status: number, detail: string, field?: string): Response {
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, ...(field && { field }) };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Content Too Large',
  500: 'Internal Server Error',
};
