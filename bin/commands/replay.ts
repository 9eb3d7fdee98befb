import { PlainError } from '../../lib/core/plain-error.ts';
import { decodeWatchlist, encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import { readTime } from '../../lib/pipeline/query-values.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { replay, warmUpHours } from '../../lib/pipeline/replay.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson } from '../output.ts';
import { printReplayed } from '../replayed-lines.ts';
import { storedPages } from '../stored-pages.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';
import { compiledOfFolder } from '../watchlist-folder.ts';

type Options = SystemOptions & {
  readonly config: string;
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
};

export const command: CommandFile = {
  describe: 'what a changed watchlist would have matched',
  build(command) {
    addSystemOptions(
      command
        .requiredOption('--config <dir>', 'folder of the changed watchlist.yaml')
        .requiredOption(
          '--since <time>',
          'stories first seen since: 2026-11-24, 2026-11-24T06:00Z, or back from now: 36h, 7d',
        )
        .option('--until <time>', 'and until, written the same way')
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nFor each target: stories gained, lost, unchanged, and unsure: not found again, but the words it matched by lie in text\nthat was cut when the story was stored. Stories that matched nothing are kept for unmatchedDays (30), and so far back it\nreads at most. Nothing is changed and nobody is told.\n\nExample:\n  wirewatch replay --config config --since 7d',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  // By way of the bytes that apply would store, so that nothing differs from the live system.
  const watchlist = decodeWatchlist(encodeWatchlist(compiledOfFolder(options.config)));
  const since = timeOf('since', options.since);
  const until = options.until === undefined ? new Date().toISOString() : timeOf('until', options.until);
  const system = await openSystem(options);
  const from = new Date(Date.parse(since) - warmUpHours(watchlist) * 3_600_000).toISOString();
  const result = await replay(storedPages(system, from, until), watchlist, since);
  if (options.json) return printJson({ since, until, ...result });
  printReplayed(result);
}

function timeOf(name: 'since' | 'until', value: string): string {
  try {
    return readTime(name, value, { now: () => new Date() }) ?? '';
  } catch (error) {
    if (error instanceof RefusedRequest) throw new PlainError(`--${name}: ${error.message}`, 2);
    throw error;
  }
}
