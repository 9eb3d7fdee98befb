import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { PlainError } from '../lib/core/plain-error.ts';
import { createReadingPool } from './reading-pool.ts';

/** Longer than any feed needs on a slow machine, short enough that a folder of hostile ones ends. */
const limitMs = 10_000;

/** Reads every file below a folder; one JSON line a file on standard output, in the order of their names. */
export async function feedBatch(folder: string, now: Date): Promise<void> {
  const files = await filesBelow(folder);
  const pool = createReadingPool({ threads: Math.min(availableParallelism(), 4), limitMs });
  const lines = new Map<number, string>();
  let printed = 0;
  const lane = async (indexes: Iterator<number>) => {
    for (let next = indexes.next(); !next.done; next = indexes.next()) {
      lines.set(next.value, await fileLine(folder, files[next.value] ?? '', now, pool.read));
      // Printed as soon as all before it are, so that a long run shows that it lives.
      for (; lines.has(printed); printed++) {
        process.stdout.write(`${lines.get(printed)}\n`);
        lines.delete(printed);
      }
    }
  };
  const indexes = files.keys();
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, () => lane(indexes)));
  await pool.close();
}

async function fileLine(
  folder: string,
  file: string,
  now: Date,
  read: ReturnType<typeof createReadingPool>['read'],
): Promise<string> {
  const name = relative(folder, file);
  const job = { file, body: new Uint8Array(), contentType: null, url: null, now: now.toISOString() };
  const outcome = await read(job);
  if (outcome.kind === 'unreadable') return JSON.stringify({ file: name, error: outcome.error });
  const { feed, entries, cuts, warnings } = outcome;
  return JSON.stringify({ file: name, feed, items: entries, cuts, warnings });
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true, recursive: true });
    return found
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw new PlainError(`cannot read the folder "${folder}": ${(error as Error).message}`);
  }
}
