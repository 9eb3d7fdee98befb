import { readFeedsFile } from '../../lib/core/config/feeds-file.ts';
import { type Problem, problemLine } from '../../lib/core/problem.ts';
import { readWatchlist } from '../../lib/core/watchlist/watchlist-file.ts';
import type { CommandFile } from '../command-file.ts';
import { readConfig } from '../config-folder.ts';
import { printJson, say } from '../output.ts';

export const command: CommandFile = {
  describe: 'check feeds.yaml and watchlist.yaml',
  build(command) {
    command
      .option('--config <dir>', 'folder of feeds.yaml and watchlist.yaml', 'config')
      .option('--json', 'one JSON document')
      .addHelpText('after', '\nExit 1 where there is an error; warnings alone leave it 0.')
      .action(run);
  },
};

function run(options: { readonly config: string; readonly json?: boolean }): void {
  const config = readConfig(options.config);
  const feedsFile = readFeedsFile(config.feeds.text, config.feeds.name);
  const feedLanguages = feedsFile.feeds.map(({ lang }) => lang);
  const watchlistFile = readWatchlist(config.watchlist.text, config.watchlist.name, { lint: { feedLanguages } });
  const { watchlist } = watchlistFile;
  const problems: Problem[] = [...feedsFile.problems, ...watchlistFile.problems];
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) process.exitCode = 1;
  const counts = {
    feeds: feedsFile.feeds.length,
    entities: Object.keys(watchlist?.entities ?? {}).length,
    terms: Object.keys(watchlist?.terms ?? {}).length,
    events: Object.keys(watchlist?.events ?? {}).length,
  };
  if (options.json) return printJson({ ok: errors === 0, ...counts, problems });
  for (const problem of problems) process.stdout.write(`${problemLine(problem)}\n`);
  const warnings = problems.length - errors;
  say(
    `${counts.feeds} feeds, ${counts.entities} entities, ${counts.terms} terms, ${counts.events} events: ${errors} errors, ${warnings} warnings`,
  );
}
