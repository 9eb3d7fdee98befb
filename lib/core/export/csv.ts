/** A cell: text, a number, a list (joined by `; `), or nothing. */
export type Cell = string | number | null | readonly string[];

/** Rows as CSV (RFC 4180) under a line of their columns' names. */
export function csv<Row>(rows: readonly Row[], columns: readonly (keyof Row & string)[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column] as Cell))].map(csvLine).join('');
}

/**
 * One line of CSV. A cell that a spreadsheet would run as a formula is led by an apostrophe: feed text is data (OWASP,
 * "CSV Injection").
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => csvCell(textOf(cell))).join(',')}\r\n`;
}

function textOf(cell: Cell): string {
  if (cell === null) return '';
  return Array.isArray(cell) ? cell.join('; ') : String(cell);
}

function csvCell(text: string): string {
  // Some programs read a full-width sign as the sign itself.
  const plain = /^\s*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
