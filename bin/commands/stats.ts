import type { Percentiles, Stats } from '../../lib/pipeline/stats.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, styled } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'polls, matches, alerts, time-to-alert',
  build(command) {
    addSystemOptions(command.option('--json', 'one JSON document'))
      .addHelpText('after', '\nCounts are of the current day in UTC. Time-to-alert ends when SNS accepts the alert.')
      .action(run);
  },
};

async function run(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const stats = await system.api<Stats>('GET', '/api/stats');
  if (options.json) return printJson(stats);
  const { polls, timeToAlert } = stats;
  const lines: readonly (readonly [string, string])[] = [
    ['day', `${stats.day} (UTC) at ${system.name}`],
    [
      'polls',
      `${polls.all}, of these ${polls.unchanged} unchanged, ${polls.failed} failed; ${polls.dropped} dropped as stale`,
    ],
    ['stories', String(stats.stories)],
    ['matches', String(stats.matches)],
    ['alerts', `${stats.alerts.sent} accepted by SNS, ${stats.alerts.waiting} waiting`],
    ['from first sight to alert', percentiles(timeToAlert.fromSeen)],
    ['from publication to alert', percentiles(timeToAlert.fromPublished)],
  ];
  for (const [name, value] of lines) process.stdout.write(`${styled('bold', name.padEnd(26))} ${value}\n`);
}

function percentiles(found: Percentiles | null): string {
  return found === null ? 'no alert yet' : `p50 ${found.p50.toFixed(2)} s, p95 ${found.p95.toFixed(2)} s`;
}
