import type { AlertReader } from './alert-facts.ts';
import { cutTo, cutToColumns, wrapColumns } from './columns.ts';
import { bodyColumns, changeAndStop, count, paragraphs } from './email-lines.ts';
import { foldToGsm7, septetsOf } from './gsm7.ts';
import { plainLine } from './plain-text.ts';
import { mostSmsSeptets } from './render-sms.ts';
import { dayInZone } from './time-in-zone.ts';

/** What a reader may know who has heard nothing for days: that somebody is still watching. */
export type ProofOfLife = {
  /** Nothing was told since then; what follows is counted from there. ISO 8601. */
  readonly since: string;
  readonly polls: number;
  /** Stories that matched anything at all. */
  readonly matches: number;
  readonly feeds: number;
  /** By their ids, which every alphabet can write; ISO 8601. */
  readonly failing: readonly { readonly feed: string; readonly since: string }[];
};

type Reader = Pick<AlertReader, 'timeZone' | 'changeUrl' | 'stopUrl'>;

const mostNamed = 5;

/** One line for one reader, as an e-mail. */
export function renderProofOfLife(
  facts: ProofOfLife,
  reader: Reader,
): { readonly subject: string; readonly body: string } {
  const subject = `Nothing for you since ${dayInZone(facts.since, reader.timeZone)}; Wirewatch is watching`;
  const line = `${watched(facts, reader)} ${failing(facts, reader, mostNamed)}`;
  return { subject, body: paragraphs([wrapColumns(line, bodyColumns), ...changeAndStop(reader)]) };
}

/** The same as one GSM-7 part, naming as many feeds as fit. */
export function renderProofOfLifeSms(facts: ProofOfLife, reader: Pick<AlertReader, 'timeZone'>): string {
  const septets = (text: string) => [...text].reduce((sum, character) => sum + (septetsOf(character) ?? 1), 0);
  const text = foldToGsm7(`${watched(facts, reader)} ${failing(facts, reader, 1)}`).text;
  return cutTo(text, mostSmsSeptets, septets, '...');
}

function watched({ since, polls, matches }: ProofOfLife, { timeZone }: Pick<Reader, 'timeZone'>): string {
  const found = matches === 0 ? 'no match' : count(matches, 'match', 'matches');
  return `Since ${dayInZone(since, timeZone)}: ${count(polls, 'poll')}, ${found}, nothing for you.`;
}

function failing({ feeds, failing }: ProofOfLife, { timeZone }: Pick<Reader, 'timeZone'>, named: number): string {
  if (failing.length === 0) return feeds === 1 ? 'The feed answers.' : `All ${feeds} feeds answer.`;
  const longest = [...failing].sort((a, b) => (a.since < b.since ? -1 : 1));
  const names = longest
    .slice(0, named)
    .map(({ feed, since }) => `${cutToColumns(plainLine(feed.slice(0, 200)), 40)} since ${dayInZone(since, timeZone)}`);
  const more = failing.length > named ? `; and ${failing.length - named} more` : '';
  return `${failing.length} of ${feeds} feeds ${failing.length === 1 ? 'fails' : 'fail'}: ${names.join('; ')}${more}.`;
}
