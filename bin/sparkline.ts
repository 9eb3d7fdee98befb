const blocks = '▁▂▃▄▅▆▇█';

/** Counts as a line of blocks, each as high as its share of the highest; nothing stands as low as can be. */
export function sparkline(counts: readonly number[]): string {
  const highest = Math.max(...counts, 1);
  return counts.map((count) => blocks[Math.ceil((Math.max(0, count) / highest) * (blocks.length - 1))]).join('');
}

/** Counts times by equal spans between the first and the last, as many as asked for. */
export function countsOver(times: readonly string[], spans: number): readonly number[] {
  const ms = times.map((time) => Date.parse(time));
  const first = Math.min(...ms);
  const width = (Math.max(...ms) - first) / spans || 1;
  const counts = Array.from({ length: spans }, () => 0);
  for (const time of ms) {
    const span = Math.min(spans - 1, Math.floor((time - first) / width));
    counts[span] = (counts[span] ?? 0) + 1;
  }
  return counts;
}
