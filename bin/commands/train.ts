import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../../lib/core/plain-error.ts';
import type { Report, Score } from '../../lib/core/watchlist/score.ts';
import { type LabelledStory, type Trained, trainWeights } from '../../lib/core/watchlist/train-weights.ts';
import { withWeights } from '../../lib/core/watchlist/weights-text.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { readStoryLines } from '../story-lines.ts';
import { sourceOfFolder } from '../watchlist-folder.ts';

type Options = {
  readonly config: string;
  readonly rules?: string;
  readonly needs: string;
  readonly keeps: string;
  readonly penalty: string;
  readonly folds: string;
  readonly write?: boolean;
  readonly json?: boolean;
};

export const command: CommandFile = {
  describe: 'learn from labelled stories what the clauses of each event weigh',
  build(command) {
    command
      .argument(
        '<file...>',
        'labelled stories as JSON lines, with entities and events; a file named twice counts twice',
      )
      .option('--config <dir>', 'folder of watchlist.yaml', 'config')
      .option('--rules <dir>', 'folder of the watchlist as it was before these stories were read; without it --config')
      .option('--needs <likelihood>', 'from which likelihood on an event is added that no rule holds', '0.6')
      .option('--keeps <likelihood>', 'from which likelihood on an event stays that its rule holds', '0.5')
      .option('--penalty <n>', 'how dear a weight is: the more, the fewer clauses weigh anything', '3')
      .option('--folds <n>', 'parts of the stories, each scored by what the others taught', '5')
      .option('--write', 'put the weights into watchlist.yaml, instead of those that stand there')
      .option('--json', 'one JSON document')
      .addHelpText(
        'after',
        `
Prints how well stories are matched that were not learnt from, by the rules alone and with the weights.
By stories after which they were mended the rules are always right, and nothing is learnt of where they fail: name the
watchlist as it was before by --rules, or files of other stories twice.
docs/watchlist.md, "Weights", says what they do.`,
      )
      .action(run);
  },
};

function run(files: readonly string[], options: Options): void {
  const training = {
    needs: numberOf('--needs', options.needs, 0.01, 0.99),
    keeps: numberOf('--keeps', options.keeps, 0.01, 0.99),
    penalty: numberOf('--penalty', options.penalty, 0, 1_000),
    folds: Math.floor(numberOf('--folds', options.folds, 2, 50)),
  };
  const source = sourceOfFolder(options.config);
  const rules = options.rules === undefined ? source : sourceOfFolder(options.rules);
  const sets = files.map(storiesOf);
  say(`${sets.flat().length} stories of ${files.length} files; this takes some minutes`);
  const trained = trainWeights(source, sets, { ...training, rules });
  if (options.write) {
    const file = join(options.config, 'watchlist.yaml');
    writeFileSync(file, withWeights(readFileSync(file, 'utf8'), trained.weights));
    say(`wrote the weights of ${Object.keys(trained.weights).length} events to ${file}`);
  }
  if (options.json) return printJson(trained);
  for (const line of lines(trained)) process.stdout.write(`${line}\n`);
}

function storiesOf(file: string): readonly LabelledStory[] {
  const stories: LabelledStory[] = [];
  for (const line of readStoryLines(file)) {
    if (line.kind === 'story') {
      const { story } = line;
      stories.push({ ...story, entities: ids(story.raw.entities), events: ids(story.raw.events) });
    } else say(`wirewatch: ${file}, line ${line.line}: ${line.reason}; left out`);
  }
  return stories;
}

function ids(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new PlainError(`${name} ${text} is no number from ${least} to ${most}`, 2);
  return value;
}

function lines({ weights, byRules, byWeights }: Trained): readonly string[] {
  const names = [...new Set([...Object.keys(byRules.byEvent), ...Object.keys(byWeights.byEvent)])].sort();
  const row = (name: string, of: (report: Report) => Score | undefined, clauses: string) =>
    [name.padEnd(32), shares(of(byRules)), shares(of(byWeights)), clauses.padStart(9)].join('  ');
  const total = Object.values(weights).reduce((sum, { clauses }) => sum + clauses.length, 0);
  return [
    `${byRules.stories} stories, each scored by what the others taught`,
    '',
    `${'events'.padEnd(32)}  ${'by rules: P, R, F1'.padEnd(22)}  ${'with weights'.padEnd(22)}    clauses`,
    row('all', ({ events }) => events, String(total)),
    ...names.map((name) => row(name, ({ byEvent }) => byEvent[name], String(weights[name]?.clauses.length ?? 0))),
    '',
    ...Object.keys(byRules.byLanguage).map((lang) => row(lang, ({ byLanguage }) => byLanguage[lang]?.events, '')),
  ];
}

function shares(score: Score | undefined): string {
  if (score === undefined) return ''.padEnd(22);
  return [score.precision, score.recall, score.f1]
    .map((value) => value.toFixed(3).padStart(6))
    .join('  ')
    .padEnd(22);
}
