import { styleText } from 'node:util';
import { wrapColumns } from '../lib/core/alert/columns.ts';
import { plainLine } from '../lib/core/alert/plain-text.ts';
import type { Terminal } from './table-text.ts';

export type Span = { readonly start: number; readonly end: number };

/** A plain line, broken to a terminal's width; what follows the first stands further in. One line for a pipe. */
export function fitted(line: string, bold: boolean, terminal: Terminal): readonly string[] {
  if (terminal === null || line === '') return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines = wrapColumns(line.trimStart(), Math.max(20, terminal.columns - indent.length - 2));
  return lines.map((text, index) => {
    const styled = bold && terminal.colour ? styleText('bold', text, { validateStream: false }) : text;
    return `${indent}${index === 0 ? '' : '  '}${styled}`;
  });
}

/** Feed text made plain, its spans marked on a terminal, and broken to its width. No line where nothing can be seen. */
export function withMarks(text: string, spans: readonly Span[], terminal: Terminal): readonly string[] {
  if (terminal === null) return [plainLine(text)].filter(Boolean);
  const { plain, marks } = madePlain(text, spans);
  let at = 0;
  return wrapColumns(plain, terminal.columns).map((line) => {
    const begin = plain.indexOf(line, at);
    at = begin + line.length;
    return terminal.colour ? markedLine(line, begin, marks) : line;
  });
}

function markedLine(line: string, begin: number, marks: readonly Span[]): string {
  let marked = '';
  let at = 0;
  for (const { start, end } of marks) {
    const from = Math.max(at, start - begin);
    const to = Math.min(line.length, end - begin);
    if (to <= from) continue;
    marked += line.slice(at, from) + styleText(['bold', 'yellow'], line.slice(from, to), { validateStream: false });
    at = to;
  }
  return marked + line.slice(at);
}

/** The plain text, and where the spans stand in it. */
function madePlain(text: string, spans: readonly Span[]): { plain: string; marks: readonly Span[] } {
  let plain = '';
  let at = 0;
  const marks: Span[] = [];
  const take = (part: string) => {
    const next = plainPart(part);
    plain += plain === '' || plain.endsWith(' ') ? next.trimStart() : next;
  };
  for (const { start, end } of spans) {
    take(text.slice(at, start));
    const from = plain.length;
    take(text.slice(start, end));
    marks.push({ start: from, end: plain.length });
    at = end;
  }
  take(text.slice(at));
  return { plain: plain.trimEnd(), marks };
}

/** A plain line keeps no space at its ends; a part of one must. */
function plainPart(text: string): string {
  const plain = plainLine(text);
  if (plain === '') return /\s/.test(text) ? ' ' : '';
  return `${/^\s/.test(text) ? ' ' : ''}${plain}${/\s$/.test(text) ? ' ' : ''}`;
}
