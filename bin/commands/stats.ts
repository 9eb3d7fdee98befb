import type { Series } from '../../lib/pipeline/series-queries.ts';
import type { AlertsByChannel, Percentiles, Stats, Times } from '../../lib/pipeline/stats.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, styled, terminal } from '../output.ts';
import { sparkline } from '../sparkline.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'polls, matches, alerts, time-to-alert',
  build(command) {
    addSystemOptions(command.option('--json', 'one JSON document'))
      .addHelpText(
        'after',
        '\nCounts are of the current day in UTC. Time-to-alert ends when SNS accepts an alert to a reader; messages to the topic\nfor programs are counted apart.',
      )
      .action(run);
  },
};

async function run(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const stats = await system.api<Stats>('GET', '/api/stats');
  if (options.json) return printJson(stats);
  const { buckets } = await system.api<Series>('GET', '/api/series?since=23h');
  printCounts(stats, system.name, buckets);
  printTimes(stats);
}

function printCounts(
  { day, watchlist, polls, feedsFailing, stories, matches, known, alerts }: Stats,
  name: string,
  buckets: Series['buckets'],
): void {
  const hours = buckets.map((bucket) => bucket.stories);
  const lines: readonly (readonly [string, string])[] = [
    ['day', `${day} (UTC) at ${name}`],
    ['watchlist', watchlist === null ? 'none' : `${watchlist.version}, live since ${watchlist.applied.slice(0, 16)}Z`],
    [
      'polls',
      `${polls.all}, of these ${polls.unchanged} unchanged, ${polls.failed} failed; ${polls.dropped} dropped as stale`,
    ],
    ['feeds failing', failingLine(feedsFailing)],
    ['stories', `${stories} new, ${known} known`],
    ['matches', String(matches)],
    [
      'matches an hour, last 24 h',
      terminal() === null ? hours.join(' ') : `${sparkline(hours)} (at most ${Math.max(...hours)})`,
    ],
    ['alerts to readers', `${alerts.sent} accepted by SNS, ${alerts.waiting} waiting`],
    ['of these by', channelLine(alerts.byChannel)],
    ['messages for programs', String(alerts.integration)],
  ];
  for (const [label, value] of lines) process.stdout.write(`${styled('bold', label.padEnd(26))} ${value}\n`);
}

/** A system of an earlier version does not say it. */
function failingLine(failing: Stats['feedsFailing'] | undefined): string {
  if (!failing) return 'not counted yet; digest counts once an hour';
  const percent = (100 * failing.share).toFixed(1);
  return `${failing.count}, ${percent} % of those polled, at each try; counted ${failing.at.slice(0, 16)}Z`;
}

function channelLine({ email, sms, https, left }: AlertsByChannel): string {
  const gone = left === 0 ? '' : `, ${left} to subscribers who have left`;
  return `${email} e-mail, ${sms} SMS, ${https} https${gone}`;
}

function printTimes({ timeToAlert }: Stats): void {
  if (timeToAlert.fromSeen === null) return void process.stdout.write('\nno alert to a reader yet\n');
  const row = (label: string, { fromSeen, fromPublished }: Times) => [
    label,
    String(fromSeen?.count ?? 0),
    ...[fromSeen, fromPublished].flatMap((found) => [seconds(found, 'p50'), seconds(found, 'p95')]),
  ];
  process.stdout.write(`\n${styled('bold', 'time-to-alert, in seconds')}\n`);
  printTable(
    ['feeds', 'alerts', 'seen p50', 'p95', 'published p50', 'p95'],
    [...timeToAlert.byTier.map((times) => row(`tier ${times.tier}`, times)), row('all', timeToAlert)],
  );
  process.stdout.write(`\n${styled('bold', 'the slowest')}\n`);
  printTable(
    ['seconds', 'tier', 'subscriber', 'story', 'storyline'],
    timeToAlert.slowest.map((slow) => [
      slow.seconds.toFixed(2),
      String(slow.tier),
      slow.subscriber,
      slow.story,
      slow.storyline,
    ]),
  );
}

function seconds(found: Percentiles | null, which: 'p50' | 'p95'): string {
  return found === null ? '–' : found[which].toFixed(2);
}
