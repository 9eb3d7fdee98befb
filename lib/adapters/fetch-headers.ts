import type { IncomingHttpHeaders } from 'node:http';
import type { FetchedHeaders } from '../core/feed/fetched.ts';

/** What an answer's headers say about the next request. `permanentUrl` is known to the redirects alone. */
export function cachingHeaders(headers: IncomingHttpHeaders, nowMs: number): Omit<FetchedHeaders, 'permanentUrl'> {
  return {
    etag: keepable(headers.etag),
    lastModified: keepable(headers['last-modified']),
    freshForSeconds: freshForSeconds(headers, nowMs),
    retryAfterSeconds: retryAfterSeconds(headers, nowMs),
  };
}

/** RFC 9111, 4.2: max-age less the answer's Age, else Expires minus Date; null where the server does not say. */
export function freshForSeconds(headers: IncomingHttpHeaders, nowMs: number): number | null {
  const directives = cacheDirectives(one(headers['cache-control']) ?? '');
  if (directives.has('no-cache') || directives.has('no-store')) return null;
  const maxAge = directives.get('max-age');
  if (maxAge !== undefined && /^\d+$/.test(maxAge)) {
    const age = Number(one(headers.age) ?? 0);
    return Math.max(0, Number(maxAge) - (Number.isFinite(age) && age > 0 ? age : 0));
  }
  const expires = one(headers.expires);
  if (expires === null) return null;
  const at = Date.parse(expires);
  // `Expires: 0` and the like mean "already over" (RFC 9111, 5.3).
  if (Number.isNaN(at)) return 0;
  return Math.max(0, Math.round((at - sentAt(headers, nowMs)) / 1000));
}

/** RFC 9110, 10.2.3: seconds, or a date; null for anything else. */
export function retryAfterSeconds(headers: IncomingHttpHeaders, nowMs: number): number | null {
  const value = one(headers['retry-after'])?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  if (Number.isNaN(at) || !/[a-z]/i.test(value)) return null;
  return Math.max(0, Math.round((at - sentAt(headers, nowMs)) / 1000));
}

/** The server's own clock where it tells it, so that a wrong one cancels out. */
function sentAt(headers: IncomingHttpHeaders, nowMs: number): number {
  const date = Date.parse(one(headers.date) ?? '');
  return Number.isNaN(date) ? nowMs : date;
}

function cacheDirectives(header: string): Map<string, string> {
  const directives = new Map<string, string>();
  for (const part of header.split(',')) {
    const [name = '', value = ''] = part.split('=', 2);
    directives.set(name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, ''));
  }
  return directives;
}

/** Real validators have under a hundred bytes; one that would fill the feed's row is done without. */
function keepable(header: string | readonly string[] | undefined): string | null {
  const value = one(header);
  return value !== null && value.length <= 1_000 ? value : null;
}

/** The first of a header that was sent several times. */
export function one(value: string | readonly string[] | undefined): string | null {
  if (typeof value === 'string') return value;
  return value?.[0] ?? null;
}
