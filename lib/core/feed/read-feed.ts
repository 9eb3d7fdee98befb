import { decodeBytes } from './decode-bytes.ts';
import { type EntryParts, type Finishing, finishEntry } from './entry-parts.ts';
import type { FeedEntry, FeedError, FeedHead, ReadFeed } from './feed-entry.ts';
import { readJsonFeed } from './json-feed.ts';
import { repairJson } from './json-repair.ts';
import { cutCounter, type ReadLimits, readLimits } from './limits.ts';
import { parseXml } from './parse-xml.ts';
import { readEntry } from './read-entry.ts';
import { readHead } from './read-head.ts';
import { repairXml } from './repair-xml.ts';

/** What came with the bytes. `url` is where they came from, after redirects; `now` bounds dates in the future. */
export type AboutBody = { readonly contentType: string | null; readonly url: string | null; readonly now: Date };

/**
 * Reads the bytes of a feed of any format. Total: it never throws, ends in time linear in the length of the body
 * whatever the bytes, and stays within `limits`; what they take away is counted in `cuts`.
 */
export async function readFeed(body: Uint8Array, about: AboutBody, limits = readLimits): Promise<ReadFeed> {
  if (body.length > limits.bodyBytes) {
    return unreadable('too-large', `the feed has ${body.length} bytes; at most ${limits.bodyBytes} are read`);
  }
  try {
    return await readText(body, about, limits);
  } catch (error) {
    // Nothing here is known to throw; a parser's slip on one feed must still not take its batch with it.
    return unreadable('broken', `the feed could not be parsed: ${error instanceof Error ? error.message : error}`);
  }
}

async function readText(body: Uint8Array, about: AboutBody, limits: ReadLimits): Promise<ReadFeed> {
  const { text, charset, replaced } = decodeBytes(body, about.contentType);
  const start = text.search(/\S/);
  if (start === -1) return unreadable('empty', 'the answer has no content');
  const counter = cutCounter();
  const finishing = { now: about.now, limits, cuts: counter };
  const found =
    text[start] === '{' ? readJson(text.slice(start), about, finishing) : await readXml(text, about, finishing);
  if ('kind' in found) return { kind: 'unreadable', error: found };
  const warnings = replaced === 0 ? [] : [`${replaced} characters are not ${charset} and were replaced`];
  const entries = found.entries.map((parts) => finishEntry(parts, finishing)).filter((entry) => entry !== null);
  return { kind: 'feed', feed: found.head, entries: entries as FeedEntry[], cuts: counter.cuts(), warnings };
}

type Found = { readonly head: FeedHead; readonly entries: readonly EntryParts[] };

function readJson(text: string, about: AboutBody, { limits, cuts }: Finishing): Found | FeedError {
  const value = parsedJson(text) ?? parsedJson(repairJson(text));
  if (value === null) return { kind: 'broken', message: 'the answer begins like JSON and is not' };
  return readJsonFeed(value, about.url, limits, cuts) ?? { kind: 'not-a-feed', message: 'JSON, but no JSON Feed' };
}

function parsedJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readXml(text: string, about: AboutBody, { limits, cuts }: Finishing): Promise<Found | FeedError> {
  const repaired = repairXml(text, limits, cuts);
  if (repaired === null) return notAFeed(text);
  const raw = await parseXml(repaired);
  const { head, inherited } = readHead(raw.head, repaired.format, about.url, limits);
  return { head, entries: raw.entries.map((entry) => readEntry(entry, inherited)) };
}

function notAFeed(text: string): FeedError {
  const start = text.slice(0, 2048).toLowerCase();
  if (start.includes('<!doctype html') || start.includes('<html')) {
    return { kind: 'not-a-feed', message: 'a web page, not a feed' };
  }
  return { kind: 'not-a-feed', message: 'no rss, rdf:RDF, feed or JSON Feed in the answer' };
}

function unreadable(kind: FeedError['kind'], message: string): ReadFeed {
  return { kind: 'unreadable', error: { kind, message } };
}
