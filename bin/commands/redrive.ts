import { atMost, type Redriven } from '../../lib/pipeline/digest.ts';
import { mostSentAgain } from '../../lib/pipeline/lost-alerts.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'do undecided or failed work again, now',
  build(command) {
    addSystemOptions(command.option('--json', 'one JSON document'))
      .addHelpText(
        'after',
        '\nWorks from the table: matches that nobody decided, alerts that were claimed and not sent, held alerts that are due.\n' +
          'Sends again what endpoints of readers by https had refused and SNS given up.\n' +
          'Feeds of messages that were given up come due again by themselves. Once nothing is left, the two queues that told\n' +
          'of lost work are emptied, which ends their alarms. Running it twice does nothing twice. Exit code 1: something failed.',
      )
      .action(run);
  },
};

type Answer = Omit<Redriven, 'lostAlerts'> & Partial<Pick<Redriven, 'lostAlerts'>>;

const noLostAlerts: Redriven['lostAlerts'] = { sent: 0, ended: 0, waiting: 0, failed: 0 };

async function run(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  let total: Redriven | null = null;
  let last: Redriven;
  do {
    // A stack that was deployed by an earlier version knows no lost alerts.
    last = { lostAlerts: noLostAlerts, ...(await system.digest<Answer>({ redrive: true })) };
    total = total === null ? last : added(total, last);
  } while (last.decided >= atMost && last.failed === 0);
  if (total.failed + total.lostAlerts.failed > 0) process.exitCode = 1;
  if (options.json) return printJson(total);
  say(
    `${total.decided} matches decided, ${total.redeemed} alerts sent that had been claimed, ${total.told} held ones told at ${system.name}`,
  );
  sayLostAlerts(total.lostAlerts);
  if (total.failed > 0) say(`${total.failed} failed again; the log of the digest function says why`);
  else say('nothing is left undone; the queues that told of lost work are empty');
}

/** Silent where no endpoint had refused anything. */
function sayLostAlerts({ sent, ended, waiting, failed }: Redriven['lostAlerts']): void {
  const seen = sent + ended + waiting + failed;
  if (seen === 0) return;
  say(
    `${sent} alerts sent again to endpoints that had refused them; what they refuse again comes back, and doctor says so`,
  );
  if (ended > 0) say(`${ended} more ended, for their readers have left`);
  if (waiting > 0) say(`${waiting} more wait, for their readers have paused`);
  if (seen >= mostSentAgain) say('there may be more: run wirewatch redrive again');
  if (failed > 0) say(`${failed} more were not sent and stay; the log of the digest function says why`);
}

function added(one: Redriven, other: Redriven): Redriven {
  return {
    decided: one.decided + other.decided,
    redeemed: one.redeemed + other.redeemed,
    told: one.told + other.told,
    closed: one.closed + other.closed,
    failed: other.failed,
    emptied: other.emptied,
    lostAlerts: {
      sent: one.lostAlerts.sent + other.lostAlerts.sent,
      ended: one.lostAlerts.ended + other.lostAlerts.ended,
      waiting: one.lostAlerts.waiting + other.lostAlerts.waiting,
      failed: one.lostAlerts.failed + other.lostAlerts.failed,
    },
  };
}
