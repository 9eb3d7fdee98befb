import { decodeHTMLStrict } from 'entities';

/** What the scanner meets, in order. Positions are offsets into the text; `end` lies behind the last character. */
export type XmlEvents = {
  /** A start tag; its attributes stand, unread, between `attributesAt` and `attributesEnd`. False stops the scan. */
  readonly open: (tag: OpenTag) => boolean;
  readonly close: (name: string, at: number, end: number) => boolean;
  /** Character data, its references not yet decoded. */
  readonly text: (at: number, end: number) => void;
  readonly cdata: (at: number, end: number) => void;
  /** The element that is open, for telling where an unclosed CDATA section must have ended. */
  readonly current: () => string | null;
};

export type OpenTag = {
  readonly name: string;
  readonly at: number;
  readonly end: number;
  readonly attributesAt: number;
  readonly attributesEnd: number;
  readonly selfClosing: boolean;
};

/**
 * Walks through XML, or what was meant as such, once and forwards: whatever is no markup is text. DOCTYPE (with all its
 * entities), comments and processing instructions are passed over. Each search ahead is remembered where it finds
 * nothing, so that the walk is linear in the length of the text.
 */
export function scanXml(text: string, maxTag: number, events: XmlEvents): void {
  const ahead = finder(text);
  let at = 0;
  while (at < text.length) {
    const tagAt = text.indexOf('<', at);
    if (tagAt === -1) {
      events.text(at, text.length);
      return;
    }
    if (tagAt > at) events.text(at, tagAt);
    const next = text.charCodeAt(tagAt + 1);
    if (next === 33) at = declaration(text, tagAt, ahead, events);
    else if (next === 63) at = instruction(tagAt, ahead);
    else if (next === 47 && isNameStart(text.charCodeAt(tagAt + 2))) {
      const nameEnd = endOfName(text, tagAt + 2);
      at = endOfCloseTag(text, nameEnd);
      if (!events.close(text.slice(tagAt + 2, nameEnd), tagAt, at)) return;
    } else if (isNameStart(next)) {
      const tag = openTag(text, tagAt, maxTag, ahead);
      at = tag.end;
      if (!events.open(tag)) return;
    } else {
      events.text(tagAt, tagAt + 1);
      at = tagAt + 1;
    }
  }
}

type Finder = (mark: string, from: number) => number;

/** indexOf that looks only once past the last occurrence of each mark. */
function finder(text: string): Finder {
  const known = new Map<string, number>();
  return (mark, from) => {
    const last = known.get(mark);
    if (last !== undefined && (last === -1 || last >= from)) return last;
    const found = text.indexOf(mark, from);
    known.set(mark, found);
    return found;
  };
}

function declaration(text: string, at: number, ahead: Finder, events: XmlEvents): number {
  if (text.startsWith('<![CDATA[', at)) return cdata(text, at, ahead, events);
  if (text.startsWith('<!--', at)) {
    const end = ahead('-->', at + 4);
    return end === -1 ? at + 4 : end + 3;
  }
  if (!/^<!(?:DOCTYPE|ELEMENT|ENTITY|ATTLIST|NOTATION)/i.test(text.slice(at, at + 12))) {
    events.text(at, at + 2);
    return at + 2;
  }
  const end = ahead('>', at);
  if (end === -1) return text.length;
  const subset = ahead('[', at);
  if (subset === -1 || subset > end) return end + 1;
  const subsetEnd = ahead(']', subset);
  const close = subsetEnd === -1 ? -1 : ahead('>', subsetEnd);
  return close === -1 ? end + 1 : close + 1;
}

/**
 * A section without an end would swallow the feed. It ends where the element around it is closed, if another section
 * begins before the next `]]>`; without any `]]>` to come, its start is passed over and what follows read as it stands.
 */
function cdata(text: string, at: number, ahead: Finder, events: XmlEvents): number {
  const from = at + 9;
  const end = ahead(']]>', from);
  if (end === -1) return from;
  const nextSection = ahead('<![CDATA[', from);
  const name = events.current();
  if (nextSection !== -1 && nextSection < end && name !== null) {
    const close = text.slice(from, nextSection).indexOf(`</${name}`);
    if (close !== -1) {
      events.cdata(from, from + close);
      return from + close;
    }
  }
  events.cdata(from, end);
  return end + 3;
}

function instruction(at: number, ahead: Finder): number {
  const end = ahead('?>', at);
  const tag = ahead('>', at);
  if (end !== -1 && end - at <= 1024) return end + 2;
  // Without its own end it must not swallow what stands before another's, nor the tag that follows it.
  const next = ahead('<', at + 2);
  return tag !== -1 && (next === -1 || tag < next) ? tag + 1 : at + 2;
}

function openTag(text: string, at: number, maxTag: number, ahead: Finder): OpenTag {
  const nameEnd = endOfName(text, at + 1);
  const name = text.slice(at + 1, nameEnd);
  const found = endOfTag(text, nameEnd, maxTag, ahead);
  const selfClosing = found.closed && text.charCodeAt(found.at - 1) === 47 && found.at > nameEnd;
  const attributesEnd = selfClosing ? found.at - 1 : found.at;
  const kept = attributesEnd - at <= maxTag;
  return {
    name,
    at,
    end: found.closed ? found.at + 1 : found.at,
    attributesAt: kept ? nameEnd : attributesEnd,
    attributesEnd,
    selfClosing,
  };
}

/** The `>` that ends a tag, or the `<` or end of text that does where it is missing. */
function endOfTag(text: string, from: number, maxTag: number, ahead: Finder): { at: number; closed: boolean } {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === 62) return { at, closed: true };
    if (unit === 60) return { at, closed: false };
    if ((unit === 34 || unit === 39) && followsEquals(text, at)) {
      const close = ahead(unit === 34 ? '"' : "'", at + 1);
      if (close === -1 || isRunaway(text, at, close, maxTag)) {
        const end = ahead('>', at);
        return end === -1 ? { at: text.length, closed: false } : { at: end, closed: true };
      }
      at = close;
    }
    at += 1;
  }
  return { at, closed: false };
}

function followsEquals(text: string, at: number): boolean {
  let before = at - 1;
  while (before > at - 16 && text.charCodeAt(before) <= 32) before -= 1;
  return text.charCodeAt(before) === 61;
}

/** A value that runs over a line break into other tags lost its closing quote. */
function isRunaway(text: string, at: number, close: number, maxTag: number): boolean {
  if (close - at > maxTag) return false;
  const value = text.slice(at, close);
  return value.includes('<') && value.includes('\n');
}

function endOfCloseTag(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === 62) return at + 1;
    if (unit === 60) return at;
    at += 1;
  }
  return at;
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length && isNameUnit(text.charCodeAt(at))) at += 1;
  return at;
}

function isNameStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit > 127;
}

function isNameUnit(unit: number): boolean {
  return isNameStart(unit) || (unit >= 48 && unit <= 58) || unit === 45 || unit === 46;
}

/** Attributes by name, in lower case, values decoded; the first of two with one name counts. */
export function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  attributeForm.lastIndex = 0;
  for (let found = attributeForm.exec(text); found !== null; found = attributeForm.exec(text)) {
    const name = found[1]!.toLowerCase();
    if (!attributes.has(name)) attributes.set(name, decodeHTMLStrict(found[2] ?? found[3] ?? found[4] ?? ''));
  }
  return attributes;
}

const attributeForm = /([^\s=<>"'/]+)(?:\s{0,99}=\s{0,99}(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s"'<>]+)))?/g;
