import { startLocalRun } from '../../../lib/local/local-run.ts';

/** A local run in a process of its own, for the tests that kill it. It says on standard output what it does. */
const [assemblyDir, dataDir] = process.argv.slice(2) as [string, string];
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

try {
  const run = await startLocalRun({
    assemblyDir,
    dataDir,
    port: 0,
    ticks: false,
    log: (event) => {
      if (event.kind === 'error' || event.kind === 'warning') say(event);
    },
  });
  say({ kind: 'ready', url: run.url, lambdaEndpoint: run.lambdaEndpoint, startedNew: run.startedNew });
  process.on('SIGTERM', () => void run.stop().then(() => process.exit(0)));
} catch (error) {
  say({ kind: 'refused', message: (error as Error).message });
  process.exit(1);
}
