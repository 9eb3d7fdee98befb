/**
 * The `limit` newest of many, in the order they came in. What has no date counts as older than what has one and, among
 * its like, as older the later it stands: feeds list the newest first.
 */
export function newest<T>(items: readonly T[], limit: number, dateOf: (item: T) => Date | null): readonly T[] {
  if (items.length <= limit) return items;
  const times = Float64Array.from(items, (item) => dateOf(item)?.getTime() ?? -Infinity);
  const ranked = Uint32Array.from(items.keys()).sort((a, b) => {
    const [first, second] = [times[a]!, times[b]!];
    return first === second ? a - b : second > first ? 1 : -1;
  });
  return Array.from(ranked.subarray(0, limit).sort(), (index) => items[index]!);
}

/** Collects items and keeps the newest, never holding more than twice the limit. */
export function keepNewest<T>(limit: number, dateOf: (item: T) => Date | null) {
  let items: T[] = [];
  let left = 0;
  const leaveOldest = () => {
    const kept = newest(items, limit, dateOf);
    left += items.length - kept.length;
    items = [...kept];
  };
  return {
    add: (item: T): void => {
      items.push(item);
      if (items.length >= 2 * limit) leaveOldest();
    },
    /** What is kept, in the order it came in, and how many are not. */
    result: (): { readonly items: readonly T[]; readonly left: number } => {
      leaveOldest();
      return { items, left };
    },
  };
}
