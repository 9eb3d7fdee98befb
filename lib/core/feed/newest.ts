/**
 * The `limit` newest of many, in the order they came in. What has no date counts as older than what has one and, among
 * its like, as older the later it stands: feeds list the newest first.
 */
export function newest<T>(items: readonly T[], limit: number, dateOf: (item: T) => Date | null): readonly T[] {
  if (items.length <= limit) return items;
  const ranked = items.map((item, index) => ({ index, time: dateOf(item)?.getTime() ?? -Infinity }));
  ranked.sort((a, b) => (a.time === b.time ? a.index - b.index : b.time > a.time ? 1 : -1));
  const kept = ranked.slice(0, limit).sort((a, b) => a.index - b.index);
  return kept.map(({ index }) => items[index]!);
}
