import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/core/plain-error.ts';
import type { ConfigTexts } from '../lib/pipeline/apply.ts';

/** Reads the two files of a config folder; a missing one is named. */
export function readConfig(folder: string): ConfigTexts {
  return { feeds: read(join(folder, 'feeds.yaml')), watchlist: read(join(folder, 'watchlist.yaml')) };
}

function read(name: string): { name: string; text: string } {
  try {
    return { name, text: readFileSync(name, 'utf8') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : `cannot be read: ${error}`;
    throw new PlainError(`${name} ${reason}; give the folder of feeds.yaml and watchlist.yaml by --config`);
  }
}
