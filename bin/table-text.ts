import { styleText } from 'node:util';
import Table from 'cli-table3';
import { columnsOf, cutToColumns } from '../lib/core/alert/columns.ts';
import { plainLine } from '../lib/core/alert/plain-text.ts';

/** What a table shows in one place; words that are marked stand out on a terminal. */
export type Cell = string | { readonly text: string; readonly marked: readonly string[] };

/** Where a table is shown: null for a pipe or a file. */
export type Terminal = { readonly columns: number; readonly colour: boolean } | null;

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);
const gap = 2;

/**
 * Columns that fit the terminal, or tabs between them and no head where there is none. Feed text is made plain first; a
 * cell that does not fit is cut, at the width that letters of its script take.
 */
export function tableText(head: readonly string[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  const plain = rows.map((row) => row.map((cell) => plainLine(textOf(cell))));
  if (terminal === null) return plain.map((row) => `${row.join('\t')}\n`).join('');
  const widths = columnWidths([head, ...plain], terminal.columns);
  const table = new Table({
    head: [...head],
    chars: noBorders,
    style: { head: terminal.colour ? ['bold'] : [], 'padding-left': 0, 'padding-right': gap },
    colWidths: widths,
    wordWrap: false,
  });
  for (const [index, row] of rows.entries()) {
    table.push(
      row.map((cell, column) => {
        const cut = cutToColumns(plain[index]?.[column] ?? '', (widths[column] ?? 0) - gap);
        return terminal.colour ? marked(cut, typeof cell === 'string' ? [] : cell.marked) : cut;
      }),
    );
  }
  return `${table.toString()}\n`;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** The words as they stand there, the longer ones first: they may hold the shorter. */
export function marked(text: string, words: readonly string[]): string {
  const wanted = words
    .map(plainLine)
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  if (wanted.length === 0) return text;
  return text.replace(new RegExp(wanted.join('|'), 'gu'), (word) =>
    styleText(['bold', 'yellow'], word, { validateStream: false }),
  );
}

/** Columns up to this keep their width: times, names and ids are of no use when they are cut. */
const kept = 26;
const narrowest = 8;

/** What is wide gives way first, the widest most; where that is not enough, everything does. */
function columnWidths(rows: readonly (readonly string[])[], terminal: number): number[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))) + gap);
  const isKept = (width: number) => width <= kept;
  const left = terminal - sum(widths.filter(isKept));
  const wide = shared(
    widths.filter((width) => !isKept(width)),
    left,
  );
  const fitting = widths.map((width) => (isKept(width) ? width : Math.max(narrowest, wide(width))));
  return sum(fitting) <= terminal ? fitting : widths.map(shared(widths, terminal));
}

/** The greatest width up to which all of them fit, as what each then takes. */
function shared(widths: readonly number[], room: number): (width: number) => number {
  let most = Math.max(0, ...widths);
  while (most > narrowest && sum(widths.map((width) => Math.min(width, most))) > room) most -= 1;
  return (width) => Math.min(width, most);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
