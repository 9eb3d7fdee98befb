import { styleText } from 'node:util';
import { type Cell, type Terminal, tableText } from './table-text.ts';

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

/** Columns that fit the terminal, or tabs between them where the output is piped. */
export function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  process.stdout.write(tableText(head, rows, terminal()));
}

/** The terminal that standard output is; null where it is a pipe or a file. Node itself heeds NO_COLOR. */
export function terminal(): Terminal {
  if (!process.stdout.isTTY) return null;
  return { columns: process.stdout.columns, colour: process.stdout.hasColors() };
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

/** The same without the year where it is this year's and there is a terminal's width to save. */
export function tableTime(iso: string): string {
  const time = shortTime(iso);
  return terminal() !== null && time.startsWith(`${new Date().getFullYear()}-`) ? time.slice(5) : time;
}

/** Messages for people go to standard error, so that standard output holds data alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
