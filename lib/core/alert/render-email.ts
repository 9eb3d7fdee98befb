import type { StorylineState } from '../storyline/storyline-state.ts';
import { type AlertFacts, type AlertReader, followedNames } from './alert-facts.ts';
import { columnsOf, cutTo, cutToColumns, wrapColumns } from './columns.ts';
import { plainLine } from './plain-text.ts';
import { timeInZone } from './time-in-zone.ts';

/** Lines of the body; a link alone may be longer, so that it can be followed. */
const bodyColumns = 60;
/** SNS takes subjects of fewer than 100 characters; counted in UTF-16 units, which are never fewer. */
const mostSubjectUnits = 99;
const mostTitleColumns = 5 * bodyColumns;
/** Words shown for one reason. */
const mostWords = 8;

/** One alert as SNS sends it by e-mail: plain text for one reader. */
export function renderEmail(
  facts: AlertFacts,
  reader: AlertReader,
): { readonly subject: string; readonly body: string } {
  return { subject: subjectOf(facts), body: bodyOf(facts, reader) };
}

function subjectOf(facts: AlertFacts): string {
  const urgent = facts.priority === 'critical' || facts.priority === 'high' ? `[${facts.priority}] ` : '';
  const before = urgent + subjectOpening[facts.state];
  const after = facts.outlets > 1 ? ` (${carriers(facts).join(', ')})` : '';
  const room = mostSubjectUnits - before.length - after.length;
  return before + cutTo(titleOf(facts), room, (grapheme) => grapheme.length, '…') + after;
}

const subjectOpening: Readonly<Record<StorylineState, string>> = {
  new: '',
  corroborated: 'More outlets: ',
  escalated: 'Escalated: ',
  corrected: 'Corrected: ',
};

function bodyOf(facts: AlertFacts, reader: AlertReader): string {
  const { story } = facts;
  const paragraphs = [
    wrapColumns(cutToColumns(titleOf(facts), mostTitleColumns), bodyColumns),
    [...wrapped(story.outlet), timeInZone(story.published, reader.timeZone), ...link(story.url)],
    wrapColumns(stateLine(facts), bodyColumns),
    ['Why you are told:', ...reasons(facts)],
    reader.storylineUrl === null ? [] : ['The storyline:', ...link(reader.storylineUrl)],
    howToStop(reader.manageUrl),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
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

/** `3 outlets`, and `1 wire` where there are wires. */
function carriers({ outlets, wires }: AlertFacts): readonly string[] {
  const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`;
  return [count(outlets, 'outlet'), ...(wires > 0 ? [count(wires, 'wire')] : [])];
}

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

function howToStop(manageUrl: string | null): readonly string[] {
  if (manageUrl !== null) return ['Change or stop what you are told:', ...link(manageUrl)];
  return wrapColumns(
    'To stop these e-mails, follow the unsubscribe link at the end of this message. To change what you are told, ask ' +
      'whoever runs this Wirewatch.',
    bodyColumns,
  );
}

/** A link stands alone on its line and is never broken, since mail programs follow it up to the first white space. */
function link(url: string | null): readonly string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? [href] : [];
}

function titleOf(facts: AlertFacts): string {
  // Cut before anything slower looks at it: a title may be as long as the feed reader lets through.
  return plainLine(facts.story.title.slice(0, 4_000)) || plainLine(followedNames(facts)) || 'A story that you follow';
}

function wrapped(text: string, indent = ''): readonly string[] {
  const under = ' '.repeat(columnsOf(indent));
  const lines = wrapColumns(cutToColumns(plainLine(text), mostTitleColumns), bodyColumns - columnsOf(indent));
  return lines.map((line, index) => (index === 0 ? indent : under) + line);
}
