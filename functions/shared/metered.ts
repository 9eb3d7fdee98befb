import { performance } from 'node:perf_hooks';
import type { ControlStore } from '../../lib/pipeline/ports/control-store.ts';
import { optionalSetting } from './environment.ts';
import { log, meter } from './world.ts';

/** How often an execution environment adds what it counted to the table: one write, and what an environment that ends takes with it. */
const quarterOfAnHourMs = 15 * 60_000;

export type Metering = {
  /** The version of the watchlist that the function matches by, where it matches. */
  readonly matchesBy?: () => Promise<{ readonly version: string } | null>;
  /** Zero for a function that is called so seldom that its environment is gone before the next time. */
  readonly everyMs?: number;
};

/**
 * Counts each invocation's time beside what the clients count, and now and then adds the sum to the table, for `wirewatch
 * cost`. Counting never fails an invocation.
 */
export function metered<Args extends readonly unknown[], Result>(
  control: Pick<ControlStore, 'addUsage'>,
  handler: (...args: Args) => Promise<Result>,
  { matchesBy = async () => null, everyMs = quarterOfAnHourMs }: Metering = {},
): (...args: Args) => Promise<Result> {
  const name = optionalSetting('POWERTOOLS_SERVICE_NAME');
  const memoryMb = Number(optionalSetting('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'));
  // The first invocation adds at once: whoever asks is to see soon that the function runs.
  let addedAt = Number.NEGATIVE_INFINITY;
  return async (...args) => {
    const began = performance.now();
    const cpuBefore = process.threadCpuUsage();
    try {
      return await handler(...args);
    } finally {
      const ms = Math.ceil(performance.now() - began);
      const { user, system } = process.threadCpuUsage(cpuBefore);
      const busyMs = (user + system) / 1_000;
      meter.add({ invocations: 1, ms, busyMs, mbMs: ms * memoryMb });
      if (Date.now() - addedAt >= everyMs) {
        addedAt = Date.now();
        await addToTable(name, matchesBy, control);
      }
    }
  };
}

async function addToTable(
  name: string,
  matchesBy: NonNullable<Metering['matchesBy']>,
  control: Pick<ControlStore, 'addUsage'>,
): Promise<void> {
  const used = meter.take();
  try {
    await control.addUsage(name, new Date().toISOString(), used, (await matchesBy())?.version ?? null);
  } catch (error) {
    meter.add(used);
    log({ event: 'usage not added', error: String(error) });
  }
}
