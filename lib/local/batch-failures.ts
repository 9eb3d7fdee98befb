import type { Invoked } from './function-pool.ts';

/**
 * The ids a function reports as failed with ReportBatchItemFailures; null where the answer makes no sense, which fails
 * the whole batch, as on Lambda: an id that is empty or not of this batch.
 */
export function failedItems(invoked: Invoked, ids: readonly string[]): readonly string[] | null {
  if (invoked.kind === 'failed') return null;
  const { batchItemFailures } = (invoked.payload ?? {}) as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return null;
  const failures = batchItemFailures.map((each) => (each as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  return failures.every((id) => typeof id === 'string' && ids.includes(id)) ? (failures as string[]) : null;
}
