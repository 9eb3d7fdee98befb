/**
 * A local system as a process of its own, on a clock that runs sixty times as fast, so that ticks, leases and sweeps pass
 * in seconds. For tests that kill it. Words: config folder, data folder, hosts allowed.
 */
import { localSystem, onInterrupt } from '../../bin/local-system.ts';

const [configDir = '', dataDir = '', hosts = '', startsAt = ''] = process.argv.slice(2);

const system = await localSystem({
  configDir,
  dataDir,
  port: 0,
  durable: false,
  quiet: false,
  feeds: 0,
  ticks: true,
  clock: { startsAt, speed: 60 },
  poll: { ALLOW_HOSTS: hosts },
});
console.log('ready');
await onInterrupt();
await system.run.stop();
