import { randomBytes, randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { readJsonOr, writeJson } from './json-file.ts';
import { databaseName as queueDatabase } from './queues-and-buckets.ts';
import { region } from './resolve.ts';

/**
 * The files that the run writes all the time: DynamoDB Local's database, the queues', and what must never be newer
 * than these (stream positions, custom resources). Each write of DynamoDB Local waits for the disk, so unless asked to
 * be durable they lie in a folder in memory, and the data directory gets an online copy every few seconds.
 */
export type LiveFiles = {
  readonly dir: string;
  readonly databaseDir: string;
  readonly queueDir: string;
  readonly positionsFile: string;
  readonly customResourcesFile: string;
  /** DynamoDB Local keeps one database a key: this one is as good as a password for our tables. */
  readonly accessKeyId: string;
  /** `new` data directory; `kept` as the last run left it; `restored` from the copy, after a crash that took the folder. */
  readonly from: 'new' | 'kept' | 'restored';
  /** When the copy was made that was restored. */
  readonly copiedAt: string | null;
  save(): Promise<void>;
  /** Saves, and gives the folder in memory back. Nothing may write any more. */
  close(): Promise<void>;
};

type Where = {
  readonly id: string;
  readonly accessKeyId: string;
  /** The folder in memory; null after a clean end, and in the durable mode. */
  readonly liveDir: string | null;
  /** The last run was a durable one. */
  readonly durable: boolean;
};

type Mark = { readonly id: string; readonly dataDir: string };

type Newest = { readonly dir: string; readonly kind: 'memory' | 'durable' | 'copy' };

const largestLogBytes = 64 * 1024 * 1024;

const whereName = 'live.json';
const markName = 'belongs-to';
const copiedName = 'copied.json';
const smallFiles = ['stream-positions.json', 'custom-resources.json'];

export function openLiveFiles(dataDir: string, durable: boolean): LiveFiles {
  const whereFile = join(dataDir, whereName);
  const copyDir = join(dataDir, 'copy');
  const known = readJsonOr<Where | null>(whereFile, null);
  const id = known?.id ?? randomUUID();
  const accessKeyId = known?.accessKeyId ?? `local${randomBytes(16).toString('hex')}`;
  const newest = known === null ? null : newestOf(known, dataDir, copyDir);
  sweepMemory(newest?.dir ?? null, id);

  const goesOn = newest?.kind === (durable ? 'durable' : 'memory');
  const dir = goesOn ? newest.dir : durable ? join(dataDir, 'durable') : newFolderInMemory({ id, dataDir });
  if (newest !== null && !goesOn) moveOver(newest.dir, dir);
  for (const part of ['dynamodb', 'queues']) mkdirSync(join(dir, part), { recursive: true });
  prepareDatabase(join(dir, 'dynamodb', `${accessKeyId}_${region}.db`), durable);
  writeJson(join(dir, markName), { id, dataDir } satisfies Mark);
  writeJson(whereFile, { id, accessKeyId, liveDir: durable ? null : dir, durable } satisfies Where);
  if (durable && newest?.kind === 'memory') rmSync(newest.dir, { recursive: true, force: true });

  const copied = newest?.kind === 'copy' ? readJsonOr<Copied>(join(newest.dir, copiedName), neverCopied) : null;
  const saver = copier(dir, copyDir);
  return {
    dir,
    databaseDir: join(dir, 'dynamodb'),
    queueDir: join(dir, 'queues'),
    positionsFile: join(dir, 'stream-positions.json'),
    customResourcesFile: join(dir, 'custom-resources.json'),
    accessKeyId,
    from: newest === null ? 'new' : copied?.clean === false ? 'restored' : 'kept',
    copiedAt: copied?.at ?? null,
    save: () => (durable ? Promise.resolve() : saver(false)),
    close: async () => {
      if (durable) return;
      await saver(true);
      writeJson(whereFile, { id, accessKeyId, liveDir: null, durable } satisfies Where);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Where the last run's latest writes are. */
function newestOf(known: Where, dataDir: string, copyDir: string): Newest | null {
  if (known.durable) return { dir: join(dataDir, 'durable'), kind: 'durable' };
  if (known.liveDir !== null && isOurs(known.liveDir, known.id)) return { dir: known.liveDir, kind: 'memory' };
  const copy = latestCopy(copyDir);
  return copy === null ? null : { dir: copy, kind: 'copy' };
}

/** Copies one after another, and nothing where nothing was written since the last. */
function copier(dir: string, copyDir: string): (clean: boolean) => Promise<void> {
  let saving: Promise<void> = Promise.resolve();
  let saved = '';
  return (clean) => {
    saving = saving
      .catch(() => {})
      .then(async () => {
        const state = stateOf(dir);
        if (state === saved && !clean) return;
        await copyOnline(dir, copyDir, clean);
        saved = state;
      });
    return saving;
  };
}

type Copied = { readonly at: string | null; readonly clean: boolean };

const neverCopied: Copied = { at: null, clean: false };

/**
 * Copies while others write. What must not be newer than the databases is read first: a stream position of the past
 * only repeats work. The finished copy takes the old one's place by one rename, so a crash leaves the old or the new.
 */
async function copyOnline(dir: string, copyDir: string, clean: boolean): Promise<void> {
  mkdirSync(copyDir, { recursive: true });
  const previous = latestCopy(copyDir);
  const name = String(Number(previous === null ? 0 : basename(previous)) + 1);
  const unfinished = join(copyDir, `${name}.unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  for (const part of ['dynamodb', 'queues']) mkdirSync(join(unfinished, part), { recursive: true });
  for (const file of smallFiles) if (existsSync(join(dir, file))) copyFileSync(join(dir, file), join(unfinished, file));
  for (const file of databasesOf(dir)) {
    writeBack(join(dir, file));
    const source = new DatabaseSync(join(dir, file), { readOnly: true, timeout: 5000 });
    try {
      // In one step: in several, each write of DynamoDB Local in between would begin the copy anew.
      await backup(source, join(unfinished, file), { rate: 2 ** 30 });
    } finally {
      source.close();
    }
  }
  writeJson(join(unfinished, copiedName), { at: new Date().toISOString(), clean } satisfies Copied);
  renameSync(unfinished, join(copyDir, name));
  for (const old of readdirSync(copyDir).filter((each) => each !== name)) {
    rmSync(join(copyDir, old), { recursive: true, force: true });
  }
}

/**
 * DynamoDB Local takes its database's journal as it finds it. With SQLite's own default a copy makes its writes fail
 * (3 % of them under load, measured), with a write-ahead log none. The durable mode makes no copies and keeps the default,
 * which is known to wait for the disk at every step.
 */
function prepareDatabase(file: string, durable: boolean): void {
  if (durable && !existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA journal_mode = ${durable ? 'DELETE' : 'WAL'}`);
  } finally {
    database.close();
  }
}

/**
 * DynamoDB Local never does this, and its log would grow for ever. The passive way stops nobody, but the log begins anew
 * only when it has caught up with the last write; under steady load it takes the lock for the few pages that are left.
 */
function writeBack(file: string): void {
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    const log = `${file}-wal`;
    if (existsSync(log) && statSync(log).size > largestLogBytes) database.exec('PRAGMA wal_checkpoint(RESTART)');
  } finally {
    database.close();
  }
}

/** Changes whenever something was written, so that an idle run copies nothing. */
function stateOf(dir: string): string {
  const databases = databasesOf(dir);
  const names = [...smallFiles, ...databases, ...databases.map((name) => `${name}-wal`)];
  return names
    .filter((name) => existsSync(join(dir, name)))
    .map((name) => statSync(join(dir, name)))
    .map(({ mtimeMs, size }) => `${mtimeMs}:${size}`)
    .join();
}

function databasesOf(dir: string): readonly string[] {
  const dynamo = existsSync(join(dir, 'dynamodb')) ? readdirSync(join(dir, 'dynamodb')) : [];
  return [
    ...dynamo.filter((name) => name.endsWith('.db')).map((name) => join('dynamodb', name)),
    ...(existsSync(join(dir, 'queues', queueDatabase)) ? [join('queues', queueDatabase)] : []),
  ];
}

function latestCopy(copyDir: string): string | null {
  if (!existsSync(copyDir)) return null;
  const numbers = readdirSync(copyDir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return numbers.length === 0 ? null : join(copyDir, String(Math.max(...numbers)));
}

/** Only a folder of ours: this user's, and marked with the data directory it belongs to. */
function isOurs(dir: string, id: string): boolean {
  return markOf(dir)?.id === id;
}

function markOf(dir: string): Mark | null {
  try {
    if (statSync(dir).uid !== userInfo().uid) return null;
    const { id, dataDir } = readJsonOr<Partial<Mark>>(join(dir, markName), {});
    return typeof id === 'string' && typeof dataDir === 'string' ? { id, dataDir } : null;
  } catch {
    return null;
  }
}

function newFolderInMemory(mark: Mark): string {
  const dir = mkdtempSync(join(memoryDir(), folderPrefix));
  writeJson(join(dir, markName), mark);
  return dir;
}

const folderPrefix = 'wirewatch-';
// Far longer than a start takes from making its folder to writing down where it is.
const abandonedAfterMs = 60_000;

/** Gives memory back that crashed starts left behind, and runs whose data directory was deleted since. */
function sweepMemory(keep: string | null, id: string): void {
  const folders = readdirSync(memoryDir()).filter((name) => name.startsWith(folderPrefix));
  for (const dir of folders.map((name) => join(memoryDir(), name))) {
    const mark = dir === keep ? null : markOf(dir);
    if (mark === null) continue;
    const abandoned =
      !existsSync(join(mark.dataDir, whereName)) && Date.now() - statSync(dir).mtimeMs > abandonedAfterMs;
    if (mark.id === id || abandoned) rmSync(dir, { recursive: true, force: true });
  }
}

/** Linux keeps a file system in memory there; elsewhere the system's temporary folder has to do. */
function memoryDir(): string {
  try {
    accessSync('/dev/shm', constants.W_OK | constants.X_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

/** Puts a copy of one folder in the place of another. */
function moveOver(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, filter: (source) => basename(source) !== copiedName });
}
