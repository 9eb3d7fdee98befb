import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Reads a JSON file of our own; `otherwise` where it is missing or was cut off when the machine went down. */
export function readJsonOr<T>(file: string, otherwise: T): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return otherwise;
  }
}

/** Writes by rename, so that a reader and a crash see the old file or the new one, whole. Readable by its owner alone. */
export function writeJson(file: string, value: unknown): void {
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify(value), { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}
