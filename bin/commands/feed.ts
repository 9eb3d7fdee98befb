import { type Command, InvalidArgumentError } from 'commander';
import { plainLine } from '../../lib/core/alert/plain-text.ts';
import { PlainError } from '../../lib/core/plain-error.ts';
import type { CommandFile } from '../command-file.ts';
import { feedBatch } from '../feed-batch.ts';
import { type PolledFeed, pollOnce } from '../feed-poll.ts';
import { printJson, printTable, say, shortTime, styled } from '../output.ts';

type FeedOptions = {
  readonly json?: boolean;
  readonly state?: string;
  readonly now?: Date;
  readonly allowHost: readonly string[];
  readonly batch?: string;
};

export const command: CommandFile = {
  describe: 'poll or read one feed, or a folder of files',
  build(command: Command) {
    command
      .argument('[feed]', 'address (http, https) or file of a feed')
      .option('--json', 'one JSON document')
      .option('--state <dir>', 'keep validators and what was seen in this folder, between polls')
      .option('--now <time>', 'set the clock, in ISO 8601', readTime)
      .option('--allow-host <host:port>', 'fetch from this host though it is not public; may be repeated', addHost, [])
      .option('--batch <dir>', 'read every file below a folder; one JSON line each')
      .addHelpText('after', examples)
      .action(run);
  },
};

const examples = `
Examples:
  wirewatch feed https://example.org/rss
  wirewatch feed https://example.org/rss --json --state /tmp/polls
  wirewatch feed saved.xml
  wirewatch feed --batch folder > read.jsonl
Exit code: 0 read or not modified, 1 the feed could not be had or read, 2 wrong usage.`;

async function run(source: string | undefined, options: FeedOptions): Promise<void> {
  const now = options.now ?? new Date();
  if (options.batch !== undefined) {
    if (source !== undefined) throw new PlainError(`either --batch or a feed, not both: "${source}"`, 2);
    return feedBatch(options.batch, now);
  }
  if (source === undefined) throw new PlainError('which feed? give its address, a file, or --batch DIR', 2);
  const polled = await pollOnce({ source, stateFolder: options.state ?? null, allowHosts: options.allowHost, now });
  if (options.json) printJson(polled);
  else show(polled);
  if ('error' in polled) process.exitCode = 1;
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d\d/.test(text)) {
    throw new InvalidArgumentError('write a time such as 2026-11-24T12:00:00Z.');
  }
  return time;
}

function addHost(host: string, before: readonly string[]): readonly string[] {
  if (!/^(\[[0-9a-f:.]+\]|[^:\s/]+):\d{1,5}$/i.test(host)) {
    throw new InvalidArgumentError('write the host and port as they stand in the address, such as 127.0.0.1:8080.');
  }
  return [...before, host];
}

const mostShown = 40;

function show(polled: PolledFeed): void {
  if ('error' in polled) {
    say(styled('red', plainLine(`${polled.error.kind}: ${polled.error.message}`), process.stderr));
  } else {
    const { feed, items } = polled;
    const about = [feed?.format, feed?.language, feed?.link].filter(Boolean).join(', ');
    say(
      `${styled('bold', plainLine(feed?.title || polled.url), process.stderr)}${about === '' ? '' : ` (${plainLine(about)})`}`,
    );
    // A screenful for people; all of it for programs, which read a pipe.
    const shown = process.stdout.isTTY ? items.slice(0, mostShown) : items;
    printTable(
      ['', 'published', 'title'],
      shown.map((item) => [item.new ? 'new' : '', shortTime(item.published ?? item.updated), item.title]),
    );
    if (shown.length < items.length) say(`… and ${items.length - shown.length} more; --json shows all`);
    say(polled.notModified ? 'not modified since the last poll' : `${items.length} items, ${polled.new} new`);
    const cuts = polled.cuts.map(({ what, count }) => `left out: ${what} (${count})`);
    for (const note of [...cuts, ...polled.warnings]) say(`note: ${plainLine(note)}`);
  }
  say(`next poll: ${polled.nextPollAt === null ? 'never' : shortTime(polled.nextPollAt)} (${polled.why})`);
}
