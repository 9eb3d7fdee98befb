import { Command, CommanderError } from 'commander';
import { PlainError } from '../lib/core/plain-error.ts';
import type { CommandFile } from './command-file.ts';

/** Every command, in the order in which help lists them. Only the one that is called is loaded. */
const commands: readonly (readonly [string, string, () => Promise<{ command: CommandFile }>])[] = [
  ['start', 'run the whole system on this machine', () => import('./commands/start.ts')],
  ['demo', 'the same, over a bundled newsroom: no network, no account', () => import('./commands/demo.ts')],
  ['check', 'check feeds.yaml and watchlist.yaml', () => import('./commands/check.ts')],
  ['apply', 'make the config in a folder the live one', () => import('./commands/apply.ts')],
  ['feed', 'poll or read one feed, or a folder of files', () => import('./commands/feed.ts')],
  ['feeds', 'list the feeds and how they are', () => import('./commands/feeds.ts')],
  ['match', 'match stories from JSON lines', () => import('./commands/match.ts')],
  [
    'storylines',
    'group stories from JSON lines: one storyline for one development',
    () => import('./commands/storylines.ts'),
  ],
  ['eval', 'score the matcher against labelled stories', () => import('./commands/eval.ts')],
  ['train', 'learn from labelled stories what clauses weigh', () => import('./commands/train.ts')],
  ['matches', 'stored matches, newest first', () => import('./commands/matches.ts')],
  ['storyline', "one storyline's stories, outlets and alerts", () => import('./commands/storyline.ts')],
  ['explain', 'why a story matched, word by word, and what nearly did', () => import('./commands/explain.ts')],
  ['replay', 'what a changed watchlist would have matched', () => import('./commands/replay.ts')],
  ['subscribe', 'tell somebody by e-mail, SMS or HTTPS', () => import('./commands/subscribe.ts')],
  ['subscribers', 'who is told what; change, pause, mute', () => import('./commands/subscribers.ts')],
  ['confirm', 'confirm a subscription by its link', () => import('./commands/confirm.ts')],
  ['unsubscribe', 'stop telling somebody', () => import('./commands/unsubscribe.ts')],
  ['stats', 'polls, matches, alerts, time-to-alert', () => import('./commands/stats.ts')],
  ['doctor', 'what is wrong, and the remedy', () => import('./commands/doctor.ts')],
  ['cost', 'what it costs, from its own counters', () => import('./commands/cost.ts')],
  ['redrive', 'do undecided or failed work again, now', () => import('./commands/redrive.ts')],
  ['mcp', 'read-only tools for language models', () => import('./commands/mcp.ts')],
];

const program = new Command('wirewatch')
  .description('Watches news feeds for the entities and events you track, and tells you once per development.')
  .exitOverride()
  .showHelpAfterError('(add --help for what it takes)')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', '\nStart with: wirewatch demo\nHelp on one command: wirewatch help COMMAND');

const wanted = process.argv.slice(2).filter((word) => word !== 'help' && !word.startsWith('-'))[0];
for (const [name, describe, load] of commands) {
  const command = program.command(name).description(describe).exitOverride().showHelpAfterError();
  if (name === wanted) (await load()).command.build(command);
}

// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // commander has printed its own message: help and version end well, anything else is wrong usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof PlainError) {
    console.error(`wirewatch: ${error.message}`);
    return error.exitCode;
  }
  console.error(error);
  return 1;
}
