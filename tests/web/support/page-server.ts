import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { apiApp } from '../../../lib/adapters/api/api-app.ts';
import type { Caller } from '../../../lib/adapters/api/caller.ts';
import type { ApiDeps } from '../../../lib/adapters/api/route.ts';
import { addPage, type PageSignIn, readPage } from '../../../lib/adapters/page.ts';

export type PageServer = {
  readonly url: string;
  /** Every path asked for, in order. */
  readonly asked: readonly string[];
  /** What it answers with, instead of the API, as long as it is set. */
  fail(status: number | null): void;
  stop(): Promise<void>;
};

/** The real page and the real API over loopback, by the app that the api function serves. */
export async function servePage(
  folder: string,
  deps: ApiDeps,
  { signIn = null, who }: { readonly signIn?: PageSignIn | null; readonly who?: (token: string | null) => Caller } = {},
): Promise<PageServer> {
  const callers = new WeakMap<object, Caller>();
  const app = apiApp(
    async () => deps,
    ({ error }) => console.error(error),
    (env) => callers.get(env as object) ?? 'editor',
  );
  addPage(app, () => readPage(folder), signIn);
  const asked: string[] = [];
  let failing: number | null = null;
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    if (failing !== null && request.url?.startsWith('/api/')) return void response.writeHead(failing).end();
    const asRequest = requestOf(request);
    const env = {};
    if (who !== undefined) callers.set(env, who(asRequest.headers.get('authorization')));
    const answer = await app.fetch(asRequest, env);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fail: (status) => {
      failing = status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function requestOf(request: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(hasBody && { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' }),
  } as RequestInit);
}
