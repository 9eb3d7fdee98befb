/** What one benchmark brings: a title, and rows of one shape. */
export type BenchTable = {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
};

/** A Markdown table, as docs/benchmarks.md holds it. */
export function markdown({ title, rows }: BenchTable): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
    '',
  ].join('\n');
}

/** The value below which a share of the values lies, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
