import { readFileSync } from 'node:fs';
import { PlainError } from '../lib/core/plain-error.ts';
import type { MatchInput } from '../lib/core/watchlist/matched.ts';

/** A story as the commands `match` and `eval` read it, one JSON object a line. */
export type StoryLine = MatchInput & { readonly id: string; readonly raw: Readonly<Record<string, unknown>> };

export type ReadLine =
  | { readonly kind: 'story'; readonly line: number; readonly story: StoryLine }
  | { readonly kind: 'bad'; readonly line: number; readonly reason: string };

/** Reads stories from a file, or from standard input where it is `-` or left out. Empty lines are passed over. */
export function readStoryLines(file: string | undefined): readonly ReadLine[] {
  return textOf(file)
    .split('\n')
    .flatMap((text, i) => (text.trim() === '' ? [] : [readLine(text, i + 1)]));
}

function textOf(file: string | undefined): string {
  const isStdin = file === undefined || file === '-';
  if (isStdin && process.stdin.isTTY) throw new PlainError('no stories: name a file, or pipe JSON lines in', 2);
  try {
    return readFileSync(isStdin ? 0 : file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'is not there'
        : `cannot be read: ${(error as Error).message}`;
    throw new PlainError(`${file ?? 'standard input'} ${reason}`);
  }
}

function readLine(text: string, line: number): ReadLine {
  const bad = (reason: string): ReadLine => ({ kind: 'bad', line, reason });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('not a JSON object');
  const raw = value as Readonly<Record<string, unknown>>;
  if (typeof raw.title !== 'string') return bad('it has no title that is a text');
  const id = typeof raw.id === 'string' || typeof raw.id === 'number' ? String(raw.id) : `line-${line}`;
  return {
    kind: 'story',
    line,
    story: {
      id,
      title: raw.title,
      summary: text0(raw.summary) ?? '',
      content: text0(raw.content) ?? '',
      lang: text0(raw.lang),
      source: text0(raw.source),
      url: text0(raw.url),
      published: text0(raw.published),
      raw,
    },
  };
}

function text0(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
