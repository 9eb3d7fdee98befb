#!/usr/bin/env node
// Plain JavaScript for any Node: it finds a Node that runs our TypeScript as it is, or says what to do, and no more.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const bundledNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const newest = Number(process.versions.node.split('.')[0]) >= 24;

if (newest) {
  await import('./cli.ts');
} else if (existsSync(bundledNode)) {
  const child = spawn(bundledNode, [cli].concat(process.argv.slice(2)), { stdio: 'inherit' });
  // A signal sent to us alone has to be handed on. Ctrl-C reaches the child by the terminal as well, which then hears it twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`wirewatch: could not start ${bundledNode}: ${error.message}; run "npm ci" again`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
} else {
  console.error(
    `wirewatch: Node ${process.versions.node} is too old to run it and the packaged Node 24 is missing; run "npm ci" in the project's folder, or use Node 24 or newer`,
  );
  process.exit(1);
}
