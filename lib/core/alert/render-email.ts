import type { StorylineState } from '../storyline/storyline-state.ts';
import type { AlertFacts, AlertReader } from './alert-facts.ts';
import { cutToColumns, wrapColumns } from './columns.ts';
import {
  bodyColumns,
  carriers,
  changeAndStop,
  link,
  linkFor,
  paragraphs,
  subjectAround,
  titleLines,
  titleOf,
  urgency,
  wrapped,
} from './email-lines.ts';
import { plainLine } from './plain-text.ts';
import { timeInZone } from './time-in-zone.ts';

/** Words shown for one reason. */
const mostWords = 8;

/** One alert as SNS sends it by e-mail: plain text for one reader. */
export function renderEmail(
  facts: AlertFacts,
  reader: AlertReader,
): { readonly subject: string; readonly body: string } {
  return { subject: subjectOf(facts), body: bodyOf(facts, reader) };
}

/** What happened, its priority, and who carries it. */
export function subjectOf(facts: AlertFacts): string {
  const after = facts.outlets > 1 ? ` (${carriers(facts).join(', ')})` : '';
  return subjectAround(urgency(facts) + subjectOpening[facts.state], titleOf(facts), after);
}

const subjectOpening: Readonly<Record<StorylineState, string>> = {
  new: '',
  corroborated: 'More outlets: ',
  escalated: 'Escalated: ',
  corrected: 'Corrected: ',
};

function bodyOf(facts: AlertFacts, reader: AlertReader): string {
  const { story } = facts;
  return paragraphs([
    titleLines(facts),
    [...wrapped(story.outlet), timeInZone(story.published, reader.timeZone), ...link(story.url)],
    wrapColumns(stateLine(facts), bodyColumns),
    ['Why you are told:', ...reasons(facts)],
    linkFor('The storyline:', reader.storylineUrl),
    linkFor('Tell me no more of this storyline:', reader.muteUrl),
    ...changeAndStop(reader),
  ]);
}

function stateLine(facts: AlertFacts): string {
  const [outlets, wires] = carriers(facts);
  const carried = facts.outlets > 1 ? ` Carried by ${outlets}${wires === undefined ? '' : ` (${wires})`}.` : '';
  return `${stateSentence[facts.state]}${carried} Priority: ${facts.priority}.`;
}

const stateSentence: Readonly<Record<StorylineState, string>> = {
  new: 'New.',
  corroborated: 'More outlets now report it.',
  escalated: 'It has become more urgent since the last alert.',
  corrected: 'The outlet has corrected what it reported.',
};

/**
 * Each reason with its words beneath. Words that run right to left have a line of their own, so that no line mixes the
 * two directions and every mail program shows it in order without invisible marks.
 */
function reasons(facts: AlertFacts): readonly string[] {
  return [...facts.events, ...facts.entities].flatMap(({ id, name }) => {
    const words = wordsFor(facts, id);
    const leftToRight = words.filter((word) => !runsRightToLeft(word)).map((word) => `"${word}"`);
    const rightToLeft = words.filter(runsRightToLeft).map((word) => `«${word}»`);
    return [
      ...wrapped(name, '- '),
      ...(leftToRight.length > 0 ? wrapped(leftToRight.join(', '), '  ') : []),
      ...(rightToLeft.length > 0 ? wrapped(rightToLeft.join('، '), '  ') : []),
    ];
  });
}

function wordsFor(facts: AlertFacts, target: string): readonly string[] {
  const words = new Map<string, string>();
  for (const { target: helped, text } of facts.evidence) {
    if (helped !== target) continue;
    const word = cutToColumns(plainLine(text), 40);
    if (word !== '' && words.size < mostWords) words.set(word.toLowerCase(), words.get(word.toLowerCase()) ?? word);
  }
  return [...words.values()];
}

function runsRightToLeft(text: string): boolean {
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);
}
