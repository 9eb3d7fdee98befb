import { type CostLine, idleReceivesADay, line, pipelineLines, scaled, total } from '../../lib/core/cost/month.ts';
import { pricesOf } from '../../lib/core/cost/prices.ts';
import { addUsage, noUsage, type Usage } from '../../lib/core/cost/usage.ts';
import type { FunctionUsage } from '../../lib/pipeline/ports/control-store.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & { readonly month?: string; readonly json?: boolean };

type Answer = { readonly month: string; readonly at: string; readonly functions: readonly FunctionUsage[] };

const dayMs = 86_400_000;

export const command: CommandFile = {
  describe: 'what it costs, from its own counters',
  build(command) {
    addSystemOptions(
      command.option('--month <yyyy-mm>', 'another month than the current one').option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nEach function counts its time and its requests, and adds them to the table every quarter of an hour. Prices are those of\n' +
          'us-east-1, free tiers ignored. Not priced: what the table stores, SMS (by country), logs, alarms and keys; docs/cost.md\n' +
          'has them. Of a local system it says what the same would cost on AWS.',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const system = await openSystem(options);
  const query = options.month === undefined ? '' : `?month=${encodeURIComponent(options.month)}`;
  const { month, functions } = await system.api<Answer>('GET', `/api/usage${query}`);
  if (functions.length === 0)
    return say(`nothing was counted in ${month} yet: functions add up every quarter of an hour`);
  const days = daysCounted(functions);
  const lines = linesOf(functions, days, system.isLocal);
  const month30 = scaled(lines, 30 / days);
  if (options.json)
    return printJson({
      month,
      days,
      prices: pricesOf,
      usd: total(lines),
      usdA30DayMonth: total(month30),
      lines,
      functions,
    });
  say(`${month} at ${system.name}: ${days.toFixed(2)} days counted, list prices of us-east-1 as known in ${pricesOf}`);
  const { emails, sms, posts, programs } = messagesOf(functions);
  say(`messages that SNS accepted: ${emails} e-mails, ${sms} SMS, ${posts} by https, ${programs} to programs`);
  printTable(
    ['service', 'what', 'so far', 'in 30 days'],
    [
      ...lines.map((one, index) => [one.service, one.what, dollars(one.usd), dollars(month30[index]?.usd ?? 0)]),
      ['', 'all', dollars(total(lines)), dollars(total(month30))],
    ],
  );
}

/** From the first to the last adding; at least a quarter of an hour, which is what one adding stands for. */
function daysCounted(functions: readonly FunctionUsage[]): number {
  const since = Math.min(...functions.map(({ since }) => Date.parse(since)));
  const until = Math.max(...functions.map(({ until }) => Date.parse(until)));
  return Math.max(until - since, 15 * 60_000) / dayMs;
}

function linesOf(functions: readonly FunctionUsage[], days: number, isLocal: boolean): readonly CostLine[] {
  const invocations = (name: string) => functions.find((one) => one.name === name)?.used.invocations ?? 0;
  return [
    ...pipelineLines(
      functions,
      {
        queueMessages: invocations('poll'),
        schedulerCalls: invocations('schedule') + invocations('digest'),
      },
      { wholeCore: isLocal, transactionsDoubled: !isLocal },
    ),
    line('SQS', 'looking into an empty queue', idleReceivesADay * days, 'sqsRequest'),
    line('SNS', 'e-mails', messagesOf(functions).emails, 'emailDelivery'),
    line('SNS', 'posts by https', messagesOf(functions).posts, 'httpsDelivery'),
  ];
}

/** Among all else that was counted, the messages by channel. */
function messagesOf(functions: readonly FunctionUsage[]): Usage {
  return functions.map(({ used }) => used).reduce(addUsage, noUsage);
}

function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}
