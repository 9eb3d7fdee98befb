import type { Publish } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';

/**
 * A store, and a publisher beside it, that fail at the n-th call counted over both: `before` it took effect, or `after`
 * (the write is done and its answer is lost). As a process that has died would, every later call fails too.
 */
export function crashingWorld(store: Store, publish: Publish, n: number, when: 'before' | 'after') {
  let calls = 0;
  let failedAt: string | null = null;
  const guarded =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1;
      if (failedAt !== null) throw new Error('dead');
      if (calls !== n) return call(...args);
      failedAt = name;
      if (when === 'after') await call(...args);
      throw new Error(`crash at call ${n}: ${name}`);
    };
  const guardedPart = <Part extends object>(name: string, part: Part): Part =>
    Object.fromEntries(
      Object.entries(part).map(([method, call]) => [method, guarded(`${name}.${method}`, call)]),
    ) as Part;
  return {
    store: {
      feeds: guardedPart('feeds', store.feeds),
      stories: guardedPart('stories', store.stories),
      storylines: guardedPart('storylines', store.storylines),
      ledger: guardedPart('ledger', store.ledger),
      subscribers: guardedPart('subscribers', store.subscribers),
      control: guardedPart('control', store.control),
      series: guardedPart('series', store.series),
    } satisfies Store,
    publish: guarded('publish', publish),
    /** The call that failed; null where there were fewer calls than that. */
    failedAt: () => failedAt,
  };
}
