import { createHash } from 'node:crypto';
import { nearest } from '../core/config/nearest.ts';
import type { Priority } from '../core/watchlist/matched.ts';
import { priorities } from '../core/watchlist/watchlist-source.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { RefusedRequest } from './refused-request.ts';

/** The most rows one page reads, whatever its filters leave of them, and the most it lists. */
export const rowsAPage = 1_000;
const mostDays = 3_653;

export type Window = { readonly since: string; readonly until: string };

/**
 * A list is read month by month, so the window has ends: nothing is published after now (a story's date is at most when
 * it was seen), and ten years back is as far as a page looks. `days` is how far back it begins where `since` is not said.
 */
export function readWindow(
  query: Partial<Record<'since' | 'until', string>>,
  deps: { readonly now: () => Date },
  days: number,
): Window {
  const now = deps.now().toISOString();
  const asked = readTime('until', query.until, deps) ?? now;
  // ISO 8601 in UTC sorts as the times do.
  const [until = now] = [asked, now].sort();
  const daysBefore = (count: number) => new Date(Date.parse(until) - count * 86_400_000).toISOString();
  const since = readTime('since', query.since, deps) ?? daysBefore(days);
  const [, latest = since] = [since, daysBefore(mostDays)].sort();
  return { since: latest, until };
}

/** An ISO date or instant, or a span back from now like `36h` or `7d`. */
export function readTime(field: string, value: string | undefined, deps: { readonly now: () => Date }): string | null {
  if (value === undefined || value === '') return null;
  const span = /^(\d{1,5})([mhd])$/.exec(value);
  if (span !== null) {
    const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[span[2] as 'm' | 'h' | 'd'];
    return new Date(deps.now().getTime() - Number(span[1]) * unitMs).toISOString();
  }
  const iso = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value);
  // Without a zone it is UTC, wherever this runs.
  const time = iso === null ? Number.NaN : Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`);
  if (Number.isNaN(time)) {
    throw new RefusedRequest(
      field,
      `"${shortened(value)}" is not a time; write 2026-11-24, 2026-11-24T06:00Z or a span like 36h or 7d`,
    );
  }
  return new Date(time).toISOString();
}

export function readLimit(value: string | undefined, most: number, usual: number): number {
  if (value === undefined || value === '') return usual;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new RefusedRequest(
    'limit',
    `"${shortened(value)}" is not a page's length; write a whole number from 1 to ${most}`,
  );
}

/** One of a few words; null where none is said. */
export function readChoice<Word extends string>(
  field: string,
  value: string | undefined,
  words: readonly Word[],
): Word | null {
  if (value === undefined || value === '') return null;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new RefusedRequest(field, `"${shortened(value)}" is no ${field}; write one of ${words.join(', ')}`);
}

/** Whether a priority is at least the one asked for. */
export function reaches(priority: Priority, least: Priority | null): boolean {
  return least === null || priorities.indexOf(priority) >= priorities.indexOf(least);
}

/** Refuses an entity or event that the live watchlist does not have, naming the nearest. */
export function checkTargets(
  query: Partial<Record<'entity' | 'event', string>>,
  matcher: Pick<LiveMatcher, 'entities' | 'events'> | null,
): void {
  for (const [field, known] of [
    ['entity', matcher?.entities],
    ['event', matcher?.events],
  ] as const) {
    const id = query[field];
    if (id === undefined || known === undefined || known.includes(id)) continue;
    throw new RefusedRequest(field, `no ${field} "${shortened(id)}" in the watchlist${didYouMean(id, known)}`);
  }
}

export function didYouMean(id: string, known: readonly string[]): string {
  const near = nearest(id.slice(0, 100), known);
  return near === null ? '' : `; did you mean "${near}"?`;
}

/** What a refusal quotes of a value: enough to know it by. */
export function shortened(value: string): string {
  return value.length <= 60 ? value : `${value.slice(0, 60).toWellFormed()}…`;
}

/** A store's opaque key as a cursor that notices when it was cut or mistyped. */
export function writeCursor(key: string | null): string | null {
  return key === null ? null : `${Buffer.from(key).toString('base64url')}.${checkOf(key)}`;
}

/** `shape` is that of the keys of the list in question. */
export function readCursor(value: string | undefined, shape: RegExp): string | null {
  if (value === undefined || value === '') return null;
  const [text = '', check = ''] = value.split('.');
  const key = Buffer.from(text, 'base64url').toString('utf8');
  if (key.length <= 500 && shape.test(key) && checkOf(key) === check) return key;
  throw new RefusedRequest('cursor', `"${shortened(value)}" is not a cursor; take "next" from the page before`);
}

function checkOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 6);
}
