import { absoluteUrl } from './absolute-url.ts';
import type { FeedHead } from './feed-entry.ts';
import { languageTag } from './language-tag.ts';
import type { ReadLimits } from './limits.ts';
import type { RawRecord, RawValue } from './parse-xml.ts';
import { distinctNames } from './person-name.ts';
import { clip } from './plain-text.ts';
import { attributeOf, firstOf, ownAttribute, textOfValue, valuesOf } from './raw-fields.ts';
import { alternates, type Inherited, personsOf } from './read-entry.ts';
import { atomBody, atomText, rssText, rssTitle } from './text-construct.ts';

/** The head of an RSS, RDF or Atom feed, and what its entries inherit. */
export function readHead(
  raw: RawRecord,
  format: 'rss' | 'rdf' | 'atom',
  url: string | null,
  limits: ReadLimits,
): { head: FeedHead; inherited: Inherited } {
  const atom = format === 'atom';
  const self = selfLink(raw);
  const outer = [url, self];
  const link = linkOf(raw, outer);
  const language = languageOf(raw);
  const title = firstOf(raw, ['title', 'dc:title', 'atom:title', 'itunes:title'], atom ? atomText : rssTitle) ?? '';
  const about = firstOf(raw, descriptionFields, atom ? atomBody : rssText) ?? '';
  const head: FeedHead = {
    format,
    title: clip(title, limits.title).toWellFormed(),
    link,
    description: clip(about, limits.content).toWellFormed(),
    language,
    ttlMinutes: positive(firstOf(raw, ['ttl'], numberOf)),
    updatePeriodMinutes: updatePeriod(raw),
    skipHours: hoursOf(raw),
    skipDays: daysOf(raw),
  };
  const bases = [link, ...outer];
  // Only Atom says that an entry without an author has the feed's (RFC 4287, 4.2.1).
  const authors = atom ? distinctNames(personsOf(raw)) : [];
  return {
    head,
    inherited: { atom, bases, authors, lang: language, rootLang: languageTag(ownAttribute(raw, 'lang')) },
  };
}

const descriptionFields = [
  ...['description', 'subtitle', 'tagline', 'dc:description', 'itunes:summary', 'itunes:subtitle', 'atom:subtitle'],
];

function linkOf(raw: RawRecord, outer: readonly (string | null)[]): string | null {
  const links = [...valuesOf(raw, 'link'), ...valuesOf(raw, 'atom:link')];
  for (const { address, link } of alternates(links)) {
    const url = absoluteUrl(address, [attributeOf(link, 'base'), ...outer]);
    if (url !== null) return url;
  }
  return null;
}

/** Where the feed says that it lives: the base of its links when nothing else is known. */
function selfLink(raw: RawRecord): string | null {
  const links = [...valuesOf(raw, 'link'), ...valuesOf(raw, 'atom:link')];
  const self = links.find((link) => attributeOf(link, 'rel')?.toLowerCase() === 'self');
  return self === undefined ? null : absoluteUrl(attributeOf(self, 'href') ?? '', [attributeOf(self, 'base')]);
}

function languageOf(raw: RawRecord): string | null {
  const stated = firstOf(raw, ['language', 'dc:language', 'dcterms:language'], (value) =>
    languageTag(textOfValue(value)),
  );
  return stated ?? languageTag(ownAttribute(raw, 'lang')) ?? firstOf(raw, ['title'], langAttribute);
}

function langAttribute(value: RawValue): string | null {
  return languageTag(attributeOf(value, 'lang'));
}

function numberOf(value: RawValue): number | null {
  const text = textOfValue(value).trim();
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function positive(number: number | null): number | null {
  return number !== null && number > 0 ? number : null;
}

const periodMinutes: Readonly<Record<string, number>> = {
  ...{ hourly: 60, daily: 24 * 60, weekly: 7 * 24 * 60, monthly: 30 * 24 * 60, yearly: 365 * 24 * 60 },
};

/** RSS 1.0's syndication module: so many times a period; a day and once where one of the two is missing. */
function updatePeriod(raw: RawRecord): number | null {
  const period = firstOf(raw, ['sy:updateperiod'], (value) => textOfValue(value).trim().toLowerCase());
  const frequency = positive(firstOf(raw, ['sy:updatefrequency'], numberOf));
  if (period === null && frequency === null) return null;
  const minutes = periodMinutes[period ?? 'daily'];
  return minutes === undefined ? null : Math.max(1, Math.round(minutes / (frequency ?? 1)));
}

/** RSS 2.0 counts from 0 to 23; RSS 0.91 wrote midnight as 24. */
function hoursOf(raw: RawRecord): number[] {
  const hours = valuesOf(raw, 'hour')
    .map(numberOf)
    .filter((hour) => hour !== null && hour <= 24) as number[];
  return [...new Set(hours.map((hour) => hour % 24))].sort((a, b) => a - b);
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function daysOf(raw: RawRecord): number[] {
  const days = valuesOf(raw, 'day').map((value) =>
    dayNames.indexOf(textOfValue(value).trim().slice(0, 3).toLowerCase()),
  );
  return [...new Set(days.filter((day) => day !== -1))].sort((a, b) => a - b);
}
