import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { plainLine } from '../core/alert/plain-text.ts';
import type { Fetched, FetchFailure, FetchFeed, FetchRequest } from '../core/feed/fetched.ts';
import { gather, unpack } from './fetch-body.ts';
import { cachingHeaders, one, retryAfterSeconds } from './fetch-headers.ts';
import { hostTurns } from './fetch-turns.ts';
import { guardedConnector, guardRefusal, type LookUp, refusedUrl } from './guard.ts';

export type FetchFeedOptions = {
  /** `host:port` pairs exempt from the guard against private addresses, exactly as they stand in the URL. */
  readonly allowHosts?: readonly string[];
  /** For one feed, redirects and body included; waiting for a turn at a host is not counted. */
  readonly timeoutMs?: number;
  /** The most unpacked bytes, and the most packed ones. */
  readonly maxBytes?: number;
  readonly userAgent?: string;
  /** Replaces the system's resolver in tests. */
  readonly lookup?: LookUp;
};

/** Product and contact, so that a publisher who minds can say so instead of blocking. */
export const userAgentWith = (contactUrl: string): string => `Wirewatch/0.1 (feed reader; +${contactUrl})`;

/** Until whoever runs it names an address of theirs; `.invalid` says that nobody answers there (RFC 2606). */
export const defaultUserAgent = userAgentWith('https://wirewatch.invalid/contact');

const accept = [
  'application/atom+xml',
  'application/rss+xml',
  'application/feed+json',
  'application/rdf+xml;q=0.9',
  'application/xml;q=0.8',
  'text/xml;q=0.8',
  'application/json;q=0.7',
  '*/*;q=0.1',
].join(', ');

const mostRedirects = 8;
const connectionsPerHost = 2;
const mostMessage = 300;
/** A longer address is followed but not adopted: it would be kept in the feed's row. */
const mostAdopted = 2_000;
/** Real answers have 1 to 4 kB of headers. */
const maxHeaderBytes = 32_768;

/**
 * Polite, guarded HTTP for feeds. One for a whole process: it holds the connections and the turns at each host.
 * Connections are kept while requests follow one another and closed with the last of them: a function that is frozen
 * between two batches would find them dead.
 */
export function createFetchFeed(options: FetchFeedOptions = {}): { fetchFeed: FetchFeed; close(): Promise<void> } {
  const { allowHosts = [], timeoutMs = 20_000, maxBytes = 8 * 1024 * 1024, userAgent = defaultUserAgent } = options;
  const settings = {
    connect: guardedConnector({ allowHosts, connectTimeoutMs: timeoutMs, lookUp: options.lookup }),
    connections: connectionsPerHost,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: 4_000,
  };
  let agent: Agent | null = null;
  let running = 0;
  const turns = hostTurns(connectionsPerHost);
  const never = new AbortController().signal;

  /** One request, without following anything. The turn at the host lasts until the body is read or given up. */
  async function hop(url: URL, request: FetchRequest, outer: AbortSignal, budgetMs: number): Promise<Hop> {
    const endTurn = await turns.take(url.host, outer);
    const started = performance.now();
    const deadline = deadlineSignal(budgetMs);
    try {
      agent ??= new Agent(settings);
      const answer = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: requestHeaders(request, userAgent),
        signal: AbortSignal.any([outer, deadline.signal]),
      });
      const outcome = await readAnswer(answer, request, url, maxBytes);
      return { ...outcome, spentMs: performance.now() - started };
    } finally {
      deadline.clear();
      endTurn();
    }
  }

  async function follow(request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    let url = parsedUrl(request.url);
    let budgetMs = timeoutMs;
    let permanentUrl: string | null = null;
    let isPermanent = true;
    for (let redirects = 0; ; redirects++) {
      if (url === null) return failed('forbidden', `not an address: ${request.url}`);
      const refused = refusedUrl(url, allowHosts);
      if (refused !== null) return failed('forbidden', refused);
      const { redirect, fetched, spentMs } = await hop(url, request, signal, budgetMs);
      if (redirect === null) return fetched.kind === 'failed' ? fetched : { ...fetched, permanentUrl };
      if (redirects === mostRedirects) return failed('forbidden', `more than ${mostRedirects} redirects`);
      budgetMs = Math.max(1, budgetMs - spentMs);
      const target = parsedUrl(redirect.location, url);
      if (target === null) return failed('broken', `redirected to something that is no address: ${redirect.location}`);
      // Only the leading permanent hops: what follows a temporary one may be elsewhere tomorrow. Never from https down.
      isPermanent &&= redirect.permanent && !(url.protocol === 'https:' && target.protocol === 'http:');
      isPermanent &&= target.href.length <= mostAdopted;
      if (isPermanent) permanentUrl = target.href;
      url = target;
    }
  }

  async function fetchFeed(request: FetchRequest, signal: AbortSignal = never): Promise<Fetched> {
    running++;
    try {
      return await follow(request, signal);
    } catch (error) {
      return failureFrom(error, signal, timeoutMs);
    } finally {
      if (--running === 0) void close();
    }
  }

  async function close(): Promise<void> {
    const last = agent;
    agent = null;
    await last?.destroy();
  }

  return { fetchFeed, close };
}

type Answered = {
  readonly fetched: Fetched;
  readonly redirect: { readonly location: string; readonly permanent: boolean } | null;
};
type Hop = Answered & { readonly spentMs: number };

function requestHeaders(request: FetchRequest, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    accept,
    'accept-encoding': 'gzip, br, deflate',
  };
  if (isHeaderValue(request.etag)) headers['if-none-match'] = request.etag;
  if (isHeaderValue(request.lastModified)) headers['if-modified-since'] = request.lastModified;
  return headers;
}

/** What cannot be sent as it was received is not sent: undici refuses the whole request over it. */
function isHeaderValue(value: string | null): value is string {
  return value !== null && value !== '' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

async function readAnswer(
  answer: Dispatcher.ResponseData,
  request: FetchRequest,
  url: URL,
  maxBytes: number,
): Promise<Answered> {
  const { statusCode: status, headers } = answer;
  const location = one(headers.location);
  const isRedirect = [301, 302, 303, 307, 308].includes(status) && location !== null;
  if (status === 200 || status === 203) return { fetched: await readBody(answer, url, maxBytes), redirect: null };
  discard(answer);
  if (isRedirect) {
    const redirect = { location: asUtf8(location), permanent: status === 301 || status === 308 };
    return { fetched: failed('broken', 'a redirect', status), redirect };
  }
  return { fetched: withoutBody(status, headers, request), redirect: null };
}

/** Nobody waits for the body of an error or a redirect: it may never end. */
function discard(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => {}).destroy();
}

async function readBody(answer: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<Fetched> {
  const { statusCode: status, headers } = answer;
  const tooLarge = failed('too-large', `more than ${Math.round(maxBytes / 1024)} kB`, status);
  if (Number(one(headers['content-length']) ?? 0) > maxBytes) {
    discard(answer);
    return tooLarge;
  }
  const packed = await gather(answer.body, maxBytes);
  if (packed === null) return tooLarge;
  const body = await unpack(packed, one(headers['content-encoding']), maxBytes);
  if (body.kind === 'too-large') return tooLarge;
  if (body.kind === 'broken') return failed('broken', body.message, status);
  return {
    kind: 'fresh',
    url: url.href,
    body: body.bytes,
    contentType: one(headers['content-type']),
    permanentUrl: null,
    ...cachingHeaders(headers, Date.now()),
  };
}

function withoutBody(status: number, headers: IncomingHttpHeaders, request: FetchRequest): Fetched {
  if (status === 304 && (request.etag !== null || request.lastModified !== null)) {
    return { kind: 'unchanged', permanentUrl: null, ...cachingHeaders(headers, Date.now()) };
  }
  const retryAfter = retryAfterSeconds(headers, Date.now());
  if (headers['cf-mitigated'] !== undefined) {
    return failed('blocked', `${status}: a challenge for browsers`, status, retryAfter);
  }
  const [reason, words] = failures[status] ?? (['broken', 'an answer that is no feed'] as const);
  return failed(reason, `${status}: ${words}`, status, retryAfter);
}

const failures: Readonly<Record<number, readonly [FetchFailure, string]>> = {
  304: ['broken', 'the server said "not modified" without being asked'],
  401: ['blocked', 'the server wants a password'],
  402: ['blocked', 'the server wants money'],
  403: ['blocked', 'the server refuses us'],
  404: ['missing', 'there is nothing at this address'],
  410: ['gone', 'the feed is gone for good'],
  429: ['busy', 'the server wants fewer requests'],
  451: ['blocked', 'withheld for legal reasons'],
  500: ['broken', 'the server failed'],
  502: ['broken', 'the server behind the server failed'],
  503: ['busy', 'the server is busy'],
  504: ['broken', 'the server behind the server did not answer'],
};

function failed(
  reason: FetchFailure,
  message: string,
  status: number | null = null,
  retryAfterSeconds: number | null = null,
): Fetched & { kind: 'failed' } {
  // What a server sent may stand in the message: it is stored and shown, so it is made plain and short.
  return { kind: 'failed', reason, status, message: plainLine(message).slice(0, mostMessage), retryAfterSeconds };
}

function failureFrom(error: unknown, signal: AbortSignal, timeoutMs: number): Fetched {
  if (signal.aborted) return failed('unreachable', 'stopped before it was done');
  const { name = '', code = '', message = String(error) } = error as { name?: string; code?: string; message?: string };
  if (code === guardRefusal) return failed('forbidden', message);
  if (name === 'TimeoutError' || code.endsWith('_TIMEOUT') || code === 'ETIMEDOUT') {
    return failed('unreachable', `no complete answer within ${timeoutMs / 1000} s`);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return failed('broken', `more than ${maxHeaderBytes / 1024} kB of headers`);
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return failed('broken', `the answer breaks HTTP: ${message}`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed('unreachable', `no such name, or no network (${code})`);
  if (code === 'ECONNREFUSED') return failed('unreachable', 'nobody listens there (connection refused)');
  return failed('unreachable', `the connection failed: ${message}${code === '' ? '' : ` (${code})`}`);
}

/** A timer of our own rather than AbortSignal.timeout, which cannot be cleared and would outlive the request. */
function deadlineSignal(ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('deadline', 'TimeoutError')), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function parsedUrl(address: string, base?: URL): URL | null {
  const url = URL.parse(address, base?.href);
  if (url !== null) url.hash = '';
  return url;
}

/** Headers come as Latin-1; addresses with bare UTF-8 in them are common. */
function asUtf8(header: string): string {
  const bytes = Buffer.from(header, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? header : text;
}
