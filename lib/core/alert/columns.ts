/**
 * Text in columns of a fixed-width font: what a terminal and a plain-text e-mail have. A letter takes one column, a
 * Chinese, Japanese or Korean character and an emoji two, a combining mark none.
 */

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

// East_Asian_Width W and F (UAX 11), by their scripts and blocks; emoji shown as pictures are Wide there too.
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]|\ufe0f/u;
const nothing = /^[\p{M}\p{Cf}\p{Cc}]*$/u;
const narrow = /^[\x20-\x7e]*$/;

/** Columns that plain text takes; one line is assumed. */
export function columnsOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += columnsOfGrapheme(segment);
  return columns;
}

/** Shortens to at most `columns`, at a space if there is one near the end, and says so with an ellipsis. */
export function cutToColumns(text: string, columns: number): string {
  return cutTo(text, columns, columnsOfGrapheme, '…');
}

/** The same by another measure: units a grapheme takes. `ellipsis` must fit. */
export function cutTo(text: string, most: number, sizeOf: (grapheme: string) => number, ellipsis: string): string {
  const room = most - [...ellipsis].reduce((sum, character) => sum + sizeOf(character), 0);
  let used = 0;
  let fits = 0;
  let lastSpace = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    used += sizeOf(segment);
    if (used <= room) {
      if (segment === ' ') lastSpace = index;
      fits = index + segment.length;
    }
    if (used > most) {
      const cut = lastSpace > fits * 0.6 && text[fits] !== ' ' ? lastSpace : fits;
      return text.slice(0, cut).replace(/[\s,;:.\-–—،؛、，。：；]+$/u, '') + ellipsis;
    }
  }
  return text;
}

// What must not begin a line (closing marks) and what must not end one (opening marks), after JIS X 4051.
const closing = /^[\p{Pe}\p{Pf}、。，．：；！？…‥·～ー々,.:;!?%»”’]/u;
const opening = /[\p{Ps}\p{Pi}«“‘]$/u;

/**
 * Breaks one line of plain text into lines of at most `columns`: between words, between Chinese characters, and inside
 * a word only where it alone is longer than a line.
 */
export function wrapColumns(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const piece of pieces(text)) {
    const size = columnsOf(piece);
    const bare = columnsOf(piece.trimEnd());
    if (used + bare > columns && line !== '') {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    for (const part of bare > columns ? hardParts(piece, columns) : [piece]) {
      if (part !== piece && line !== '') {
        lines.push(line);
        line = '';
      }
      line += part;
      used = part === piece ? used + size : columnsOf(part);
    }
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

/** What stays together on a line, each with the spaces after it. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  for (const word of text.match(/\S+\s*/gu) ?? []) {
    if (narrow.test(word)) found.push(word);
    else found.push(...piecesOfWord(word));
  }
  return found;
}

function piecesOfWord(word: string): readonly string[] {
  const found: string[] = [];
  let piece = '';
  for (const { segment } of segmenter.segment(word)) {
    const breaks = piece !== '' && (wide.test(segment) || wide.test(piece.at(-1) ?? ''));
    if (breaks && !closing.test(segment) && !opening.test(piece) && segment.trim() !== '') {
      found.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...found, piece];
}

function hardParts(word: string, columns: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const { segment } of segmenter.segment(word)) {
    const size = columnsOfGrapheme(segment);
    if (used + size > columns) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += segment;
    used += size;
  }
  return [...parts, part];
}

function columnsOfGrapheme(grapheme: string): number {
  if (wide.test(grapheme)) return 2;
  return nothing.test(grapheme) ? 0 : 1;
}
