import type { PollMessage } from '../pipeline/schedule.ts';

/** Reads what an SQS message of the poll queue carries: batches, or the one that each message was before they shared. */
export function readPollMessage(body: string): readonly PollMessage[] {
  const read = JSON.parse(body) as unknown;
  const batches = Array.isArray(read) ? read : [read];
  if (batches.length > 0 && batches.every(isBatch)) return batches;
  throw new Error(`not a message for poll: ${body.slice(0, 200)}`);
}

function isBatch(value: unknown): value is PollMessage {
  const { shard, tick, feeds } = (value ?? {}) as Record<string, unknown>;
  const isText = (text: unknown) => typeof text === 'string';
  return isText(shard) && isText(tick) && Array.isArray(feeds) && feeds.every(isText);
}
