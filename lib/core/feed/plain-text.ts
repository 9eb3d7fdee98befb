import { decodeHTML } from 'entities';

/**
 * The words of a piece of HTML: tags, comments, scripts and styles gone, references decoded once, runs of white space
 * folded to one space. An element that starts a line in a browser parts words, one that does not leaves them joined.
 * One pass, linear in the length whatever the input.
 */
export function textOfHtml(html: string): string {
  return foldSpace(decodeHTML(withoutTags(html, isTagName)));
}

/**
 * The words of text that may or may not be HTML, as RSS leaves it open: only what HTML knows as an element is a tag, so
 * `List<String>` and `<name@example.org>` stay.
 */
export function textOfMaybeHtml(text: string): string {
  return foldSpace(decodeHTML(withoutTags(text, isKnownTag)));
}

/** Whether text holds an element of HTML that closes, or one that needs no closing. */
export function looksLikeHtml(text: string): boolean {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    const found = /^<(?:\/([a-z][a-z0-9]{0,15})|(?:br|hr|img|p)\b[^<>]{0,500}\/?)\s{0,9}>/i.exec(
      text.slice(at, at + 540),
    );
    if (found !== null && (found[1] === undefined || knownNames.has(found[1].toLowerCase()))) return true;
  }
  return false;
}

/** Text that is not HTML, with control characters gone and white space folded. */
export function foldSpace(text: string): string {
  const clean = hasControls.test(text) ? text.replace(c1, westernOf).replace(invisible, '') : text;
  return clean.replace(/\s{2,}|[^\S ]/g, ' ').trim();
}

/** No feed means a C1 control: they are windows-1252's quotes and dashes that went through Latin-1. */
function westernOf(control: string): string {
  return western.decode(Uint8Array.of(control.charCodeAt(0)));
}

const western = new TextDecoder('windows-1252');
// U+0085 ends a line in Unicode and is an ellipsis in windows-1252: here it is the ellipsis.
const c1 = /[\u0080-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: one look tells whether there is anything to replace
const hasControls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/;

/** At most `limit` UTF-16 units, never half a character. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\ud800-\udbff]/.test(text[limit - 1]!) ? limit - 1 : limit;
  return text.slice(0, end);
}

// Controls but tab, line feed and carriage return, and marks of byte order.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/g;

function withoutTags(html: string, isTag: (name: string) => boolean): string {
  let tagAt = html.indexOf('<');
  if (tagAt === -1) return html;
  const lastEnd = html.lastIndexOf('>');
  let text = '';
  let from = 0;
  const rawEnds = new Map<string, number>();
  while (tagAt !== -1 && tagAt < lastEnd) {
    const tag = tagFrom(html, tagAt, lastEnd, isTag);
    if (tag === null) {
      tagAt = html.indexOf('<', tagAt + 1);
      continue;
    }
    text += html.slice(from, tagAt);
    if (!inlineNames.has(tag.name)) text += ' ';
    from = rawNames.has(tag.name) && !tag.closing ? afterRaw(html, tag, rawEnds) : tag.end;
    tagAt = html.indexOf('<', from);
  }
  const rest = html.slice(from);
  // A comment without an end: the mark goes, the words stay.
  return text + (rest.includes('<!--') ? rest.replaceAll('<!--', ' ') : rest);
}

type Tag = { readonly name: string; readonly closing: boolean; readonly end: number };

/** The tag, comment or declaration that starts at `at`; its name is empty for the latter two. */
function tagFrom(html: string, at: number, lastEnd: number, isTag: (name: string) => boolean): Tag | null {
  const next = html[at + 1]!;
  if (next === '!' || next === '?') return { name: '', closing: false, end: afterDeclaration(html, at) };
  const closing = next === '/';
  const nameAt = closing ? at + 2 : at + 1;
  let nameEnd = nameAt;
  while (nameEnd < lastEnd && nameEnd - nameAt < 64 && isNameUnit(html.charCodeAt(nameEnd))) nameEnd += 1;
  if (nameEnd === nameAt) return null;
  const name = html.slice(nameAt, nameEnd).toLowerCase();
  const local = name.slice(name.lastIndexOf(':') + 1);
  // Asked before the end is looked for: what is no tag must not cost a walk through the rest of the text.
  if (!isTag(local)) return null;
  const end = tagEnd(html, nameEnd, lastEnd);
  return end === -1 ? null : { name: local, closing, end };
}

function isNameUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 58) || unit === 45;
}

/** Behind the `>` that ends a tag; one inside quotes does not. -1 where no tag can end so, as in `a <b and c`. */
function tagEnd(html: string, from: number, lastEnd: number): number {
  const first = html.charCodeAt(from);
  if (first === 62) return from + 1;
  if (first !== 47 && first > 32) return -1;
  let quote = 0;
  const bound = Math.min(lastEnd, from + maxTag);
  for (let at = from; at <= bound; at += 1) {
    const unit = html.charCodeAt(at);
    if (quote !== 0) {
      if (unit === quote) quote = 0;
    } else if (unit === 62) return at + 1;
    else if ((unit === 34 || unit === 39) && html.charCodeAt(at - 1) === 61) quote = unit;
  }
  // A quote that is never closed: the tag ends at its first `>`.
  const end = html.indexOf('>', from);
  return end === -1 ? -1 : end + 1;
}

const maxTag = 4096;

function afterDeclaration(html: string, at: number): number {
  const isComment = html.startsWith('<!--', at);
  const isCdata = html.startsWith('<![CDATA[', at);
  if (isCdata) return at + 9;
  const end = isComment ? html.indexOf('-->', at + 4) : -1;
  return end === -1 ? html.indexOf('>', at) + 1 : end + 3;
}

/** Behind the closing tag of a script or style, or the end of the tag itself where none follows. */
function afterRaw(html: string, tag: Tag, known: Map<string, number>): number {
  const cached = known.get(tag.name) ?? 0;
  const close = cached === -1 || cached >= tag.end ? cached : indexOfClose(html, tag.name, tag.end);
  known.set(tag.name, close);
  if (close === -1) return tag.end;
  const end = html.indexOf('>', close);
  return end === -1 ? html.length : end + 1;
}

function indexOfClose(html: string, name: string, from: number): number {
  const pattern = new RegExp(`</${name}`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? -1;
}

const rawNames: ReadonlySet<string> = new Set(['script', 'style']);

/** Elements that run on in the line; any other parts words. */
const inlineNames: ReadonlySet<string> = new Set([
  ...['a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins'],
  ...['kbd', 'mark', 'nobr', 'q', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'time', 'tt', 'u'],
  ...['var', 'wbr', 'ruby', 'rb', 'rt', 'rp', 'label', 'blink', 'strong', 'rss'],
]);

const blockNames: readonly string[] = [
  ...['address', 'applet', 'area', 'article', 'aside', 'audio', 'base', 'blockquote', 'body', 'br', 'button', 'canvas'],
  ...['caption', 'center', 'col', 'colgroup', 'datalist', 'dd', 'details', 'dialog', 'dir', 'div', 'dl', 'dt', 'embed'],
  ...['fieldset', 'figcaption', 'figure', 'footer', 'form', 'frame', 'frameset', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  ...[
    'head',
    'header',
    'hgroup',
    'hr',
    'html',
    'iframe',
    'img',
    'input',
    'legend',
    'li',
    'link',
    'main',
    'map',
    'menu',
  ],
  ...['meta', 'nav', 'noscript', 'object', 'ol', 'optgroup', 'option', 'p', 'param', 'picture', 'pre', 'progress'],
  ...['script', 'section', 'select', 'source', 'style', 'summary', 'svg', 'table', 'tbody', 'td', 'template'],
  ...['textarea', 'tfoot', 'th', 'thead', 'title', 'tr', 'track', 'ul', 'video', 'math', 'marquee', 'path'],
];

const knownNames: ReadonlySet<string> = new Set([...inlineNames, ...blockNames]);

function isKnownTag(name: string): boolean {
  return knownNames.has(name);
}

function isTagName(name: string): boolean {
  return /^[a-z]/.test(name);
}
