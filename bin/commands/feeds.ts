import type { ListedFeed } from '../../lib/pipeline/queries.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say, shortTime } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'list the feeds and how they are',
  build(command) {
    addSystemOptions(
      command.command('list', { isDefault: true }).description('every feed: state, last story, failures, next poll'),
    )
      .option('--json', 'one JSON document')
      .action(list);
  },
};

async function list(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const { feeds } = await system.api<{ feeds: readonly ListedFeed[] }>('GET', '/api/feeds');
  if (options.json) return printJson({ feeds });
  if (feeds.length === 0) return say('no feeds; add some to config/feeds.yaml and run "wirewatch apply"');
  printTable(
    ['feed', 'state', 'last story', 'next poll', 'failures', 'problem'],
    feeds.map((feed) => [
      feed.id,
      feed.state,
      shortTime(feed.lastStory),
      shortTime(feed.nextPoll),
      feed.failures === 0 ? '' : String(feed.failures),
      feed.problem,
    ]),
  );
}
