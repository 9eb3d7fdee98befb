/** What one function used of AWS, as far as it sees it itself. All are sums, so that two of them add up. */
export type Usage = {
  readonly invocations: number;
  /** Wall time inside the handler, each invocation rounded up to a millisecond as Lambda bills it. */
  readonly ms: number;
  /** Of these, in which the function computed rather than waited. */
  readonly busyMs: number;
  /** The same wall time times the function's memory. */
  readonly mbMs: number;
  readonly readUnits: number;
  /** Of single writes, those to the index included. */
  readonly writeUnits: number;
  /** Write units of transactions as the table reports them: AWS doubles them, DynamoDB Local does not. */
  readonly transactedUnits: number;
  readonly sqsRequests: number;
  readonly snsRequests: number;
  readonly s3Reads: number;
  readonly s3Writes: number;
  /** Messages to readers that SNS accepted, each of one alert or of many, by channel. */
  readonly emails: number;
  readonly sms: number;
  readonly posts: number;
  /** Messages to the topic for programs. */
  readonly programs: number;
  /** Requests that had to be asked again: mostly, because there were too many. */
  readonly retried: number;
};

export const noUsage: Usage = {
  invocations: 0,
  ms: 0,
  busyMs: 0,
  mbMs: 0,
  readUnits: 0,
  writeUnits: 0,
  transactedUnits: 0,
  sqsRequests: 0,
  snsRequests: 0,
  s3Reads: 0,
  s3Writes: 0,
  emails: 0,
  sms: 0,
  posts: 0,
  programs: 0,
  retried: 0,
};

export type UsageField = keyof Usage;

export const usageFields = Object.keys(noUsage) as readonly UsageField[];

export function addUsage(one: Usage, other: Partial<Usage>): Usage {
  return mapUsage((field) => one[field] + (other[field] ?? 0));
}

/** What was used between two readings. */
export function usageSince(before: Usage, after: Usage): Usage {
  return mapUsage((field) => after[field] - before[field]);
}

function mapUsage(value: (field: UsageField) => number): Usage {
  return Object.fromEntries(usageFields.map((field) => [field, value(field)])) as Usage;
}
