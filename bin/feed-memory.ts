import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeedHead } from '../lib/core/feed/feed-entry.ts';
import type { PollState } from '../lib/core/feed/poll-state.ts';
import { PlainError } from '../lib/core/plain-error.ts';

/** What `wirewatch feed --state DIR` remembers of one feed between two polls. */
export type FeedMemory = {
  readonly source: string;
  readonly state: PollState;
  /** Fingerprints of what it lists, in base64. */
  readonly known: string;
  /** What the feed last said of itself, for polls that bring no body. */
  readonly feed: FeedHead | null;
  readonly nextPollAt: string;
};

/** Null where the feed was never polled with this folder. */
export async function loadMemory(folder: string, source: string): Promise<FeedMemory | null> {
  const file = fileOf(folder, source);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FeedMemory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PlainError(`cannot read ${file}: ${(error as Error).message}; delete it to begin anew`);
  }
}

/** Written beside and moved into place, so that a crash leaves the old memory or the new one. */
export async function saveMemory(folder: string, memory: FeedMemory): Promise<void> {
  const file = fileOf(folder, memory.source);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(memory, null, 2));
    await rename(`${file}.${process.pid}`, file);
  } catch (error) {
    throw new PlainError(`cannot write ${file}: ${(error as Error).message}`);
  }
}

function fileOf(folder: string, source: string): string {
  const readable = source
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[^a-z0-9]+/gi, '-')
    .slice(0, 40);
  return join(folder, `${readable}-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.json`);
}
