import { PlainError } from '../core/plain-error.ts';

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The milliseconds between two ticks of EventBridge Scheduler's `rate(15 minutes)`. */
export function rateMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || unit === undefined || Number(count) === 0) {
    throw new PlainError(
      `The local run does not know the schedule ${expression}; it reads rate(N minutes|hours|days).`,
    );
  }
  return Number(count) * (units[unit] as number);
}
