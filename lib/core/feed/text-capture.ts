import { decodeHTMLStrict } from 'entities';
import { isFeedElement, lengthOf } from './feed-elements.ts';
import type { CutCounter, ReadLimits } from './limits.ts';
import type { XmlScope } from './xml-scope.ts';
import type { OpenTag } from './xml-tokens.ts';
import { escaped } from './xml-writing.ts';

/** An element of text: what the feed calls it, what we do, and what was written on it. */
export type TextElement = {
  /** Lower case. */
  readonly spelled: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly scope: XmlScope;
};

/** The text of one element while it is being read. */
export type TextCapture = {
  readonly element: TextElement;
  readonly text: (at: number, end: number) => void;
  readonly cdata: (at: number, end: number) => void;
  /** A tag inside the text: part of it (true), unless it shows that the text's own end is missing (false). */
  readonly open: (tag: OpenTag, depthOutside: number) => boolean;
  /** A closing tag that is part of the text (true) or of something outside it (false). */
  readonly close: (spelled: string, at: number, end: number) => boolean;
  /** The innermost element that is open, by its spelling. */
  readonly innermost: () => string;
  /** The value, and whether there was markup where text should be. */
  readonly result: () => { readonly value: string; readonly inline: boolean };
};

export type CaptureSource = { readonly text: string; readonly limits: ReadLimits; readonly cuts: CutCounter };

/**
 * Collects the text of an element: its references decoded, unless its markup is its value (Atom's xhtml and inline XML),
 * up to four times the length its words may have.
 */
export function captureText(element: TextElement, { text, limits, cuts }: CaptureSource, atom: boolean): TextCapture {
  const { name, attributes, scope } = element;
  const room = limits[lengthOf(name)] * 4;
  const type = attributes.get('type')?.toLowerCase() ?? '';
  const isXml = /[/+]xml\b/.test(type);
  const markup = isMarkup(name, attributes, atom);
  const inner: string[] = [];
  let value = '';
  let inline = false;

  function add(more: string): void {
    const left = room - value.length;
    if (more.length <= left) value += more;
    else if (left > 0) {
      cuts.add(`sources of texts over ${room / 1024} kB`);
      value = withoutHalfTag(value + more.slice(0, left), room);
    }
  }

  /** In pieces, so that megabytes of references are not decoded for a text that is long full. */
  function addDecoded(at: number, end: number): void {
    let from = at;
    while (from < end) {
      let to = Math.min(end, from + pieceSize);
      const reference = to < end ? text.lastIndexOf('&', to) : -1;
      if (reference > to - 40 && reference > from) to = reference;
      const full = value.length >= room;
      add(decodeHTMLStrict(text.slice(from, to)));
      if (full) return;
      from = to;
    }
  }

  function endsBefore(tagName: string | null): boolean {
    if (tagName === null) return false;
    const startsEntry = tagName === 'item' || tagName === 'entry';
    if (startsEntry && !(markup && isXml && !type.includes('xhtml'))) return true;
    return inner.length === 0 && !markup && tagName !== name && isFeedElement(tagName);
  }

  return {
    element,
    text: (at, end) => (markup ? add(text.slice(at, end)) : addDecoded(at, end)),
    cdata: (at, end) => add(markup ? escaped(text.slice(at, end)) : text.slice(at, end)),
    open: (tag, depthOutside) => {
      if (endsBefore(scope.nameOf(tag.name))) return false;
      inline = true;
      add(text.slice(tag.at, tag.end));
      const spelled = tag.name.toLowerCase();
      if (tag.selfClosing || voidNames.has(spelled)) return true;
      if (inner.length + depthOutside + 1 < limits.depth) inner.push(spelled);
      else cuts.add(`elements deeper than ${limits.depth}`);
      return true;
    },
    close: (spelled, at, end) => {
      const index = inner.lastIndexOf(spelled);
      if (index === -1) return false;
      inner.length = index;
      add(text.slice(at, end));
      return true;
    },
    innermost: () => inner.at(-1) ?? element.spelled,
    result: () => ({ value, inline }),
  };
}

/** Atom's xhtml and inline XML, and the XHTML module of RSS. */
function isMarkup(name: string, attributes: ReadonlyMap<string, string>, atom: boolean): boolean {
  if (name.startsWith('xhtml:')) return true;
  if (!atom && !name.startsWith('atom:')) return false;
  const type = attributes.get('type')?.toLowerCase() ?? '';
  if (attributes.get('mode')?.toLowerCase() === 'xml' && type.includes('html')) return true;
  return type === 'xhtml' || /[/+]xml\b/.test(type);
}

/** Filled to the brim with spaces where a tag was cut in half, so that it does not end as text. */
function withoutHalfTag(value: string, room: number): string {
  const last = value.lastIndexOf('<');
  const cutInTag = last > value.length - 1024 && last > value.lastIndexOf('>');
  return cutInTag ? value.slice(0, last).padEnd(room) : value;
}

const pieceSize = 64 * 1024;

const voidNames: ReadonlySet<string> = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
]);
