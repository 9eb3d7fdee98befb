/** How many buckets a bucket is held against, and how few are too few to say anything. */
const looksBack = 48;
const leastBefore = 6;
/** Fewer stories are nobody's spike. */
const leastStories = 5;
/** Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993): a modified z-score above 3.5 is an outlier. */
const mostUsual = 3.5;

/**
 * Which counts of a series stand far above those before them, by median and median absolute deviation, so that an
 * earlier spike does not hide a later one. Counts of rare events scatter by their root (Poisson), which is the least
 * deviation assumed: in a quiet series it takes five stories in one bucket.
 */
export function spikes(counts: readonly number[]): readonly boolean[] {
  return counts.map((count, at) => {
    const before = counts.slice(Math.max(0, at - looksBack), at);
    if (count < leastStories || before.length < leastBefore) return false;
    const middle = median(before);
    const deviation = 1.4826 * median(before.map((other) => Math.abs(other - middle)));
    return (count - middle) / Math.max(deviation, Math.sqrt(middle + 1)) > mostUsual;
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}
