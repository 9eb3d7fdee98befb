import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionPool } from './function-pool.ts';
import type { Log } from './local-event.ts';
import type { Schedule } from './local-resources.ts';
import type { Ticking } from './scheduler.ts';

type Context = {
  readonly find: (name: string) => FunctionPool;
  readonly send: (arn: string, message: unknown) => Promise<void>;
  readonly log: Log;
};

/** An asynchronous invocation is tried again twice at most, however patient the schedule is. */
const mostRetries = 2;

/** Each schedule with what a tick of it does: call the function, call again, and give up into the dead-letter queue. */
export function scheduleTicks(schedules: readonly Schedule[], { find, send, log }: Context): readonly Ticking[] {
  return schedules.map((schedule) => {
    const pool = find(schedule.functionArn);
    const tick = async (): Promise<void> => {
      for (let attempt = 0; ; attempt++) {
        const invoked = await pool.invoke(schedule.input);
        if (invoked.kind === 'returned') return;
        if (attempt < Math.min(schedule.maxRetries, mostRetries)) {
          await sleep(500);
          continue;
        }
        log({ kind: 'error', message: `the tick of ${pool.function.verb} failed: ${invoked.error.errorMessage}` });
        if (schedule.deadLetterArn !== null) await send(schedule.deadLetterArn, schedule.input);
        return;
      }
    };
    return { id: schedule.id, verb: pool.function.verb, everyMs: schedule.everyMs, tick };
  });
}
