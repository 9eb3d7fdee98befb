import { absoluteUrl } from './absolute-url.ts';
import type { EntryParts } from './entry-parts.ts';
import { readDate } from './feed-date.ts';
import { languageTag } from './language-tag.ts';
import type { RawRecord, RawValue } from './parse-xml.ts';
import { distinctNames, personName } from './person-name.ts';
import { textOfMaybeHtml } from './plain-text.ts';
import { attributeOf, firstOf, ownAttribute, textOfValue, valuesOf } from './raw-fields.ts';
import { atomBody, atomText, rssText, rssTitle } from './text-construct.ts';

/** What an entry takes over from its feed. */
export type Inherited = {
  readonly atom: boolean;
  /** Bases for relative links, nearest first. */
  readonly bases: readonly (string | null)[];
  readonly authors: readonly string[];
  readonly lang: string | null;
  /** xml:lang of the root, which entries carry too unless they have their own. */
  readonly rootLang: string | null;
};

/** Reads one `item` or `entry`. The order of each list of names is the order in which they are believed. */
export function readEntry(raw: RawRecord, feed: Inherited): EntryParts {
  const givenId = firstOf(raw, ['guid', 'id', 'atom:id'], trimmed) ?? aboutOf(raw);
  return {
    givenId,
    url: urlOf(raw, givenId, feed),
    title: titleOf(raw, feed.atom),
    summary: firstOf(raw, summaryFields, (value) => bodyOf(value, feed.atom)) ?? atomOr(raw, 'atom:summary'),
    content: contentOf(raw, feed.atom),
    published: firstOf(raw, publishedFields, dateOf),
    updated: firstOf(raw, updatedFields, dateOf),
    authors: authorsOf(raw, feed),
    categories: categoriesOf(raw),
    lang: langOf(raw, feed) ?? feed.lang,
  };
}

const publishedFields = [
  ...['pubdate', 'published', 'issued', 'atom:published', 'dc:date', 'dcterms:issued', 'dcterms:available', 'date'],
  ...['created', 'dcterms:created', 'dcterms:date'],
];
const updatedFields = ['updated', 'modified', 'atom:updated', 'dcterms:modified'];
const summaryFields = [
  ...['description', 'summary', 'dc:description', 'dcterms:abstract', 'dcterms:description', 'itunes:summary'],
  ...['itunes:subtitle', 'media:description'],
];

function trimmed(value: RawValue): string {
  return textOfValue(value).trim();
}

function dateOf(value: RawValue): Date | null {
  return readDate(textOfValue(value));
}

function aboutOf(raw: RawRecord): string {
  return (ownAttribute(raw, 'rdf:about') ?? ownAttribute(raw, 'about') ?? '').trim();
}

function titleOf(raw: RawRecord, atom: boolean): string {
  return (
    firstOf(raw, ['title'], atom ? atomText : rssTitle) ??
    firstOf(raw, ['atom:title'], atomText) ??
    firstOf(raw, ['dc:title', 'media:title', 'itunes:title'], rssTitle) ??
    ''
  );
}

function bodyOf(value: RawValue, atom: boolean): string {
  return atom ? atomBody(value) : rssText(value);
}

function atomOr(raw: RawRecord, name: string): string {
  return firstOf(raw, [name], atomBody) ?? '';
}

function contentOf(raw: RawRecord, atom: boolean): string {
  return (
    firstOf(raw, ['content:encoded', 'xhtml:body', 'xhtml:div', 'body', 'fullitem'], rssText) ??
    firstOf(raw, ['content'], (value) => bodyOf(value, atom)) ??
    atomOr(raw, 'atom:content')
  );
}

function urlOf(raw: RawRecord, givenId: string, feed: Inherited): string | null {
  const resolve = (address: string, value: RawValue | null) =>
    absoluteUrl(address, [value === null ? ownAttribute(raw, 'base') : attributeOf(value, 'base'), ...feed.bases]);
  const links = [...valuesOf(raw, 'link'), ...valuesOf(raw, 'atom:link')];
  const chosen = alternates(links).map(({ address, link }) => resolve(address, link));
  return chosen.find((url) => url !== null) ?? fromId(raw, givenId, resolve) ?? null;
}

/** The links to the story itself, best first: plain RSS ones, then Atom's alternates, web pages before other types. */
export function alternates(links: readonly RawValue[]): { address: string; link: RawValue }[] {
  const ranked = links.flatMap((link) => {
    const href = attributeOf(link, 'href') ?? attributeOf(link, 'rdf:resource');
    const text = textOfValue(link).trim();
    if (href === null) return text === '' ? [] : [{ address: text, link, rank: 0 }];
    const rel = (attributeOf(link, 'rel') ?? 'alternate').trim().toLowerCase();
    if (rel !== 'alternate' && rel !== '' && !rel.endsWith('/alternate')) return [];
    const type = attributeOf(link, 'type')?.toLowerCase() ?? 'text/html';
    return [{ address: href, link, rank: type.includes('html') ? 1 : 2 }];
  });
  return ranked.sort((a, b) => a.rank - b.rank);
}

/** A guid is an address unless it says otherwise (RSS 2.0); other ids are where they look like one. */
function fromId(
  raw: RawRecord,
  givenId: string,
  resolve: (address: string, value: RawValue | null) => string | null,
): string | null {
  const guid = valuesOf(raw, 'guid').find((value) => trimmed(value) === givenId);
  const permanent = guid === undefined ? null : attributeOf(guid, 'ispermalink')?.trim().toLowerCase();
  if (permanent === 'false' || givenId === '') return null;
  const mayBeRelative = permanent === 'true';
  return mayBeRelative || /^https?:\/\//i.test(givenId) ? resolve(givenId, guid ?? null) : null;
}

function authorsOf(raw: RawRecord, feed: Inherited): readonly string[] {
  const own = distinctNames([
    ...personsOf(raw),
    ...['dc:creator', 'dc:author', 'dcterms:creator'].flatMap((name) => valuesOf(raw, name)).map(plainName),
  ]);
  if (own.length > 0) return own;
  const lesser = firstOf(raw, ['itunes:author'], plainName) ?? firstOf(raw, ['media:credit'], creditOf);
  if (lesser !== null) return [lesser];
  const source = valuesOf(raw, 'source')[0] as RawRecord | undefined;
  const ofSource = typeof source === 'object' ? distinctNames(personsOf(source, 'field-author')) : [];
  return ofSource.length > 0 ? ofSource : feed.authors;
}

/** The `author` elements of an entry, a feed or a source: a text in RSS, a record of name and e-mail in Atom. */
export function personsOf(raw: RawRecord, field = 'author'): string[] {
  return valuesOf(raw, field).map((value) => {
    const record = value as unknown as RawRecord;
    const parts = typeof value === 'string' ? null : record;
    const name = parts === null ? null : firstOf(parts, ['field-name', 'field-email', 'field-uri'], plainName);
    return name ?? plainName(value);
  });
}

function plainName(value: RawValue): string {
  return personName(textOfValue(value));
}

/** media:credit names whoever is behind the picture, unless it says that this is the author. */
function creditOf(value: RawValue): string | null {
  return /author|writer/i.test(attributeOf(value, 'role') ?? '') ? plainName(value) : null;
}

/**
 * Atom's term, which names the category (RFC 4287, 4.2.2), or its label where there is no term; RSS and Dublin Core have
 * only text. The podcast and media modules count where nothing else names a category.
 */
function categoriesOf(raw: RawRecord): string[] {
  const own = ['category', 'atom:category', 'dc:subject', 'dcterms:subject'].flatMap((name) => valuesOf(raw, name));
  const lesser = ['media:category', 'itunes:category'].flatMap((name) => valuesOf(raw, name));
  const names = distinct(own.map(categoryName));
  return names.length > 0 ? names : distinct(lesser.map(categoryName));
}

function categoryName(value: RawValue): string {
  const named = attributeOf(value, 'term') || textOfValue(value) || attributeOf(value, 'label');
  return textOfMaybeHtml(named || (attributeOf(value, 'text') ?? ''));
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => name !== ''))];
}

/**
 * What the entry says of itself, then what its parts say, then the feed. An entry whose xml:lang is the root's has most
 * likely inherited it.
 */
function langOf(raw: RawRecord, feed: Inherited): string | null {
  const stated = firstOf(raw, ['dc:language', 'dcterms:language', 'language'], (value) =>
    languageTag(textOfValue(value)),
  );
  if (stated !== null) return stated;
  const own = languageTag(ownAttribute(raw, 'lang'));
  if (own !== null && own !== feed.rootLang) return own;
  return firstOf(raw, ['title', 'description', ...bodies, 'summary'], (value) =>
    languageTag(attributeOf(value, 'lang')),
  );
}

const bodies = ['content', 'content:encoded', 'xhtml:body', 'xhtml:div', 'body'];
