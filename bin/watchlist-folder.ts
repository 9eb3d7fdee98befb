import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/core/plain-error.ts';
import { problemLine } from '../lib/core/problem.ts';
import { compileWatchlist } from '../lib/core/watchlist/compile.ts';
import type { CompiledWatchlist } from '../lib/core/watchlist/compiled.ts';
import { createMatcher, type Matcher } from '../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../lib/core/watchlist/watchlist-file.ts';
import type { WatchlistSource } from '../lib/core/watchlist/watchlist-source.ts';
import { say } from './output.ts';

/** A matcher over a config folder's watchlist. */
export function matcherOfFolder(folder: string): Matcher {
  return createMatcher(compiledOfFolder(folder));
}

/** A config folder's watchlist, compiled. Its problems go to standard error; an error in it ends the command. */
export function compiledOfFolder(folder: string): CompiledWatchlist {
  return compileWatchlist(sourceOfFolder(folder));
}

/** A config folder's watchlist, read and checked. Its problems go to standard error; an error in it ends the command. */
export function sourceOfFolder(folder: string): WatchlistSource {
  const file = join(folder, 'watchlist.yaml');
  const { watchlist, problems } = readWatchlist(textOf(file), file);
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) say(problemLine(problem));
  if (watchlist === null || errors.length > 0)
    throw new PlainError(`${file} has ${errors.length} errors; correct them and run this again`);
  return watchlist;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new PlainError(`${file} is not there; give the folder of watchlist.yaml by --config`);
  }
}
