import { PlainError } from '../core/plain-error.ts';
import { type FunctionPool, functionPool, type LocalFunction } from './function-pool.ts';
import type { Log } from './local-event.ts';
import type { RunningClock } from './virtual-clock.ts';

export type Functions = {
  readonly all: readonly FunctionPool[];
  add(functions: readonly LocalFunction[], clock: RunningClock | null): void;
  /** By verb, name, ARN or logical id. */
  find(name: string): FunctionPool | undefined;
  /** Throws where there is none of that name. */
  get(name: string): FunctionPool;
  /** Called whenever an invocation begins or ends. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
};

/** The functions of the template, once they are known. */
export function startFunctions(log: Log): Functions {
  const all: FunctionPool[] = [];
  let changed = () => {};
  const find = (name: string) =>
    all.find(({ function: { verb, name: own, arn, id } }) => [verb, own, arn, id].includes(name));
  return {
    all,
    add: (functions, clock) => {
      all.push(...functions.map((fn) => functionPool(fn, clock, log, () => changed())));
    },
    find,
    get: (name) => {
      const found = find(name);
      if (found !== undefined) return found;
      const verbs = all.map(({ function: { verb } }) => verb).join(', ');
      throw new PlainError(`There is no function ${name}; the template has ${verbs}.`);
    },
    onChange: (listener) => {
      changed = listener;
    },
    close: async () => {
      await Promise.all(all.map((pool) => pool.close()));
    },
  };
}
