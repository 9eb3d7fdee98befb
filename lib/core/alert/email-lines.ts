import { type AlertFacts, type AlertReader, followedNames } from './alert-facts.ts';
import { columnsOf, cutTo, cutToColumns, wrapColumns } from './columns.ts';
import { plainLine } from './plain-text.ts';

/** Lines of a body; a link alone may be longer, so that it can be followed. */
export const bodyColumns = 60;
/** SNS takes subjects of fewer than 100 characters; counted in UTF-16 units, which are never fewer. */
const mostSubjectUnits = 99;
const mostTitleColumns = 5 * bodyColumns;

/** A title between what stands before and after it, cut so that SNS takes the whole. */
export function subjectAround(before: string, title: string, after: string): string {
  const room = mostSubjectUnits - before.length - after.length;
  return before + cutTo(title, room, (grapheme) => grapheme.length, '…') + after;
}

/** `[high] `, or nothing where it is not urgent. */
export function urgency({ priority }: Pick<AlertFacts, 'priority'>): string {
  return priority === 'critical' || priority === 'high' ? `[${priority}] ` : '';
}

export function titleOf(facts: AlertFacts): string {
  // Cut before anything slower looks at it: a title may be as long as the feed reader lets through.
  return plainLine(facts.story.title.slice(0, 4_000)) || plainLine(followedNames(facts)) || 'A story that you follow';
}

export function titleLines(facts: AlertFacts): readonly string[] {
  return wrapColumns(cutToColumns(titleOf(facts), mostTitleColumns), bodyColumns);
}

/** `3 outlets`, and `1 wire` where there are wires. */
export function carriers({ outlets, wires }: AlertFacts): readonly string[] {
  return [count(outlets, 'outlet'), ...(wires > 0 ? [count(wires, 'wire')] : [])];
}

/** `1 feed`, `1,200 feeds`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Text from a feed or a watchlist in lines of the body, the first behind an indent and the rest under it. */
export function wrapped(text: string, indent = ''): readonly string[] {
  const under = ' '.repeat(columnsOf(indent));
  const lines = wrapColumns(cutToColumns(plainLine(text), mostTitleColumns), bodyColumns - columnsOf(indent));
  return lines.map((line, index) => (index === 0 ? indent : under) + line);
}

/** A link stands alone on its line and is never broken, since mail programs follow it up to the first white space. */
export function link(url: string | null): readonly string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? [href] : [];
}

/** The link under what it is for; nothing where there is no link. */
export function linkFor(purpose: string, url: string | null): readonly string[] {
  const lines = link(url);
  return lines.length === 0 ? [] : [purpose, ...lines];
}

export function paragraphs(all: readonly (readonly string[])[]): string {
  const filled = all.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** How to change and to stop what the reader is told, at the end of each e-mail. */
export function changeAndStop({
  changeUrl,
  stopUrl,
}: Pick<AlertReader, 'changeUrl' | 'stopUrl'>): readonly (readonly string[])[] {
  const links = [linkFor('Change what you are told:', changeUrl), linkFor('Stop all alerts:', stopUrl)];
  if (links.some((lines) => lines.length > 0)) return links;
  return [
    wrapColumns(
      'To stop these e-mails, follow the unsubscribe link at the end of this message. To change what you are told, ask ' +
        'whoever runs this Wirewatch.',
      bodyColumns,
    ),
  ];
}
