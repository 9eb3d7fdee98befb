import type { ExplainedStory } from '../../lib/pipeline/explain.ts';
import type { CommandFile } from '../command-file.ts';
import { explainedLines } from '../explained-lines.ts';
import { printJson, terminal } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'why a story matched, word by word, and what nearly did',
  build(command) {
    addSystemOptions(command.argument('<story-id>', 'from "wirewatch matches"').option('--json', 'one JSON document'))
      .addHelpText(
        'after',
        '\nWhat matched is as it was stored; clauses and near misses are those of the live watchlist, over what is stored of the\ntext (at most 2 kB). An id that begins with a dash stands after --: wirewatch explain -- -x7…',
      )
      .action(run);
  },
};

async function run(id: string, options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const story = await (await openSystem(options)).api<ExplainedStory>('GET', `/api/stories/${encodeURIComponent(id)}`);
  if (options.json) return printJson(story);
  process.stdout.write(`${explainedLines(story, terminal()).join('\n')}\n`);
}
