import type { Outbox } from './outbox.ts';
import type { Posting } from './sns-https.ts';
import { SnsRefusal } from './sns-rules.ts';
import type { SnsState } from './sns-state.ts';

export type Parameters = ReadonlyMap<string, string>;

/** Answers one action of SNS's API with XML, or throws an SnsRefusal. */
export type SnsActions = Readonly<Record<string, (parameters: Parameters) => Promise<string> | string>>;

/** What the actions share. */
export type SnsContext = {
  readonly state: SnsState;
  readonly outbox: Outbox;
  /** Where the page answers; a confirmation's link leads there. */
  readonly pageUrl: string;
  readonly nowMs: () => number;
  readonly posting: Posting;
  /** fauxqs's answer to the same request: it carries messages to queues. */
  toQueues(parameters: Parameters): Promise<string>;
};

/** The topic's ARN, or the refusal that SNS answers where there is no such topic. */
export function existingTopic(state: SnsState, arn: string | undefined): string {
  if (arn === undefined || !state.topics().has(arn)) throw new SnsRefusal('NotFound', 'Topic does not exist', 404);
  return arn;
}

/** The run's time in ISO 8601. */
export function timeOf(context: SnsContext): string {
  return new Date(context.nowMs()).toISOString();
}
