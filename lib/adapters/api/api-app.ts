import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { nearest } from '../../core/config/nearest.ts';
import type { Log } from '../../pipeline/ports/outside.ts';
import { shortened } from '../../pipeline/query-values.ts';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import { readerPages } from '../reader-pages.ts';
import type { Caller } from './caller.ts';
import { feedRoutes } from './feeds.ts';
import { matchRoutes } from './matches.ts';
import { openApi } from './openapi.ts';
import { problem, refusal } from './problem.ts';
import type { ApiDeps, Route } from './route.ts';
import { seriesRoutes } from './series.ts';
import { statsRoutes } from './stats.ts';
import { storyRoutes } from './stories.ts';
import { storylineRoutes } from './storylines.ts';
import { subscriberRoutes } from './subscribers.ts';
import { usageRoutes } from './usage.ts';
import { watchlistRoutes } from './watchlist.ts';

/** A request body holds an address and some ids, or a rule. */
const mostBodyBytes = 16_384;

/** Answers are data, the same origin's, and asked for anew each time, for which the ETag is. */
const headers: Readonly<Record<string, string>> = {
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

const resources = [
  matchRoutes,
  storylineRoutes,
  storyRoutes,
  feedRoutes,
  watchlistRoutes,
  seriesRoutes,
  statsRoutes,
  usageRoutes,
];

/** Every operation, and the document that describes them. */
export const api = openApi([...resources, subscriberRoutes].flat());

/**
 * What the commands, the page and other programs ask and say, over HTTP. Errors are problem details (RFC 9457): a
 * sentence for the caller, while the log gets the error itself. No other origin is let in: there is no CORS header.
 * @param who says who sent a request, from what the server passed in beside it; on loopback everybody is an editor
 */
export function apiApp(open: () => Promise<ApiDeps>, log: Log, who: (env: unknown) => Caller = () => 'editor'): Hono {
  const app = new Hono();
  app.use('/api/*', async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.use('/api/*', async (context, next) => {
    const isRead = ['GET', 'HEAD'].includes(context.req.method) || readingPosts.includes(context.req.path);
    return refusedCaller(who(context.env), isRead) ?? next();
  });
  app.use(
    '/api/*',
    bodyLimit({ maxSize: mostBodyBytes, onError: () => problem(413, 'the body is larger than 16 kB') }),
    etag(),
  );
  for (const route of api.routes) serve(app, route, open, who);
  for (const [path, methods] of methodsByPath(api.routes)) {
    const allow = methods.join(', ');
    app.all(path, (context) =>
      problem(405, `${context.req.method} is not answered here; ${allow} is`, { headers: { allow } }),
    );
  }
  app.route('/', readerPages(open, log));
  app.notFound((context) => problem(404, `there is nothing at ${shortened(context.req.path)}`));
  app.onError((error) => {
    if (error instanceof RefusedRequest) return refusal(error);
    log({ event: 'request failed', error: error.stack ?? String(error) });
    return problem(500, 'something went wrong here; the log of the api function says what');
  });
  return app;
}

/** What is sent by POST and changes nothing. */
const readingPosts = api.routes
  .filter((route) => route.method === 'post' && route.reads)
  .map(({ path }) => path as string);

function refusedCaller(caller: Caller, isRead: boolean): Response | null {
  if (caller === 'editor' || (caller === 'reader' && isRead)) return null;
  if (caller === 'nobody') {
    return problem(401, 'sign in first: the request has no valid token', { headers: { 'www-authenticate': 'Bearer' } });
  }
  return problem(
    403,
    caller === 'reader'
      ? 'readers may look and not change; ask an administrator to put you into the group editor'
      : 'you are signed in and in no group; ask an administrator to put you into the group reader or editor',
  );
}

function serve(app: Hono, route: Route, open: () => Promise<ApiDeps>, who: (env: unknown) => Caller): void {
  app.on(route.method.toUpperCase(), honoPath(route.path), (context) => {
    const url = new URL(context.req.url);
    // The function is told https whatever the caller used; links in answers have to be the caller's own.
    if (context.req.header('x-forwarded-proto') === 'http') url.protocol = 'http:';
    const query = readParameters(url.searchParams, route);
    const asked = {
      url,
      query,
      params: context.req.param() as Record<string, string>,
      accept: context.req.header('accept') ?? '',
      caller: who(context.env),
    };
    return route.answer({ ...asked, text: () => context.req.text() }, open);
  });
}

/** Each parameter that the operation knows, at most once; an empty one counts as left out. */
function readParameters(given: URLSearchParams, { operation }: Route): Record<string, string> {
  const known = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const query: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!known.includes(name)) {
      const near = nearest(name.slice(0, 100), known);
      const remedy = near === null ? `there are ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
      throw new RefusedRequest(name, `there is no parameter "${shortened(name)}" here; ${remedy}`);
    }
    if (Object.hasOwn(query, name)) throw new RefusedRequest(name, `"${name}" is given twice; give it once`);
    if (value !== '') query[name] = value;
  }
  return query;
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes) {
    const known = methods.get(honoPath(path)) ?? [];
    methods.set(honoPath(path), [...known, ...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])]);
  }
  return methods;
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
