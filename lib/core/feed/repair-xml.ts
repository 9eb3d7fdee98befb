import { readDate } from './feed-date.ts';
import { dateFields, roleOf } from './feed-elements.ts';
import { type FeedFormat, rootNamed } from './feed-root.ts';
import type { CutCounter, ReadLimits } from './limits.ts';
import { keepNewest } from './newest.ts';
import { type CaptureSource, captureText, type TextCapture } from './text-capture.ts';
import { rootScope, type XmlScope } from './xml-scope.ts';
import { type OpenTag, readAttributes, scanXml } from './xml-tokens.ts';
import { writtenAttributes, writtenText } from './xml-writing.ts';

/** A feed as well-formed XML of a narrow kind, in pieces, so that entries can be chosen before they are parsed. */
export type RepairedFeed = {
  readonly format: FeedFormat;
  /** The attributes of the root that matter and the elements of the head, written out. */
  readonly attributes: string;
  readonly head: string;
  readonly entries: readonly RepairedEntry[];
};

export type RepairedEntry = {
  readonly xml: string;
  /** Its first date, for choosing the newest. */
  readonly date: Date | null;
};

/**
 * Rewrites a feed, however broken, into XML that a strict parser takes: our names for the elements we read and nothing
 * else, every text in CDATA, every element closed, xml:base and xml:lang carried down to where they count. Null where
 * no root of a feed is found.
 */
export function repairXml(text: string, limits: ReadLimits, cuts: CutCounter): RepairedFeed | null {
  const writer = feedWriter(text, limits, cuts);
  scanXml(text, limits.tag, writer);
  return writer.finish();
}

type Frame = {
  /** As the feed spells it, lower case. */
  readonly name: string;
  readonly part: 'head' | 'entry' | 'author' | 'source';
  readonly scope: XmlScope;
  /** What to write when it closes. */
  readonly after: string;
};

type Entry = { readonly parts: string[]; date: string; readonly named: boolean; readonly counts: Map<string, number> };

type Root = { readonly format: FeedFormat; readonly atom: boolean };

function feedWriter(text: string, limits: ReadLimits, cuts: CutCounter) {
  const frames: Frame[] = [];
  const headParts: string[] = [];
  const source: CaptureSource = { text, limits, cuts };
  const entries = keepNewest<RepairedEntry>(limits.entries, (candidate) => candidate.date);
  const headCounts = new Map<string, number>();
  let root: Root | null = null;
  let rootAttributes = '';
  let entry: Entry | null = null;
  let capture: TextCapture | null = null;
  /** Names of the open elements that are passed over, the outermost first, and how many more lie too deep to name. */
  let skipped: string[] = [];
  let beyondDepth = 0;

  const parts = () => entry?.parts ?? headParts;

  function startRoot(tag: OpenTag): boolean {
    const found = rootNamed(tag.name);
    if (found === 'none') return true;
    if (found === 'not-a-feed') return false;
    const attributes = attributesOf(tag);
    const scope = rootScope(tag.name, attributes);
    root = { format: found.format, atom: found.format === 'atom' };
    rootAttributes = writtenAttributes(new Map(), scope);
    frames.push({ name: tag.name.toLowerCase(), part: 'head', scope, after: '' });
    if (found.isEntry) startEntry(tag.name.toLowerCase(), attributes, scope);
    return !tag.selfClosing;
  }

  function attributesOf(tag: OpenTag): ReadonlyMap<string, string> {
    if (tag.attributesEnd - tag.at > limits.tag) cuts.add('attributes of a tag over 64 kB');
    return tag.attributesAt === tag.attributesEnd
      ? noAttributes
      : readAttributes(text.slice(tag.attributesAt, tag.attributesEnd));
  }

  function startEntry(name: string, attributes: ReadonlyMap<string, string>, scope: XmlScope): void {
    const tag = root!.atom ? 'entry' : 'item';
    const named = writtenAttributes(attributes, scope).includes('about="');
    entry = { parts: [`<${tag}${writtenAttributes(attributes, scope)}>`], date: '', named, counts: new Map() };
    frames.push({ name, part: 'entry', scope, after: `</${tag}>` });
  }

  function startElement(tag: OpenTag): void {
    const frame = frames.at(-1)!;
    const spelled = tag.name.toLowerCase();
    const attributes = attributesOf(tag);
    const scope = attributes === noAttributes ? frame.scope : frame.scope.within(attributes);
    const resolved = scope.nameOf(tag.name);
    const name = frame.part === 'author' ? (resolved?.replace('atom:', '') ?? null) : resolved;
    const role = name === null ? 'skip' : roleOf(name, frame.part, root!.atom);
    const tooDeep = role !== 'field' && role !== 'entry' && frames.length >= limits.depth;
    if (tooDeep) cuts.add(`elements deeper than ${limits.depth}`);
    if (name === null || role === 'skip' || tooDeep) {
      if (!tag.selfClosing && !neverHolds.has(spelled)) skipped = [spelled];
      return;
    }
    if (role === 'entry') {
      if (entry !== null) closeFramesTo(entryFrame());
      // The entry before it may have been left open, and must not hand its base on.
      startEntry(spelled, attributes, frames.at(-1)!.scope.within(attributes));
    } else if (role === 'field') {
      startField(tag, name, attributes, scope);
      return;
    } else {
      const written = role === 'author' || role === 'source' ? role : '';
      if (written !== '') parts().push(`<${written}${writtenAttributes(attributes, scope)}>`);
      const part = role === 'author' || role === 'source' ? role : role === 'channel' ? 'head' : frame.part;
      frames.push({ name: spelled, part, scope, after: written === '' ? '' : `</${written}>` });
    }
    if (tag.selfClosing) closeFramesTo(frames.length - 1);
  }

  function startField(tag: OpenTag, name: string, attributes: ReadonlyMap<string, string>, scope: XmlScope): void {
    capture = captureText({ spelled: tag.name.toLowerCase(), name, attributes, scope }, source, root!.atom);
    if (tag.selfClosing) endField();
  }

  function endField(): void {
    const { name, attributes, scope } = capture!.element;
    const { value, inline } = capture!.result();
    capture = null;
    if (attributes.size === 0 && value.trim() === '') return;
    const counts = entry?.counts ?? headCounts;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count > limits.values) {
      cuts.add(`values of one field over ${limits.values}`);
      return;
    }
    if (entry !== null && entry.date === '' && dateFields.has(name)) entry.date = value.slice(0, 200);
    const mark = inline ? ' inline="1"' : '';
    parts().push(`<${name}${writtenAttributes(attributes, scope)}${mark}>${writtenText(value)}</${name}>`);
  }

  function entryFrame(): number {
    return frames.findLastIndex((frame) => frame.after === '</item>' || frame.after === '</entry>');
  }

  function closeFramesTo(index: number): void {
    while (frames.length > index) {
      const { after } = frames.pop()!;
      if (after !== '') parts().push(after);
      if (entry !== null && (after === '</item>' || after === '</entry>')) {
        if (entry.named || entry.parts.length > 2)
          entries.add({ xml: entry.parts.join(''), date: readDate(entry.date) });
        else cuts.add('empty entries');
        entry = null;
      }
    }
  }

  /** A tag inside a text: false where the text has ended before it. */
  function openInside(tag: OpenTag): boolean {
    if (capture!.open(tag, frames.length)) return true;
    endField();
    return false;
  }

  function closeInside(spelled: string, at: number, end: number): boolean {
    if (capture!.close(spelled, at, end)) return true;
    if (spelled === capture!.element.spelled) {
      endField();
      return true;
    }
    // It closes something around the text, whose own end is missing; or nothing that is open, and is dropped.
    const isOutside = frames.some((frame) => frame.name === spelled);
    if (isOutside) endField();
    return !isOutside;
  }

  function openSkipped(tag: OpenTag): boolean {
    const name = frames.at(-1)!.scope.nameOf(tag.name);
    if (name === 'item' || name === 'entry') {
      skipped = [];
      beyondDepth = 0;
      return false;
    }
    if (tag.selfClosing) return true;
    if (skipped.length + frames.length < limits.depth) skipped.push(tag.name.toLowerCase());
    else {
      beyondDepth += 1;
      cuts.add(`elements deeper than ${limits.depth}`);
    }
    return true;
  }

  function closeSkipped(spelled: string): boolean {
    const inner = skipped.lastIndexOf(spelled);
    if (inner === -1 && frames.some((frame) => frame.name === spelled)) {
      skipped = [];
      beyondDepth = 0;
      return false;
    }
    if (beyondDepth > 0) beyondDepth -= 1;
    else if (inner !== -1) skipped.length = inner;
    return true;
  }

  return {
    open(tag: OpenTag): boolean {
      if (root === null) return startRoot(tag);
      if (capture !== null && openInside(tag)) return true;
      if (skipped.length > 0 && openSkipped(tag)) return true;
      startElement(tag);
      return true;
    },
    close(name: string, at: number, end: number): boolean {
      if (root === null) return true;
      const spelled = name.toLowerCase();
      if (capture !== null && closeInside(spelled, at, end)) return true;
      if (skipped.length > 0 && closeSkipped(spelled)) return true;
      const index = frames.findLastIndex((frame) => frame.name === spelled);
      if (index !== -1) closeFramesTo(index);
      return frames.length > 0;
    },
    text: (at: number, end: number) => capture?.text(at, end),
    cdata: (at: number, end: number) => capture?.cdata(at, end),
    current: () => capture?.innermost() ?? frames.at(-1)?.name ?? null,
    finish(): RepairedFeed | null {
      if (root === null) return null;
      if (capture !== null) endField();
      closeFramesTo(0);
      const { items, left } = entries.result();
      if (left > 0) cuts.add(`entries over ${limits.entries}`, left);
      return { format: root.format, attributes: rootAttributes, head: headParts.join(''), entries: items };
    },
  };
}

/** Of these nothing is read, they have no content, and their ends are forgotten. */
const neverHolds: ReadonlySet<string> = new Set(['enclosure', 'cloud', 'media:thumbnail', 'itunes:image']);

const noAttributes: ReadonlyMap<string, string> = new Map();
