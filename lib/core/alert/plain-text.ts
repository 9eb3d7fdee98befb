/**
 * What a feed, a file or an answer says, made safe to print: no control character that moves a cursor, no bidi control
 * that shows words in another order, nothing invisible that hides words. The zero-width joiner and non-joiner stay:
 * Persian spelling and emoji need them.
 */
export function plainText(text: string): string {
  return plainUnits(text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n'), /[\p{Cc}--[\t\n]]/gv);
}

/** The same on one line: every run of white space is one space, none at the ends. */
export function plainLine(text: string): string {
  const spaced = text.replace(/[\s\u0085]+/g, ' ');
  return plainUnits(spaced, /\p{Cc}/gu)
    .replace(/ {2,}/g, ' ')
    .trim();
}

// Bidi marks, embeddings, overrides and isolates; then what has no width and no use in plain text: soft hyphen,
// zero-width space, word joiner and invisible operators, fillers, annotations, tags, byte order mark.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const invisible =
  /\u034f|\u17b4|\u17b5|[\u00ad\u115f\u1160\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

// Five marks on one letter are more than any orthography writes; hundreds cover the lines above and below.
const mostMarks = /(\p{M}{5})\p{M}+/gu;
const joinerRuns = /[\u200c\u200d]*([\u200c\u200d])/g;

function plainUnits(text: string, controls: RegExp): string {
  return text
    .toWellFormed()
    .replace(controls, '')
    .replace(bidiControls, '')
    .replace(invisible, '')
    .replace(joinerRuns, '$1')
    .replace(mostMarks, '$1');
}
