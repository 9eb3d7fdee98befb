import { setTimeout as sleep } from 'node:timers/promises';
import { onInterrupt } from '../../bin/local-system.ts';

// Stops as a local system does: it says so, saves for a while, and ends with 0.
const interrupted = onInterrupt();
console.log('ready');
const alive = setInterval(() => {}, 1_000);
await interrupted;
console.log('stopping');
await sleep(1_500);
clearInterval(alive);
