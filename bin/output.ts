import { styleText } from 'node:util';
import Table from 'cli-table3';
import { plainLine } from '../lib/core/alert/plain-text.ts';

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

/** Columns that fit the terminal, or tabs between them where the output is piped. Feed text is made plain first. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (!process.stdout.isTTY) {
    for (const row of rows) process.stdout.write(`${row.map(plainLine).join('\t')}\n`);
    return;
  }
  const table = new Table({
    head: [...head],
    chars: noBorders,
    style: { head: ['bold'], 'padding-left': 0, 'padding-right': 2 },
    colWidths: columnWidths(head, rows, process.stdout.columns),
    wordWrap: false,
  });
  for (const row of rows) table.push(row.map(plainLine));
  process.stdout.write(`${table.toString()}\n`);
}

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/** The widest column gives way until the table fits. */
function columnWidths(head: readonly string[], rows: readonly (readonly string[])[], terminal: number): number[] {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)) + 2);
  for (let total = sum(widths); total > terminal; total = sum(widths)) {
    const widest = widths.indexOf(Math.max(...widths));
    const next = Math.max(8, (widths[widest] ?? 8) - (total - terminal));
    if (next === widths[widest]) break;
    widths[widest] = next;
  }
  return widths;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Colour on a terminal alone, and never against NO_COLOR. */
export function styled(
  style: Parameters<typeof styleText>[0],
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return styleText(style, text, { stream });
}

/** `2026-11-24 14:05` in the reader's own zone. */
export function shortTime(iso: string | null): string {
  if (iso === null) return '–';
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Messages for people go to standard error, so that standard output holds data alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
