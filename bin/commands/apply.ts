import { gzipSync } from 'node:zlib';
import { problemLine } from '../../lib/core/problem.ts';
import type { Applied } from '../../lib/pipeline/apply.ts';
import type { CommandFile } from '../command-file.ts';
import { readConfig } from '../config-folder.ts';
import { printJson, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly rotateLinks?: boolean;
  readonly revokeLinks?: boolean;
  readonly json?: boolean;
};

export const command: CommandFile = {
  describe: 'make the config in a folder the live one',
  build(command) {
    addSystemOptions(
      command
        .option('--config <dir>', 'folder of feeds.yaml and watchlist.yaml', 'config')
        .option('--dry-run', 'say what would change, and change nothing')
        .option('--rotate-links', 'apply no config; sign links in alerts with a new key, those sent stay good')
        .option('--revoke-links', 'the same, and links already sent stop working')
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nA config with an error is refused whole and the live version stays. Live within a minute.',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  if (options.rotateLinks === true || options.revokeLinks === true) return rotateLinks(options);
  const config = readConfig(options.config);
  const pack = (file: { name: string; text: string }) => ({
    name: file.name,
    gzip: gzipSync(file.text).toString('base64'),
  });
  const system = await openSystem(options);
  const applied = await system.apply<Applied>({
    feeds: pack(config.feeds),
    watchlist: pack(config.watchlist),
    dryRun: options.dryRun === true,
  });
  const refused = applied.problems.some(({ severity }) => severity === 'error');
  if (refused) process.exitCode = 1;
  if (options.json) return printJson(applied);
  for (const problem of applied.problems) say(problemLine(problem));
  if (refused) return say(`refused; what is live at ${system.name} stays`);
  say(summary(applied, system.name));
}

async function rotateLinks(options: Options): Promise<void> {
  const revoke = options.revokeLinks === true;
  const system = await openSystem(options);
  const rotated = await system.apply<{ readonly linkKey: number }>({ rotateLinks: { revoke } });
  if (options.json) return printJson(rotated);
  const earlier = revoke ? 'links sent before are dead' : 'links sent before stay good until they run out';
  say(`links in alerts are signed with key ${rotated.linkKey} at ${system.name}; ${earlier}`);
}

function summary(applied: Applied, where: string): string {
  const { added, changed, removed } = applied.feeds;
  const feeds = `feeds: ${added.length} added, ${changed.length} changed, ${removed.length} removed`;
  const watchlist = `watchlist ${applied.version}: ${applied.entities} entities, ${applied.events} events`;
  return applied.applied
    ? `${watchlist}; ${feeds}; live at ${where} within a minute`
    : `would be: ${watchlist}; ${feeds}`;
}
