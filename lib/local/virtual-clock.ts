/** A day that runs faster than ours: `speed` virtual seconds to a real one, from `startsAt` until `until`, then real pace. */
export type VirtualClock = {
  readonly startsAt: string;
  readonly speed: number;
  readonly until?: string;
  /** Seconds to go ahead of the pace, in its first 32 bits: whoever holds it moves the clock of all threads by hand. */
  readonly ahead?: SharedArrayBuffer;
};

/** A virtual clock that was started: plain numbers, so that it can be handed to a worker thread. Times in epoch ms. */
export type RunningClock = {
  readonly realStartMs: number;
  readonly virtualStartMs: number;
  readonly speed: number;
  /** Null: the pace never changes. */
  readonly untilMs: number | null;
  readonly ahead: SharedArrayBuffer | null;
};

const never = null;

export function runClock(clock: VirtualClock | null, realStartMs: number): RunningClock {
  if (clock === null) return { realStartMs: 0, virtualStartMs: 0, speed: 1, untilMs: never, ahead: null };
  const virtualStartMs = Date.parse(clock.startsAt);
  const untilMs = clock.until === undefined ? never : Date.parse(clock.until);
  if (Number.isNaN(virtualStartMs)) throw new Error(`virtual clock: startsAt is no time: ${clock.startsAt}`);
  if (Number.isNaN(untilMs)) throw new Error(`virtual clock: until is no time: ${clock.until}`);
  if (!(clock.speed > 0)) throw new Error(`virtual clock: speed must be above 0: ${clock.speed}`);
  return { realStartMs, virtualStartMs, speed: clock.speed, untilMs, ahead: clock.ahead ?? null };
}

/** The virtual time, epoch ms, at a real one. */
export function virtualMs(clock: RunningClock, realMs: number): number {
  const paced = clock.virtualStartMs + (realMs - clock.realStartMs) * clock.speed + aheadMs(clock);
  if (clock.untilMs === null || paced <= clock.untilMs) return paced;
  return clock.untilMs + (paced - clock.untilMs) / clock.speed;
}

/** The real time, epoch ms, at which the virtual clock will show `wantedMs`. */
export function realMs(clock: RunningClock, wantedMs: number): number {
  const paceChanges = clock.untilMs === null ? Number.POSITIVE_INFINITY : clock.untilMs;
  const fast = Math.min(wantedMs, paceChanges) - clock.virtualStartMs - aheadMs(clock);
  const slow = Math.max(0, wantedMs - paceChanges);
  return clock.realStartMs + fast / clock.speed + slow;
}

function aheadMs({ ahead }: RunningClock): number {
  return ahead === null ? 0 : Atomics.load(new Int32Array(ahead), 0) * 1000;
}

/** A Date whose idea of now is the virtual clock's; every other use of Date stays as it is. */
export function virtualDate(clock: RunningClock): DateConstructor {
  const Real = globalThis.Date;
  const now = () => Math.floor(virtualMs(clock, Real.now()));
  // Date can be called, constructed and subclassed: a proxy keeps all three, and `instanceof` with them.
  return new Proxy(Real, {
    apply: () => new Real(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}
