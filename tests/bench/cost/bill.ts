import { type CostLine, idleReceivesADay, line, pipelineLines, scaled } from '../../../lib/core/cost/month.ts';
import type { Measured } from './simulated-day.ts';

/** What the stack holds, counted in its synthesised template. */
export type Standing = {
  readonly alarms: number;
  readonly metrics: number;
  readonly keys: number;
  readonly dashboards: number;
};

export type Bill = {
  readonly feeds: number;
  readonly isExtrapolated: boolean;
  readonly pipeline: readonly CostLine[];
  /** Grows with readers and what they follow. */
  readonly readers: readonly CostLine[];
  readonly operations: readonly CostLine[];
};

const daysOfMonth = 30;

const gb = 1e9;

/** A month at list prices from a measured stretch. */
export function billOf(measured: Measured, standing: Standing): Bill {
  const month = (daysOfMonth * 24) / measured.hours;
  const queueMessages = measured.functions.find(({ name }) => name === 'poll')?.used.invocations ?? 0;
  const asked = pipelineLines(
    measured.functions,
    { queueMessages, schedulerCalls: measured.ticks },
    { wholeCore: true, transactionsDoubled: false },
  );
  const { tableBytes, indexBytes } = measured.kept;
  return {
    feeds: measured.feeds,
    isExtrapolated: false,
    pipeline: [
      ...scaled(asked, month),
      line('SQS', 'looking into an empty queue', idleReceivesADay * daysOfMonth, 'sqsRequest'),
      line('DynamoDB', 'rows, until each ends', (tableBytes + indexBytes) / gb, 'tableGb'),
      // Of the table alone: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
      line('DynamoDB', 'their backup', tableBytes / gb, 'tableBackupGb'),
      line('Transfer', 'requests to publishers', (measured.sentBytes * month) / gb, 'outGb'),
    ],
    readers: [line('SNS', 'e-mails to two readers who follow everything', measured.emails * month, 'emailDelivery')],
    operations: [
      line('KMS', 'keys', standing.keys, 'key'),
      line('CloudWatch', 'alarms', standing.alarms, 'alarm'),
      line('CloudWatch', 'metrics of our own', standing.metrics, 'metric'),
      line('CloudWatch', 'dashboards', standing.dashboards, 'dashboard'),
      // Of what Lambda logs by itself the functions are set to leave out all but failures.
      line('CloudWatch', 'logs', (measured.logBytes * month) / gb, 'logGb'),
    ],
  };
}

/** Along the straight line through two measured bills. */
export function extrapolated(less: Bill, more: Bill, feeds: number): Bill {
  const reach = (feeds - more.feeds) / (more.feeds - less.feeds);
  const along = (pick: (bill: Bill) => readonly CostLine[]) =>
    pick(more).map((one, index) => {
      const before = pick(less)[index] ?? one;
      const grown = (field: 'count' | 'usd') => Math.max(0, one[field] + (one[field] - before[field]) * reach);
      return { ...one, count: grown('count'), usd: grown('usd') };
    });
  return {
    feeds,
    isExtrapolated: true,
    pipeline: along(({ pipeline }) => pipeline),
    readers: along(({ readers }) => readers),
    operations: along(({ operations }) => operations),
  };
}
