import { gzipSync } from 'node:zlib';
import { problemLine } from '../../lib/core/problem.ts';
import { decodeWatchlist, encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import type { Applied } from '../../lib/pipeline/apply.ts';
import type { TopicsRenewed } from '../../lib/pipeline/renew-topics.ts';
import { type Replayed, replay, warmUpHours } from '../../lib/pipeline/replay.ts';
import { differenceLine } from '../../lib/pipeline/watchlist-difference.ts';
import type { CommandFile } from '../command-file.ts';
import { readConfig } from '../config-folder.ts';
import { printJson, say } from '../output.ts';
import { printReplayed } from '../replayed-lines.ts';
import { storedPages } from '../stored-pages.ts';
import { addSystemOptions, openSystem, type System, type SystemOptions } from '../system.ts';
import { compiledOfFolder } from '../watchlist-folder.ts';

const hourMs = 3_600_000;

type Options = SystemOptions & {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly rollback?: string | true;
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
        .option(
          '--rollback [version]',
          'make the watchlist before the live one live again, or the one named; feeds stay',
        )
        .option('--rotate-links', 'apply no config; sign links in alerts with a new key, those sent stay good')
        .option('--revoke-links', 'the same, and links already sent stop working')
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nA config with an error is refused whole and the live version stays. Live within a minute.\n' +
          'A dry run names the entries and feeds that differ, and forecasts from the last day of stored stories.',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  if (options.rollback !== undefined) return rollBack(options, options.rollback === true ? null : options.rollback);
  if (options.rotateLinks === true || options.revokeLinks === true) return rotateLinks(options);
  const config = readConfig(options.config);
  const pack = (file: { name: string; text: string }) => ({
    name: file.name,
    gzip: gzipSync(file.text).toString('base64'),
  });
  const system = await openSystem(options);
  const applied = await system.apply<Applied & { readonly topics?: TopicsRenewed | null }>({
    feeds: pack(config.feeds),
    watchlist: pack(config.watchlist),
    dryRun: options.dryRun === true,
  });
  const refused = applied.problems.some(({ severity }) => severity === 'error');
  if (refused) process.exitCode = 1;
  const forecast = refused || options.dryRun !== true ? null : await forecastOf(options.config, system);
  if (options.json) return printJson(forecast === null ? applied : { ...applied, forecast });
  for (const problem of applied.problems) say(problemLine(problem));
  if (refused) return say(`refused; what is live at ${system.name} stays`);
  say(summary(applied, system.name));
  // A stack that was deployed by an earlier version says nothing of them.
  if (applied.topics) sayTopics(applied.topics);
  if (options.dryRun !== true) return;
  say(`feeds: ${differenceLine(applied.feeds)}`);
  say(`watchlist: ${applied.watchlist === null ? 'what is live is not known' : differenceLine(applied.watchlist)}`);
  if (forecast === null) return;
  say('of the stories first seen in the last 24 hours:');
  printReplayed(forecast);
}

/** What the watchlist would have made of the last day's stories. */
async function forecastOf(config: string, system: System): Promise<Replayed> {
  // By way of the bytes that apply would store, so that nothing differs from the live system.
  const watchlist = decodeWatchlist(encodeWatchlist(compiledOfFolder(config)));
  const now = Date.now();
  const since = new Date(now - 24 * hourMs).toISOString();
  const from = new Date(Date.parse(since) - warmUpHours(watchlist) * hourMs).toISOString();
  return replay(storedPages(system, from, new Date(now).toISOString()), watchlist, since);
}

async function rollBack(options: Options, to: string | null): Promise<void> {
  const system = await openSystem(options);
  const applied = await system.apply<Applied>({ rollback: { to, dryRun: options.dryRun === true } });
  const refused = applied.problems.some(({ severity }) => severity === 'error');
  if (refused) process.exitCode = 1;
  if (options.json) return printJson(applied);
  for (const problem of applied.problems) say(problemLine(problem));
  if (refused) return say(`refused: version ${to ?? 'before'} is no valid watchlist for this code; what is live stays`);
  const does = applied.applied ? `is live again at ${system.name} within a minute` : 'would be live again';
  say(`watchlist ${applied.version} ${does}; feeds stay as they are`);
  if (applied.watchlist !== null) say(`watchlist: ${differenceLine(applied.watchlist)}`);
}

async function rotateLinks(options: Options): Promise<void> {
  const revoke = options.revokeLinks === true;
  const system = await openSystem(options);
  const rotated = await system.apply<{ readonly linkKey: number }>({ rotateLinks: { revoke } });
  if (options.json) return printJson(rotated);
  const earlier = revoke ? 'links sent before are dead' : 'links sent before stay good until they run out';
  say(`links in alerts are signed with key ${rotated.linkKey} at ${system.name}; ${earlier}`);
}

/** Silent where there was nothing to do. */
function sayTopics({ renewed, failed, left }: TopicsRenewed): void {
  if (renewed + failed + left === 0) return;
  const more = failed + left === 0 ? '' : `, ${failed} failed, ${left} left; wirewatch apply goes on with these`;
  say(`readers' topics: ${renewed} encrypted by the stack's key${more}`);
}

function summary(applied: Applied, where: string): string {
  const { added, changed, removed } = applied.feeds;
  const feeds = `feeds: ${added.length} added, ${changed.length} changed, ${removed.length} removed`;
  const watchlist = `watchlist ${applied.version}: ${applied.entities} entities, ${applied.events} events`;
  return applied.applied
    ? `${watchlist}; ${feeds}; live at ${where} within a minute`
    : `would be: ${watchlist}; ${feeds}`;
}
