import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';

/** CloudFormation refuses an answer of more than 4,096 bytes; the reason, as JSON, keeps clear of it. */
const mostReasonBytes = 3_000;

/**
 * Does a custom resource's work and always answers, since a deploy without an answer hangs for an hour. The physical id
 * stays the same for good: a new one would have CloudFormation delete the old.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  work: () => Promise<Record<string, string>>,
): Promise<void> {
  const common = {
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : `${event.LogicalResourceId}-config`,
  };
  let answer: CloudFormationCustomResourceResponse;
  try {
    answer = { Status: 'SUCCESS', ...common, Data: await work() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answer = { Status: 'FAILED', ...common, Reason: cutReason(reason) };
  }
  const body = JSON.stringify(answer);
  const response = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: ${response.status}`);
}

function cutReason(reason: string): string {
  let cut = reason;
  while (Buffer.byteLength(JSON.stringify(cut)) > mostReasonBytes) cut = cut.slice(0, Math.floor(cut.length * 0.9));
  return cut.toWellFormed();
}
