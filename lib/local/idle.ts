import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSources } from './event-sources.ts';
import type { FunctionPool } from './function-pool.ts';

type Watched = {
  readonly pools: readonly FunctionPool[];
  readonly sources: RunningSources;
  readonly timeoutMs?: number;
};

/**
 * Resolves when nothing is on its way: no invocation, no message in a queue that a function reads, and every stream read
 * to its end after all that was seen. Throws after the time, naming what is still there.
 */
export async function idleWhen({ pools, sources, timeoutMs = 600_000 }: Watched): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let quietSince: number | null = null; ; await sleep(5)) {
    const busy = [
      ...pools
        .filter(({ running }) => running > 0)
        .map((pool) => `${pool.running} invocation(s) of ${pool.function.verb}`),
      ...Object.entries(sources.depths())
        .filter(([, depth]) => depth > 0)
        .map(([name, depth]) => `${depth} message(s) in ${name}`),
    ];
    if (busy.length > 0) quietSince = null;
    else if (quietSince === null) {
      quietSince = performance.now();
      sources.wake();
    } else if (sources.caughtUpSince(quietSince)) return;
    if (performance.now() > deadline) {
      throw new Error(`still busy after ${timeoutMs / 1000} s: ${busy.join(', ') || 'the table’s stream'}`);
    }
  }
}
