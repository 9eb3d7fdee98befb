import type { StorylineState } from '../storyline/storyline-state.ts';
import type { HoldReason } from '../subscriber/when-to-tell.ts';
import type { AlertReader } from './alert-facts.ts';
import { wrapColumns } from './columns.ts';
import {
  bodyColumns,
  carriers,
  changeAndStop,
  count,
  link,
  linkFor,
  paragraphs,
  subjectAround,
  titleLines,
  titleOf,
  urgency,
  wrapped,
} from './email-lines.ts';
import { byImportance, type DigestEntry, type DigestStoryline } from './latest-first.ts';
import { subjectOf } from './render-email.ts';
import { renderIntegration } from './render-integration.ts';
import { smsAfter } from './render-sms.ts';
import { timeInZone } from './time-in-zone.ts';

/** Whom a digest is written for. */
export type DigestReader = Pick<AlertReader, 'timeZone' | 'changeUrl' | 'stopUrl'> & {
  readonly linksOf: (storyline: string) => Pick<AlertReader, 'storylineUrl' | 'muteUrl'>;
};

const mostStorylines = 50;
/** SNS takes 256 kB with all that goes along. */
const mostBytes = 200_000;

/** What was held, as one e-mail: grouped by storyline, the most important first. `entries` has one at least. */
export function renderDigest(
  entries: readonly DigestEntry[],
  reader: DigestReader,
  why: HoldReason = 'digest',
): { readonly subject: string; readonly body: string } {
  const storylines = byImportance(entries);
  const first = storylines[0];
  if (first === undefined) throw new Error('a digest of nothing');
  return { subject: subjectFor(why, storylines.length, first), body: bodyOf(storylines, reader, why) };
}

function subjectFor(why: HoldReason, storylines: number, { facts }: DigestStoryline): string {
  // Nobody has to know that a single alert was a while late.
  if (storylines === 1 && why !== 'digest') return subjectOf(facts);
  const opening = urgency(facts) + subjectOpening[why](count(storylines, 'storyline'));
  return subjectAround(opening, titleOf(facts), '');
}

const subjectOpening: Readonly<Record<HoldReason, (storylines: string) => string>> = {
  digest: (storylines) => `Digest of ${storylines}: `,
  'quiet hours': (storylines) => `${storylines} from your quiet hours: `,
  burst: (storylines) => `${storylines} in one message: `,
  'sms cap': (storylines) => `${storylines} that waited: `,
  confirmation: (storylines) => `${storylines} from before you confirmed: `,
};

const introOf: Readonly<Record<HoldReason, string>> = {
  digest: 'What happened since the last digest',
  'quiet hours': 'What was kept for the end of your quiet hours',
  burst: 'Alerts came faster than one message each is good for. Here they are together',
  'sms cap': 'What waited until your cap on SMS let it through',
  confirmation: 'What happened until your subscription was confirmed',
};

function bodyOf(storylines: readonly DigestStoryline[], reader: DigestReader, why: HoldReason): string {
  const intro = `${introOf[why]}: ${count(storylines.length, 'storyline')}${storylines.length > 1 ? ', the most important first' : ''}.`;
  const ending = changeAndStop(reader);
  // Room for the sentence that says how many are left out.
  let room = mostBytes - bytesOf(paragraphs([...ending, [intro]])) - 200;
  const shown: (readonly string[])[] = [];
  for (const [index, storyline] of storylines.slice(0, mostStorylines).entries()) {
    const lines = storylineLines(storyline, index + 1, reader);
    room -= bytesOf(lines.join('\n')) + 2;
    if (room < 0) break;
    shown.push(lines);
  }
  return paragraphs([wrapColumns(intro, bodyColumns), ...shown, andMore(storylines.length - shown.length), ...ending]);
}

/** Titles keep a line of their own, so that no line mixes two directions of writing. */
function storylineLines({ facts, states }: DigestStoryline, number: number, reader: DigestReader): readonly string[] {
  const { story } = facts;
  const { storylineUrl, muteUrl } = reader.linksOf(facts.storyline);
  const names = [...facts.events, ...facts.entities].map(({ name }) => name).join(', ');
  return [
    ...wrapColumns(`${number}. ${headOf(facts, states)}`, bodyColumns),
    ...titleLines(facts),
    ...wrapped(story.outlet),
    timeInZone(story.published, reader.timeZone),
    ...link(story.url),
    ...(names === '' ? [] : wrapped(names, 'Why: ')),
    ...linkFor('The storyline:', storylineUrl),
    ...linkFor('No more of this storyline:', muteUrl),
  ];
}

/** `High priority. New, then more outlets. 3 outlets, 1 wire.` */
function headOf(facts: DigestStoryline['facts'], states: readonly StorylineState[]): string {
  const priority = `${facts.priority.charAt(0).toUpperCase()}${facts.priority.slice(1)} priority.`;
  const went = states.map((state) => stateWords[state]).join(', then ');
  const carried = facts.outlets > 1 ? ` ${carriers(facts).join(', ')}.` : '';
  return `${priority} ${went.charAt(0).toUpperCase()}${went.slice(1)}.${carried}`;
}

const stateWords: Readonly<Record<StorylineState, string>> = {
  new: 'new',
  corroborated: 'more outlets',
  escalated: 'escalated',
  corrected: 'corrected',
};

function andMore(left: number): readonly string[] {
  if (left === 0) return [];
  return wrapColumns(
    `And ${count(left, 'more storyline')} of less weight, which this message has no room for.`,
    bodyColumns,
  );
}

/** One GSM-7 part: how many storylines, and the most important of them. */
export function renderDigestSms(entries: readonly DigestEntry[]): string {
  const storylines = byImportance(entries);
  const first = storylines[0];
  if (first === undefined) throw new Error('a digest of nothing');
  return smsAfter(storylines.length > 1 ? `${count(storylines.length, 'storyline')}. ` : '', first.facts);
}

/** For programs: each storyline as the integration topic has it, most important first, as many as SNS takes. */
export function renderDigestJson(entries: readonly DigestEntry[], why: HoldReason = 'digest'): string {
  const storylines = byImportance(entries);
  const kept: string[] = [];
  let room = mostBytes;
  for (const { facts } of storylines.slice(0, mostStorylines)) {
    const message = JSON.stringify(renderIntegration(facts).message);
    room -= bytesOf(message) + 1;
    if (room < 0) break;
    kept.push(message);
  }
  const more = storylines.length - kept.length;
  return `{"version":1,"kind":"digest","why":${JSON.stringify(why)},"storylines":[${kept.join(',')}],"more":${more}}`;
}

/** What a digest is called whose alerts were held for several reasons. */
export function mainReason(reasons: readonly HoldReason[]): HoldReason {
  const order: readonly HoldReason[] = ['confirmation', 'digest', 'quiet hours', 'sms cap', 'burst'];
  return order.find((reason) => reasons.includes(reason)) ?? 'digest';
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
