import type { StorylineState } from '../storyline/storyline-state.ts';
import { type AlertFacts, followedNames } from './alert-facts.ts';
import { cutTo } from './columns.ts';
import { foldToGsm7, septetsIn, septetsOf } from './gsm7.ts';
import { plainLine } from './plain-text.ts';
import { smsPrefix } from './sms-parts.ts';

/**
 * One part is 160 septets. Before a message from a topic SNS puts the topic's display name, of which phones get at most
 * ten characters, and `> `: these twelve are kept free.
 */
export const mostSmsSeptets = 160 - smsPrefix;

/** Above this share of letters that GSM-7 cannot write, the title is left out rather than shown in pieces. */
const mostLost = 0.1;

/** One alert as one GSM-7 part: what happened, the outlet, and the link where it still fits. */
export function renderSms(facts: AlertFacts): string {
  return smsAfter('', facts);
}

/** The same with words of ours before it, which must be of the alphabet and leave room. */
export function smsAfter(before: string, facts: AlertFacts): string {
  const opening = before + openingOf(facts);
  const outlet = readable(facts.story.outlet);
  const closing = outlet === null ? '' : ` - ${cutToSeptets(outlet, 30)}`;
  const room = mostSmsSeptets - septets(opening) - septets(closing);
  const text = opening + cutToSeptets(whatHappened(facts), room) + closing;
  const link = linkOf(facts.story.url);
  const withLink = `${text} ${link}`;
  return link !== null && (septetsIn(withLink) ?? Number.POSITIVE_INFINITY) <= mostSmsSeptets ? withLink : text;
}

function whatHappened(facts: AlertFacts): string {
  return (
    readable(facts.story.title) ??
    readable(facts.events.map(({ name }) => name).join(', ')) ??
    readable(followedNames(facts)) ??
    readable(facts.entities.map(({ name }) => name).join(', ')) ??
    'A story that you follow'
  );
}

/** The text in GSM-7, or null where it would not be readable in it. */
function readable(text: string): string | null {
  const { text: folded, letters, lost } = foldToGsm7(plainLine(text.slice(0, 1_000)));
  return letters === 0 || lost > letters * mostLost ? null : folded;
}

function openingOf(facts: AlertFacts): string {
  const urgent = facts.priority === 'critical' || facts.priority === 'high' ? `${facts.priority.toUpperCase()} ` : '';
  return urgent + smsOpening[facts.state] + (facts.state === 'corroborated' ? `${facts.outlets} outlets: ` : '');
}

const smsOpening: Readonly<Record<StorylineState, string>> = {
  new: '',
  corroborated: '',
  escalated: 'Escalated: ',
  corrected: 'Corrected: ',
};

function linkOf(url: string | null): string | null {
  return url !== null && /^https?:\/\/\S+$/.test(url) ? url : null;
}

function cutToSeptets(text: string, most: number): string {
  return cutTo(text, most, septets, '...');
}

function septets(text: string): number {
  return [...text].reduce((sum, character) => sum + (septetsOf(character) ?? 1), 0);
}
