/** Something wrong in a file the user edits: where it stands, what is wrong, and what to write instead. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  /** The file as the user named it, for example `config/watchlist.yaml`. */
  readonly file: string;
  /** 1-based; 0 where the whole file is meant. */
  readonly line: number;
  /** 1-based; 0 where the whole line is meant. */
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
};

/** `file:line:column: error: what is wrong; what to write`, the form editors and terminals link. */
export function problemLine(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const remedy = problem.remedy === '' ? '' : `; ${problem.remedy}`;
  return `${place}: ${problem.severity}: ${problem.message}${remedy}`;
}
