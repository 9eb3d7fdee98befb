import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FunctionPool } from './function-pool.ts';
import { findRoute, type Route, type Routed } from './http-routes.ts';
import { listenOnLoopback, readBody, refusesStrangers } from './loopback.ts';
import type { Outbox } from './outbox.ts';
import { account } from './resolve.ts';
import type { SnsFront } from './sns-front.ts';

export type HttpFront = {
  readonly url: string;
  /** Opens the doors, once there is something behind them. */
  serve(parts: HttpFrontParts): void;
  close(): Promise<void>;
};

export type HttpFrontParts = {
  readonly routes: readonly Route<FunctionPool>[];
  readonly outbox: Outbox;
  readonly nowMs: () => number;
  readonly sns: Pick<SnsFront, 'confirm' | 'isPending'>;
};

const pageFiles: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/confirmation.html': { file: 'confirmation.html', type: 'text/html; charset=utf-8' },
  '/local/confirmation.js': { file: 'confirmation.js', type: 'text/javascript; charset=utf-8' },
  '/local/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
};

const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const outboxPage = 200;

/**
 * What the page asks the api function for on AWS. Here the authorizer is inert, so nobody signs in, and there is an
 * outbox to look at.
 */
const localConfig = { signIn: null, outbox: true };

/** The address of the run: the HTTP API of the template with its page, and in front of it the outbox. */
export async function startHttpFront(port: number): Promise<HttpFront> {
  let parts: HttpFrontParts | null = null;
  const server = createServer((request, response) => {
    if (refusesStrangers(request, response)) return;
    if (parts === null) return void text(response, 503, 'Wirewatch is starting.\n');
    answer(request, response, parts).catch((error: unknown) => {
      if (response.headersSent) response.end();
      else text(response, 500, `${(error as Error).message}\n`);
    });
  });
  const { url, close } = await listenOnLoopback(server, port);
  return {
    url,
    serve: (given) => {
      parts = given;
    },
    close,
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpFrontParts): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const page = pageFiles[path];
  if (request.method === 'GET' && page !== undefined) {
    response.writeHead(200, { ...pageHeaders, 'content-type': page.type });
    return void response.end(readFileSync(new URL(`./page/${page.file}`, import.meta.url)));
  }
  if (request.method === 'GET' && path === '/config.json') return json(response, 200, localConfig);
  if (request.method === 'GET' && path === '/outbox.json') {
    const messages = parts.outbox.list(outboxPage).map((message) => ({
      ...message,
      pending: message.token !== null && parts.sns.isPending(message.topicArn, message.token),
    }));
    return json(response, 200, { messages });
  }
  if (request.method === 'POST' && path === '/local/confirm') {
    const { topicArn, token } = JSON.parse((await readBody(request)).toString('utf8')) as Record<string, unknown>;
    const { confirmed } = parts.sns.confirm(String(topicArn), String(token));
    return json(response, confirmed ? 200 : 404, { confirmed });
  }
  const routed = findRoute(parts.routes, request.method ?? 'GET', path);
  if (routed === undefined) return json(response, 404, { message: 'Not Found' });
  const invoked = await routed.route.target.invoke(await apiEvent(request, routed, parts.nowMs()));
  if (invoked.kind === 'failed') return json(response, 500, { message: 'Internal Server Error' });
  send(response, invoked.payload);
}

/** Payload format 2.0. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
async function apiEvent(
  request: IncomingMessage,
  { route, pathParameters }: Routed<FunctionPool>,
  nowMs: number,
): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { cookie, ...headers } = request.headers;
  const body = await readBody(request);
  const isText = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/.test(
    headers['content-type'] ?? '',
  );
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    },
    ...(url.search.length > 1 ? { queryStringParameters: query(url.searchParams) } : {}),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName: request.headers.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: new Date(nowMs).toUTCString(),
      timeEpoch: Math.floor(nowMs),
      // Nobody signs in on the own machine: whoever reaches loopback is an editor.
      ...(route.authorized ? { authorizer: { jwt: { claims: localEditor, scopes: null } } } : {}),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** As API Gateway passes them on: every claim as text, a list in brackets. */
const localEditor = { sub: 'local', username: 'local', 'cognito:groups': '[editor]' };

function query(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}

function send(response: ServerResponse, payload: unknown): void {
  const shaped = payload as {
    statusCode?: number;
    headers?: Record<string, string>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  } | null;
  if (typeof shaped !== 'object' || shaped === null || shaped.statusCode === undefined) {
    return json(response, 200, payload);
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = shaped;
  response.writeHead(statusCode, { ...headers, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) });
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(value));
}

function text(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(words);
}
