import type { Log } from './local-event.ts';
import { type RunningClock, realMs, virtualMs } from './virtual-clock.ts';

export type Ticking = {
  readonly id: string;
  /** The function that it calls. */
  readonly verb: string;
  readonly everyMs: number;
  /** Calls the function, with the retries of the template. */
  tick(): Promise<void>;
};

/** The longest that one timer can wait. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Ticks each schedule at once and then at its rate, by the run's clock. A tick that is due while the last one still
 * works waits for it, and of several such only one is made up for: the next tick does a lost one's work.
 */
export function startScheduler(schedules: readonly Ticking[], clock: RunningClock, log: Log): { stop(): void } {
  let stopped = false;
  const timers = new Map<string, NodeJS.Timeout>();

  const run = async (schedule: Ticking, dueMs: number): Promise<void> => {
    if (stopped) return;
    await schedule.tick().catch((error: unknown) => {
      log({ kind: 'error', message: `the schedule of ${schedule.verb}: ${(error as Error).message}` });
    });
    if (stopped) return;
    const now = virtualMs(clock, Date.now());
    const missed = Math.floor((now - dueMs) / schedule.everyMs);
    // Due again, on the grid of the first tick; at once where that moment has passed while the last one worked.
    const nextMs = dueMs + Math.max(1, missed) * schedule.everyMs;
    const waitMs = Math.min(longestTimeoutMs, Math.max(0, realMs(clock, nextMs) - Date.now()));
    timers.set(
      schedule.id,
      setTimeout(() => void run(schedule, nextMs), waitMs),
    );
  };

  for (const schedule of schedules) void run(schedule, virtualMs(clock, Date.now()));
  return {
    stop: () => {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
