/** A day that runs faster than ours: `speed` virtual seconds to a real one, from `startsAt` until `until`, then real pace. */
export type VirtualClock = { readonly startsAt: string; readonly speed: number; readonly until?: string };

/** A virtual clock that was started: plain numbers, so that it can be handed to a worker thread. All in epoch ms. */
export type RunningClock = {
  readonly realStartMs: number;
  readonly virtualStartMs: number;
  readonly speed: number;
  /** Null: the pace never changes. */
  readonly untilMs: number | null;
};

const never = null;

export function runClock(clock: VirtualClock | null, realStartMs: number): RunningClock {
  if (clock === null) return { realStartMs: 0, virtualStartMs: 0, speed: 1, untilMs: never };
  const virtualStartMs = Date.parse(clock.startsAt);
  const untilMs = clock.until === undefined ? never : Date.parse(clock.until);
  if (Number.isNaN(virtualStartMs)) throw new Error(`virtual clock: startsAt is no time: ${clock.startsAt}`);
  if (Number.isNaN(untilMs)) throw new Error(`virtual clock: until is no time: ${clock.until}`);
  if (!(clock.speed > 0)) throw new Error(`virtual clock: speed must be above 0: ${clock.speed}`);
  return { realStartMs, virtualStartMs, speed: clock.speed, untilMs };
}

/** The virtual time, epoch ms, at a real one. */
export function virtualMs(clock: RunningClock, realMs: number): number {
  const paced = clock.virtualStartMs + (realMs - clock.realStartMs) * clock.speed;
  if (clock.untilMs === null || paced <= clock.untilMs) return paced;
  return clock.untilMs + (paced - clock.untilMs) / clock.speed;
}

/** The real time, epoch ms, at which the virtual clock will show `wantedMs`. */
export function realMs(clock: RunningClock, wantedMs: number): number {
  const paceChanges = clock.untilMs === null ? Number.POSITIVE_INFINITY : clock.untilMs;
  const fast = Math.min(wantedMs, paceChanges) - clock.virtualStartMs;
  const slow = Math.max(0, wantedMs - paceChanges);
  return clock.realStartMs + fast / clock.speed + slow;
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
