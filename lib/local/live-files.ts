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

type Where = { readonly id: string; readonly accessKeyId: string; readonly liveDir: string | null };

const largestLogBytes = 64 * 1024 * 1024;

const whereName = 'live.json';
const markName = 'belongs-to';
const smallFiles = ['stream-positions.json', 'custom-resources.json'];

export function openLiveFiles(dataDir: string, durable: boolean): LiveFiles {
  const whereFile = join(dataDir, whereName);
  const copyDir = join(dataDir, 'copy');
  const known = readJsonOr<Where | null>(whereFile, null);
  const id = known?.id ?? randomUUID();
  const accessKeyId = known?.accessKeyId ?? `local${randomBytes(16).toString('hex')}`;
  const adopted = known?.liveDir !== null && known?.liveDir !== undefined && isOurs(known.liveDir, id);
  const copied = latestCopy(copyDir);

  const dir =
    adopted && !durable ? (known?.liveDir as string) : durable ? join(dataDir, 'durable') : newFolderInMemory(id);
  const hadDurable = durable && existsSync(join(dir, markName));
  let from: LiveFiles['from'] = 'new';
  let copiedAt: string | null = null;
  if (hadDurable || (adopted && !durable)) from = 'kept';
  else if (adopted) {
    // From fast to durable: the folder in memory is newer than its copy.
    copyTree(known?.liveDir as string, dir);
    from = 'kept';
  } else if (copied !== null) {
    copyTree(copied, dir);
    copiedAt = readJsonOr<{ at: string; clean: boolean }>(join(copied, 'copied.json'), { at: '', clean: false }).at;
    from = readJsonOr<{ clean: boolean }>(join(copied, 'copied.json'), { clean: false }).clean ? 'kept' : 'restored';
  }
  if (adopted && durable) rmSync(known?.liveDir as string, { recursive: true, force: true });
  mkdirSync(join(dir, 'dynamodb'), { recursive: true });
  mkdirSync(join(dir, 'queues'), { recursive: true });
  prepareDatabase(join(dir, 'dynamodb', `${accessKeyId}_${region}.db`), durable);
  writeJson(join(dir, markName), { id });
  writeJson(whereFile, { id, accessKeyId, liveDir: durable ? null : dir } satisfies Where);

  let saving: Promise<void> = Promise.resolve();
  let saved = '';
  const save = (clean = false) => {
    const next = saving
      .catch(() => {})
      .then(async () => {
        const state = stateOf(dir);
        if (state === saved && !clean) return;
        await copyOnline(dir, copyDir, clean);
        saved = state;
      });
    saving = next;
    return next;
  };
  return {
    dir,
    databaseDir: join(dir, 'dynamodb'),
    queueDir: join(dir, 'queues'),
    positionsFile: join(dir, 'stream-positions.json'),
    customResourcesFile: join(dir, 'custom-resources.json'),
    accessKeyId,
    from,
    copiedAt,
    save: () => (durable ? Promise.resolve() : save()),
    close: async () => {
      if (durable) return;
      await save(true);
      writeJson(whereFile, { id, accessKeyId, liveDir: null } satisfies Where);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

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
  writeJson(join(unfinished, 'copied.json'), { at: new Date().toISOString(), clean });
  renameSync(unfinished, join(copyDir, name));
  for (const old of readdirSync(copyDir).filter((each) => each !== name)) {
    rmSync(join(copyDir, old), { recursive: true, force: true });
  }
}

/**
 * DynamoDB Local takes its database's journal as it finds it. With SQLite's own default a copy makes its writes fail
 * (3 % of them under load, measured); with a write-ahead log none, and it writes several times as fast. A log that waits
 * for the disk at each step is only as safe as the default, so the durable mode keeps that.
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
  try {
    return (
      statSync(dir).uid === userInfo().uid && readJsonOr<{ id: string }>(join(dir, markName), { id: '' }).id === id
    );
  } catch {
    return false;
  }
}

function newFolderInMemory(id: string): string {
  const dir = mkdtempSync(join(memoryDir(), `wirewatch-${id.slice(0, 8)}-`));
  writeJson(join(dir, markName), { id });
  return dir;
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

function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (source) => basename(source) !== 'copied.json' });
}
