import { existsSync } from 'node:fs';
import { PlainError } from '../../lib/core/plain-error.ts';
import { matchInOrder } from '../../lib/core/watchlist/match-in-order.ts';
import { type Report, type Score, scoreMatches } from '../../lib/core/watchlist/score.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { readStoryLines, type StoryLine } from '../story-lines.ts';
import { matcherOfFolder } from '../watchlist-folder.ts';

const usual = '../shared/eval/dev.jsonl';

export const command: CommandFile = {
  describe: 'score the matcher against labelled stories',
  build(command) {
    command
      .argument('[file]', `labelled stories as JSON lines, with entities and events; without it ${usual}`)
      .option('--config <dir>', 'folder of watchlist.yaml', 'config')
      .option('--worst <n>', 'how many of the worst stories to show', '15')
      .option('--json', 'one JSON document')
      .action(run);
  },
};

function run(
  file: string | undefined,
  options: { readonly config: string; readonly worst: string; readonly json?: boolean },
): void {
  if (file === undefined && !existsSync(usual))
    throw new PlainError(`no labelled stories: name a file (${usual} is not there)`, 2);
  const worst = Number(options.worst);
  if (!Number.isInteger(worst) || worst < 0) throw new PlainError(`--worst ${options.worst} is no whole number`, 2);
  const matcher = matcherOfFolder(options.config);
  const stories: StoryLine[] = [];
  for (const line of readStoryLines(file ?? usual)) {
    if (line.kind === 'story') stories.push(line.story);
    else say(`wirewatch: line ${line.line}: ${line.reason}; left out`);
  }
  const results = matchInOrder(matcher, stories);
  const report = scoreMatches(
    stories.map((story, i) => ({
      label: {
        id: story.id,
        lang: story.lang ?? '',
        title: story.title,
        entities: ids(story.raw.entities),
        events: ids(story.raw.events),
      },
      found: results[i]!,
    })),
  );
  const shown = { ...report, worst: report.worst.slice(0, worst) };
  if (options.json) return printJson(shown);
  for (const line of lines(shown, report.worst.length)) process.stdout.write(`${line}\n`);
}

function ids(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}

function lines(report: Report, wrongStories: number): readonly string[] {
  const table = (name: string, rows: Readonly<Record<string, Score>>) => [
    '',
    heading(name),
    ...Object.entries(rows).map(([id, score]) => row(id, score)),
  ];
  const languages = Object.entries(report.byLanguage).flatMap(([lang, of]) => [
    row(`${lang} entities (${of.stories})`, of.entities),
    row(`${lang} events`, of.events),
  ]);
  return [
    `${report.stories} stories, ${wrongStories} with an error`,
    '',
    heading('all'),
    row('entities', report.entities),
    row('events', report.events),
    ...table('by event', report.byEvent),
    ...table('by entity', report.byEntity),
    '',
    heading('by language'),
    ...languages,
    '',
    'worst stories (+ found and not labelled, - labelled and not found)',
    ...report.worst.map(
      (story) =>
        `${story.id} ${story.lang} ${[...story.wrong.map((id) => `+${id}`), ...story.missed.map((id) => `-${id}`)].join(' ')} | ${story.title.slice(0, 110)}`,
    ),
  ];
}

function heading(name: string): string {
  return `${name.padEnd(34)} precision  recall      F1   right  wrong  missed`;
}

function row(name: string, { precision, recall, f1, right, wrong, missed }: Score): string {
  const share = (value: number) => value.toFixed(3).padStart(8);
  return `${name.padEnd(34)}  ${share(precision)}${share(recall)}${share(f1)}${String(right).padStart(8)}${String(wrong).padStart(7)}${String(missed).padStart(8)}`;
}
