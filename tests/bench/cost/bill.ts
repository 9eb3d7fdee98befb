import { type CostLine, idleReceivesADay, line, pipelineLines, scaled } from '../../../lib/core/cost/month.ts';
import type { Measured } from './simulated-day.ts';

/** What the stack holds, counted in its synthesised template. */
export type Standing = {
  readonly alarms: number;
  readonly metrics: number;
  readonly keys: number;
  readonly dashboards: number;
  readonly retentionDays: number;
};

export type Bill = {
  readonly feeds: number;
  readonly isExtrapolated: boolean;
  readonly pipeline: readonly CostLine[];
  readonly operations: readonly CostLine[];
};

const daysOfMonth = 30;

/** A month at list prices from a measured stretch. `times` multiplies what grows with the feeds: beyond 1 it is no measurement any more. */
export function billOf(measured: Measured, standing: Standing, times = 1): Bill {
  const month = (daysOfMonth * 24) / measured.hours;
  // What asks for itself at its own clock does not grow with the feeds.
  const clocked = new Set(['schedule', 'digest']);
  const grown = measured.functions.map(({ name, used }) => ({
    name,
    used: Object.fromEntries(
      Object.entries(used).map(([field, value]) => [
        field,
        field === 'invocations' && clocked.has(name) ? value : value * times,
      ]),
    ) as typeof used,
  }));
  const polled = measured.functions.find(({ name }) => name === 'poll')?.used.invocations ?? 0;
  const asked = pipelineLines(
    grown,
    { queueMessages: polled * times, schedulerCalls: measured.ticks },
    { wholeCore: true, transactionsDoubled: false },
  );
  const gb = 1e9;
  const kept = ((measured.storedBytes / measured.hours) * 24 * standing.retentionDays * times) / gb;
  return {
    feeds: measured.feeds * times,
    isExtrapolated: times !== 1,
    pipeline: [
      ...scaled(asked, month),
      line('SQS', 'looking into an empty queue', idleReceivesADay * daysOfMonth, 'sqsRequest'),
      line('SNS', 'e-mails', measured.emails * times * month, 'emailDelivery'),
      line('DynamoDB', `rows of ${standing.retentionDays} days`, kept, 'tableGb'),
      line('DynamoDB', 'their backup', kept, 'tableBackupGb'),
      line('Transfer', 'requests to publishers', (measured.sentBytes * times * month) / gb, 'outGb'),
    ],
    operations: [
      line('KMS', 'keys', standing.keys, 'key'),
      line('CloudWatch', 'alarms', standing.alarms, 'alarm'),
      line('CloudWatch', 'metrics of our own', standing.metrics, 'metric'),
      line('CloudWatch', 'dashboards', standing.dashboards, 'dashboard'),
      line('CloudWatch', 'logs', (measured.logBytes * times * month) / gb, 'logGb'),
    ],
  };
}
