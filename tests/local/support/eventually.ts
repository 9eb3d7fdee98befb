import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `holds` does, and fails with its name when it does not in time. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; !(await holds()); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
  }
}
