import type { RawValue } from './parse-xml.ts';
import { foldSpace, looksLikeHtml, textOfHtml, textOfMaybeHtml } from './plain-text.ts';
import { attributeOf, textOfValue } from './raw-fields.ts';

/**
 * The words of a title in RSS, where HTML is neither allowed nor forbidden, and references are often encoded once too
 * often.
 */
export function rssTitle(value: RawValue): string {
  return decodedAgain(textOfMaybeHtml(textOfValue(value)));
}

/** The words of a description or of content in RSS, which are HTML. */
export function rssText(value: RawValue): string {
  const source = textOfValue(value);
  const text = textOfHtml(source);
  // Encoded twice: no tag in the HTML itself, but tags in what it says.
  const twice = source.includes('&lt;') && !source.includes('<') && looksLikeHtml(text);
  return decodedAgain(twice ? textOfHtml(text) : text);
}

const leftOver = /&(?:#\d{2,6}|#x[\da-f]{2,5}|amp|quot|apos|nbsp|[lr][sd]quo|hellip|[mn]dash);/i;

/** `&lt;` stays: text about HTML has it, and it may have been meant. */
function decodedAgain(text: string): string {
  return leftOver.test(text) ? textOfHtml(text.replaceAll('&lt;', '&amp;lt;').replaceAll('<', '&lt;')) : text;
}

/**
 * The words of an Atom text construct or content, by its type and mode (RFC 4287 sections 3.1 and 4.1.3, and Atom 0.3).
 * What is said to be text is taken at its word, tags and all.
 */
export function atomText(value: RawValue): string {
  return atomWords(value, false);
}

/** The same for a summary or content, where a missing type is forgiven if the text is HTML by its looks. */
export function atomBody(value: RawValue): string {
  return atomWords(value, true);
}

function atomWords(value: RawValue, forgiving: boolean): string {
  const type = attributeOf(value, 'type')?.trim().toLowerCase() ?? null;
  const source = sourceOf(value);
  if (type === 'html' || type === 'xhtml' || attributeOf(value, 'inline') !== null) return textOfHtml(source);
  if (type === null || type === 'text') {
    return forgiving && type === null && looksLikeHtml(source) ? textOfHtml(source) : foldSpace(source);
  }
  if (type.includes('html') || /[/+]xml\b/.test(type)) return textOfHtml(source);
  if (type.startsWith('text') || !type.includes('/')) return foldSpace(source);
  return wordsOfBase64(source);
}

/** Content of any other type is base64; words are in it only if it holds no binary. */
function wordsOfBase64(source: string): string {
  const text = Buffer.from(source, 'base64').toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell binary from text
  if (/[\u0000-\u0008\ufffd]/.test(text)) return '';
  return looksLikeHtml(text) ? textOfHtml(text) : foldSpace(text);
}

function sourceOf(value: RawValue): string {
  const source = textOfValue(value);
  if (attributeOf(value, 'mode')?.toLowerCase() !== 'base64') return source;
  return Buffer.from(source, 'base64').toString('utf8');
}
