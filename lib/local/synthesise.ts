import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError } from '../core/plain-error.ts';

export type SynthesiseOptions = {
  /** The folder of feeds.yaml and watchlist.yaml. */
  readonly configDir: string;
  /** What `cdk synth -c name=value` would be given. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Where assemblies are kept; one an input. */
  readonly cacheDir: string;
};

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** All that a template and its bundles are made from. */
const sources = [
  'lib',
  'functions',
  'web',
  'bin/app.ts',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

const keptAssemblies = 4;

/** Synthesises the stack with its bundles, or finds it done: the cache's key is a hash of all that goes in. */
export async function synthesise({ configDir, context, cacheDir }: SynthesiseOptions): Promise<string> {
  const hash = assemblyKey(configDir, context);
  const done = join(cacheDir, hash);
  if (existsSync(join(done, 'manifest.json'))) return done;
  mkdirSync(cacheDir, { recursive: true });
  const unfinished = join(cacheDir, `${hash}.${randomUUID()}.unfinished`);
  await runApp(unfinished, context);
  // Without a package.json of its own a bundle would be read as what the project's says: as an ES module.
  writeFileSync(join(unfinished, 'package.json'), '{}\n');
  try {
    renameSync(unfinished, done);
  } catch (error) {
    // Somebody else finished the same one in the meantime.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(join(done, 'manifest.json'))) throw error;
  }
  dropOld(cacheDir, hash);
  return done;
}

function runApp(outputDir: string, context: SynthesiseOptions['context']): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['bin/app.ts'], {
      cwd: projectRoot,
      env: { ...process.env, CDK_OUTDIR: outputDir, CDK_CONTEXT_JSON: JSON.stringify({ ...cdkContext(), ...context }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-20_000);
      });
    }
    const fail = (why: string) => {
      rmSync(outputDir, { recursive: true, force: true });
      reject(new PlainError(why));
    };
    child.once('error', (error) => fail(`The stack could not be synthesised: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else fail(`The stack could not be synthesised (${signal ?? `exit ${code}`}):\n${said.trim()}`);
    });
  });
}

/** What the cdk command would add from cdk.json. */
function cdkContext(): Record<string, unknown> {
  const { context = {} } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as { context?: object };
  return { ...context };
}

/** Names an assembly by all that goes into it. */
export function assemblyKey(configDir: string, context: SynthesiseOptions['context']): string {
  const hash = createHash('sha256').update(process.version).update(JSON.stringify(context));
  const add = (root: string, path: string) => {
    hash.update(`\n${relative(root, path)}\n`).update(readFileSync(path));
  };
  for (const source of sources.map((name) => join(projectRoot, name)).filter((path) => existsSync(path))) {
    // The local run reads what is synthesised; nothing of it goes in.
    for (const file of filesUnder(source)) if (!file.startsWith(import.meta.dirname)) add(projectRoot, file);
  }
  if (existsSync(configDir)) for (const file of filesUnder(configDir)) add(configDir, file);
  return hash.digest('hex').slice(0, 32);
}

function filesUnder(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function dropOld(cacheDir: string, current: string): void {
  const age = (name: string) => Date.now() - statSync(join(cacheDir, name)).mtimeMs;
  const others = readdirSync(cacheDir).filter((name) => name !== current);
  const finished = others.filter((name) => !name.endsWith('.unfinished')).sort((a, b) => age(a) - age(b));
  // An unfinished one may be somebody's at work; after an hour it is not.
  const abandoned = others.filter((name) => name.endsWith('.unfinished') && age(name) > 3_600_000);
  for (const name of [...finished.slice(keptAssemblies - 1), ...abandoned]) {
    rmSync(join(cacheDir, name), { recursive: true, force: true });
  }
}
