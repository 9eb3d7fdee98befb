import { matchInOrder } from '../../lib/core/watchlist/match-in-order.ts';
import type { CommandFile } from '../command-file.ts';
import { say } from '../output.ts';
import { readStoryLines } from '../story-lines.ts';
import { matcherOfFolder } from '../watchlist-folder.ts';

export const command: CommandFile = {
  describe: 'match stories from JSON lines',
  build(command) {
    command
      .argument(
        '[file]',
        'stories as JSON lines {id, title, summary, content?, lang?, source?, url?, published?}; - or nothing for standard input',
      )
      .option('--config <dir>', 'folder of watchlist.yaml', 'config')
      .option('--json', 'the same: the output is JSON lines in any case')
      .addHelpText(
        'after',
        '\nPrints {id, entities, events, evidence, priority} for each story, in the order of the input. Running stories follow\nfrom the input itself, in order of published. A line that is no story gives {line, error} and the rest goes on.',
      )
      .action(run);
  },
};

function run(file: string | undefined, options: { readonly config: string }): void {
  const matcher = matcherOfFolder(options.config);
  const lines = readStoryLines(file);
  const stories = lines.flatMap((line) => (line.kind === 'story' ? [line.story] : []));
  const results = matchInOrder(matcher, stories)[Symbol.iterator]();
  for (const line of lines) {
    if (line.kind === 'bad') {
      say(`wirewatch: line ${line.line}: ${line.reason}`);
      print({ line: line.line, error: line.reason });
      continue;
    }
    const { entities, events, evidence, priority } = results.next().value!;
    print({ id: line.story.id, entities, events, evidence, priority });
  }
}

function print(row: unknown): void {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}
