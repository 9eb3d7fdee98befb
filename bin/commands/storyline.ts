import { plainLine } from '../../lib/core/alert/plain-text.ts';
import type { StorylinePage, StorylineStory } from '../../lib/pipeline/storyline-queries.ts';
import type { CommandFile } from '../command-file.ts';
import { fitted } from '../fitted-lines.ts';
import { printJson, printTable, say, shortTime, styled, tableTime, terminal } from '../output.ts';
import { countsOver, sparkline } from '../sparkline.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & { readonly json?: boolean; readonly limit: string; readonly cursor?: string };

export const command: CommandFile = {
  describe: "one storyline's stories, outlets and alerts",
  build(command) {
    addSystemOptions(
      command
        .argument('<id>', 'from "wirewatch matches --json", or an alert')
        .option('--limit <n>', 'a page of at most so many stories (1 to 100)', '50')
        .option('--cursor <cursor>', 'the page after; from "next" of the page before')
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nStories stand in order of time. An id that begins with a dash stands after --: wirewatch storyline -- -x7…',
      )
      .action(run);
  },
};

async function run(id: string, options: Options): Promise<void> {
  const query = new URLSearchParams({
    limit: options.limit,
    ...(options.cursor !== undefined && { cursor: options.cursor }),
  });
  const system = await openSystem(options);
  const page = await system.api<StorylinePage>('GET', `/api/storylines/${encodeURIComponent(id)}?${query}`);
  if (options.json) return printJson(page);
  printHead(page);
  printStories(page.stories);
  if (page.next !== null) say(`${page.stories.length} stories shown; the next page: --cursor ${page.next}`);
  printAlerts(page);
}

const nameWidth = 11;

function printHead({ storyline, stories, names }: StorylinePage): void {
  const { title, states, opened, last, closed, outlets, wires, langs, events, entities } = storyline;
  const named = [...events, ...entities].map((id) =>
    names[id] === undefined || names[id] === id ? id : `${names[id]} (${id})`,
  );
  const isTerminal = terminal() !== null;
  const lines: readonly (readonly [string, string])[] = [
    ['state', `${states.join(', ')}; ${closed === null ? 'open' : `closed ${shortTime(closed)}`}`],
    ['time', `${shortTime(opened)} to ${shortTime(last)}`],
    ...(isTerminal && stories.length > 2
      ? [
          [
            'stories',
            sparkline(
              countsOver(
                stories.map(({ at }) => at),
                24,
              ),
            ),
          ] as const,
        ]
      : []),
    ['outlets', `${outlets.length}: ${outlets.join(', ')}${wires.length === 0 ? '' : `; by ${wires.join(', ')}`}`],
    ['languages', langs.join(', ')],
    ['about', named.join(', ')],
  ];
  process.stdout.write(`${styled('bold', plainLine(title))}\n`);
  for (const [name, value] of lines) {
    const [first = '', ...rest] = fitted(`${' '.repeat(nameWidth)}${plainLine(value)}`, false, terminal());
    const below = rest.map((line) => `${line}\n`).join('');
    process.stdout.write(`${styled('bold', name.padEnd(nameWidth))}${first.slice(nameWidth)}\n${below}`);
  }
  process.stdout.write('\n');
}

function printStories(stories: readonly StorylineStory[]): void {
  printTable(
    ['time', 'outlet', 'lang', 'what', 'title', 'id'],
    stories.flatMap(({ story, at, duplicateOf, reached, match, revisions }) => [
      ...revisions.map((earlier) => [tableTime(earlier.at), '', '', 'until then', earlier.title, '']),
      [
        tableTime(at),
        match?.outlet ?? '–',
        match?.lang ?? '–',
        [...(duplicateOf === null ? [] : ['copy']), ...reached].join(', '),
        match === null ? 'has expired' : { text: match.title, marked: match.words },
        story,
      ],
    ]),
  );
}

function printAlerts({ alerts }: StorylinePage): void {
  if (alerts.length === 0) return say('Nobody was told.');
  process.stdout.write(`\n${styled('bold', 'told')}\n`);
  printTable(
    ['decided', 'subscriber', 'state', 'sent', 'story'],
    alerts.map(({ decided, subscriber, state, sent, held, story }) => [
      tableTime(decided),
      subscriber,
      state,
      sent !== null ? tableTime(sent) : held !== null ? `held until ${shortTime(held.until)}: ${held.why}` : 'not yet',
      story,
    ]),
  );
}
