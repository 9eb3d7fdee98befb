import { type PriceName, prices } from './prices.ts';
import type { Usage } from './usage.ts';

/** One line of a reckoned month: so many of something at a price. */
export type CostLine = {
  readonly service: string;
  readonly what: string;
  readonly count: number;
  readonly price: PriceName;
  readonly usd: number;
};

export type UsedBy = { readonly name: string; readonly used: Usage };

/** What the functions do not see themselves. */
export type Beside = {
  /** Messages that went through the poll queue: each is received and deleted by Lambda in poll's name. */
  readonly queueMessages: number;
  readonly schedulerCalls: number;
};

/**
 * Lambda's readers of a quiet queue, each asking anew after twenty seconds of nothing. They begin as five and become two while
 * little comes, unless the event source has a bound on concurrency:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const readersOfAQuietQueue = 2;
export const idleReceivesADay = readersOfAQuietQueue * 3 * 60 * 24;

/** At this memory a function has one whole core, at less its share of one: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbOfACore = 1_769;

/**
 * Prices what functions used. With `wholeCore` the milliseconds were measured where a function had a whole core: computing
 * takes longer on its share of one, waiting does not.
 */
export function pipelineLines(
  functions: readonly UsedBy[],
  beside: Beside,
  measured: { readonly wholeCore: boolean; readonly transactionsDoubled: boolean },
): readonly CostLine[] {
  const sum = (pick: (used: Usage) => number) => functions.reduce((total, { used }) => total + pick(used), 0);
  const transacted = sum(({ transactedUnits }) => transactedUnits) * (measured.transactionsDoubled ? 1 : 2);
  return [
    ...functions.map(({ name, used }) => line('Lambda', name, gbSeconds(used, measured.wholeCore), 'lambdaGbSecond')),
    line(
      'Lambda',
      'invocations',
      sum(({ invocations }) => invocations),
      'lambdaRequest',
    ),
    line(
      'DynamoDB',
      'writes',
      sum(({ writeUnits }) => writeUnits),
      'writeUnit',
    ),
    line('DynamoDB', 'writes in transactions', transacted, 'writeUnit'),
    line(
      'DynamoDB',
      'reads',
      sum(({ readUnits }) => readUnits),
      'readUnit',
    ),
    line(
      'SQS',
      'messages sent, received, deleted',
      sum(({ sqsRequests }) => sqsRequests) + 2 * beside.queueMessages,
      'sqsRequest',
    ),
    line(
      'SNS',
      'requests',
      sum(({ snsRequests }) => snsRequests),
      'snsRequest',
    ),
    line(
      'S3',
      'reads',
      sum(({ s3Reads }) => s3Reads),
      's3Read',
    ),
    line('Scheduler', 'ticks', beside.schedulerCalls, 'schedulerCall'),
  ];
}

export function line(service: string, what: string, count: number, price: PriceName): CostLine {
  return { service, what, count, price, usd: count * prices[price].usd };
}

function gbSeconds({ mbMs, ms, busyMs }: Usage, wholeCore: boolean): number {
  if (ms === 0) return 0;
  const memoryMb = mbMs / ms;
  const slower = wholeCore ? Math.max(1, mbOfACore / memoryMb) : 1;
  const billedMs = Math.max(0, ms - busyMs) + Math.min(ms, busyMs) * slower;
  return (billedMs / 1_000) * (memoryMb / 1_024);
}

/** The same lines for another stretch of time. */
export function scaled(lines: readonly CostLine[], factor: number): readonly CostLine[] {
  return lines.map((one) => ({ ...one, count: one.count * factor, usd: one.usd * factor }));
}

export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}
