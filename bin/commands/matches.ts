import { Option } from 'commander';
import { matchColumns } from '../../lib/core/export/columns.ts';
import { csv } from '../../lib/core/export/csv.ts';
import type { MatchesPage } from '../../lib/pipeline/matches.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say, tableTime, terminal } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & {
  readonly format?: 'table' | 'json' | 'jsonl' | 'csv';
  readonly json?: boolean;
} & Readonly<Partial<Record<(typeof filters)[number], string>>>;

const filters = [
  ...(['entity', 'event', 'source', 'outlet', 'lang', 'priority', 'storyline'] as const),
  ...(['since', 'until', 'text', 'limit', 'cursor'] as const),
] as const;

export const command: CommandFile = {
  describe: 'stored matches, newest first',
  build(command) {
    addSystemOptions(
      command
        .option('--entity <id>', 'stories that name this entity')
        .option('--event <id>', 'stories that report this event')
        .option('--source <id>', 'stories from this feed')
        .option('--outlet <id>', 'stories of this newsroom')
        .option('--lang <code>', 'stories in this language')
        .option('--priority <priority>', 'at least this priority: low, normal, high, critical')
        .option('--storyline <id>', 'stories of this storyline')
        .option('--since <time>', 'not before: 2026-11-24, 2026-11-24T06:00Z, or back from now: 36h, 7d')
        .option('--until <time>', 'not after, written the same way')
        .option('--text <words>', 'every one of these words in title or summary')
        .option('--limit <n>', 'a page of at most so many (1 to 1000)', '50')
        .option('--cursor <cursor>', 'the page after; from "next" of the page before')
        .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'jsonl', 'csv']))
        .option('--json', 'the same as --format json'),
    )
      .addHelpText(
        'after',
        '\nExamples:\n  wirewatch matches --event israel-iran-ceasefire --since 24h\n  wirewatch matches --entity sco --lang zh --format jsonl',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const query = new URLSearchParams();
  for (const name of filters) if (options[name] !== undefined) query.set(name, options[name]);
  const system = await openSystem(options);
  const page = await system.api<MatchesPage>('GET', `/api/matches?${query}`);
  print(page, options.format ?? (options.json ? 'json' : 'table'));
}

function print(page: MatchesPage, format: NonNullable<Options['format']>): void {
  if (format === 'json') return printJson(page);
  if (format === 'jsonl') for (const row of page.matches) process.stdout.write(`${JSON.stringify(row)}\n`);
  if (format === 'csv') process.stdout.write(csv(page.matches, matchColumns));
  if (format === 'table') printMatches(page);
  if (page.next !== null)
    say(`${page.matches.length} shown, ${page.read} rows read; the next page: --cursor ${page.next}`);
}

/** Columns of a terminal from which on a table of matches says what each matched. */
const roomy = 110;

function printMatches(page: MatchesPage): void {
  if (page.matches.length === 0) return say('no matches in this window');
  // Where there is little room the title needs it: its marked words say what matched.
  const wide = (terminal()?.columns ?? roomy) >= roomy;
  printTable(
    ['published', 'outlet', 'lang', 'title', ...(wide ? ['matched'] : []), 'id'],
    page.matches.map((row) => [
      tableTime(row.published),
      row.outlet,
      row.lang,
      { text: row.title, marked: row.words },
      ...(wide ? [[...row.events, ...row.entities].join(' ')] : []),
      row.id,
    ]),
  );
}
