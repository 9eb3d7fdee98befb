import { readLimits } from './limits.ts';

/**
 * Mends what publishers' hand-made JSON most often breaks: line breaks and tabs inside strings, commas before a closing
 * bracket, and an end that is missing, where everything after the last whole item goes. Null where the rest would not be
 * JSON of a feed's shape either. One pass; what it returns may still not parse.
 */
export function repairJson(text: string): string | null {
  const open: string[] = [];
  const pieces: string[] = [];
  /** How many pieces there were after the last whole item, and what closed it. */
  let whole = { pieces: 0, closing: '' };
  let at = 0;
  while (at < text.length) {
    const mark = nextMark(text, at);
    if (mark > at) pieces.push(text.slice(at, mark));
    if (mark === text.length) break;
    const sign = text[mark]!;
    at = mark + 1;
    if (sign === '"') {
      const end = endOfString(text, at);
      if (end === -1) break;
      pieces.push(escapedControls(text.slice(mark, end)));
      at = end;
    } else if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? '}' : ']');
      if (open.length > readLimits.depth) return null;
      pieces.push(sign);
    } else if (sign !== ',') {
      if (open.pop() !== sign) return null;
      pieces.push(sign);
      if (open.length === 0) return pieces.join('');
      if (open.length <= 2) whole = { pieces: pieces.length, closing: open.toReversed().join('') };
    } else if (!closesNext(text, at)) pieces.push(sign);
  }
  return whole.pieces === 0 ? null : `${pieces.slice(0, whole.pieces).join('')}${whole.closing}`;
}

function nextMark(text: string, from: number): number {
  let at = from;
  while (at < text.length && !'"{}[],'.includes(text[at]!)) at += 1;
  return at;
}

/** Behind the quote that ends a string begun before `from`, or -1. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function escapedControls(string: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  return string.replace(/[\u0000-\u001f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function closesNext(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return text[at] === '}' || text[at] === ']';
}
