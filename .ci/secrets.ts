import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

const preset = '@secretlint/secretlint-rule-preset-recommend';

/** What git has or would add, so that a secret is found before it is committed too. */
export function filesOf(folder: string): readonly string[] {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return names.split('\0').filter((name) => name !== '');
}

/**
 * One sentence for each secret: its place and what it looks like, never the secret itself. A line that only looks like
 * one says so in a comment before it: `secretlint-disable-next-line -- why`.
 */
export async function secretsIn(folder: string, files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) found.push(...(await secretsInFile(join(folder, file), file)));
  return found;
}

async function secretsInFile(path: string, name: string): Promise<readonly string[]> {
  const bytes = readOrNull(path);
  if (bytes === null || bytes.includes(0)) return [];
  const { messages } = await lintSource({
    source: { content: bytes.toString('utf8'), filePath: path, contentType: 'text' },
    options: { maskSecrets: true, config: { rules: [{ id: preset, rule: creator }] } },
  });
  return messages.map(({ loc, message }) => `${name}:${loc.start.line}: ${message}`);
}

/** Null for what git still lists and somebody has deleted, and for a link to a folder. */
function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const files = filesOf(root);
  const found = await secretsIn(root, files);
  for (const sentence of found) console.error(sentence);
  if (found.length > 0) {
    console.error('take each out and, where it was real, revoke it: whoever has the history has it');
    process.exit(1);
  }
  console.log(`no secret in ${files.length} files`);
}
