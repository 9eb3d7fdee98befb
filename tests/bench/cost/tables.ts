import { idleReceivesADay, total } from '../../../lib/core/cost/month.ts';
import { prices } from '../../../lib/core/cost/prices.ts';
import type { BenchTable } from '../table.ts';
import { type Bill, billOf, type Standing } from './bill.ts';
import type { Measured } from './simulated-day.ts';

const usd = (amount: number) => `$${amount.toFixed(amount < 0.1 ? 3 : 2)}`;

/** What happened in the measured stretch, a day of it. */
export function countTable(measured: readonly Measured[]): BenchTable {
  const rows: readonly (readonly [string, (one: Measured) => number])[] = [
    ['polls', ({ polls }) => polls],
    ['of these unchanged', ({ unchanged }) => unchanged],
    ['batches', ({ batches }) => batches],
    ['messages to poll', ({ functions }) => functions.find(({ name }) => name === 'poll')?.used.invocations ?? 0],
    ['new stories', ({ stories }) => stories],
    ['matches', ({ matches }) => matches],
    ['e-mails', ({ emails }) => emails],
    ['log lines', ({ logLines }) => logLines],
  ];
  return {
    title: 'A day of what was measured',
    rows: rows.map(([what, pick]) => ({
      'a day': what,
      ...Object.fromEntries(
        measured.map((one) => [
          `${one.feeds} feeds (${one.hours} h measured)`,
          Math.round((pick(one) / one.hours) * 24).toLocaleString('en'),
        ]),
      ),
    })),
  };
}

export function billTable(bills: readonly Bill[]): BenchTable {
  const head = ({ feeds, isExtrapolated }: Bill) => `${feeds} feeds${isExtrapolated ? ' (extrapolated)' : ''}`;
  const keys = (bills[0]?.pipeline ?? []).map(({ service, what }) => ({ service, what }));
  const row = (service: string, what: string, cell: (bill: Bill) => number) => ({
    service,
    what,
    ...Object.fromEntries(bills.map((bill) => [head(bill), usd(cell(bill))])),
  });
  const find = (lines: Bill['pipeline'], service: string, what: string) =>
    lines.filter((one) => one.service === service && one.what === what).reduce((sum, one) => sum + one.usd, 0);
  return {
    title: 'A month',
    rows: [
      ...keys.map(({ service, what }) => row(service, what, ({ pipeline }) => find(pipeline, service, what))),
      row('**pipeline**', '', ({ pipeline }) => total(pipeline)),
      ...(bills[0]?.readers ?? []).map(({ service, what }) =>
        row(service, what, ({ readers }) => find(readers, service, what)),
      ),
      ...(bills[0]?.operations ?? []).map(({ service, what }) =>
        row(service, what, ({ operations }) => find(operations, service, what)),
      ),
      row('**operations**', '', ({ operations }) => total(operations)),
    ],
  };
}

/** What a month would cost more without each choice, by the counts that were measured with it. */
export function savingTable(measured: Measured, standing: Standing): BenchTable {
  const { polls, unchanged, batches, feeds, hours } = measured;
  const month = (30 * 24) / hours;
  const used = measured.functions.find(({ name }) => name === 'poll')?.used;
  const messages = used?.invocations ?? 0;
  const pipeline = total(billOf(measured, standing).pipeline);
  const pollLambda = billOf(measured, standing).pipeline.find(({ what }) => what === 'poll')?.usd ?? 0;
  const aMessage = 3 * prices.sqsRequest.usd + prices.lambdaRequest.usd;
  // The shard's row is a unit; claimed and settled.
  const aBatch = 2 * prices.writeUnit.usd + prices.readUnit.usd;
  const aPoll = batches === 0 ? 0 : (pollLambda / month + messages * aMessage + batches * aBatch) / polls;
  const everyFive = (feeds * 12 * hours - polls) * aPoll;
  const { tableBytes, indexBytes, bytesIfAllAsLong } = measured.kept;
  const longer = ((bytesIfAllAsLong - tableBytes - indexBytes) / 1e9) * (prices.tableGb.usd + prices.tableBackupGb.usd);
  const rows: readonly (readonly [string, number])[] = [
    ['each poll a message and a batch of its own', (polls - messages) * aMessage + (polls - batches) * aBatch],
    ['state written after each poll, two units', unchanged * 2 * prices.writeUnit.usd],
    ['every feed each five minutes, whatever its rhythm', Math.max(0, everyFive)],
    ['poll with 1,024 MB', pollLambda / month],
    ['what matched nothing kept as long as what matched', longer / month],
    [
      'a bound on concurrency, and so five readers of the queue',
      (idleReceivesADay * 1.5 * 30 * prices.sqsRequest.usd) / month,
    ],
  ];
  return {
    title: `What is saved at ${feeds} feeds, of a pipeline of ${usd(pipeline)}`,
    rows: rows.map(([without, more]) => ({ without, 'more a month': usd(more * month) })),
  };
}
