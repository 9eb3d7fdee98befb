import { createHash, randomUUID } from 'node:crypto';
import { PlainError } from '../core/plain-error.ts';
import type { Invoked } from './function-pool.ts';
import { readJsonOr, writeJson } from './json-file.ts';

export type CustomResource = {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  invoke(event: unknown): Promise<Invoked>;
};

/** Loopback addresses to which a function puts the outcome, as CloudFormation's signed links are. */
export type ResponseUrls = { open(): { readonly url: string; readonly answered: Promise<unknown> } };

type Done = { readonly physicalId: string; readonly properties: Readonly<Record<string, unknown>> };

type Answer = {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
};

/**
 * Creates or updates custom resources as a deploy of this template would: `stateFile` remembers what the last start in
 * this data directory did, so what has not changed is left alone. Throws with the function's own reason when one fails.
 */
export async function settleCustomResources(
  resources: readonly CustomResource[],
  { stateFile, stackId, urls }: { readonly stateFile: string; readonly stackId: string; readonly urls: ResponseUrls },
): Promise<readonly string[]> {
  const done = readJsonOr<Record<string, Done>>(stateFile, {});
  const settled: string[] = [];
  for (const resource of resources) {
    const before = done[resource.id];
    if (before !== undefined && fingerprint(before.properties) === fingerprint(resource.properties)) continue;
    const answer = await ask(resource, before, stackId, urls);
    if (answer.Status !== 'SUCCESS') throw new PlainError(answer.Reason ?? `${resource.id} failed without a reason`);
    done[resource.id] = {
      physicalId: answer.PhysicalResourceId ?? before?.physicalId ?? resource.id,
      properties: resource.properties,
    };
    writeJson(stateFile, done);
    settled.push(`${before === undefined ? 'created' : 'updated'} ${resource.id}`);
  }
  return settled;
}

async function ask(
  resource: CustomResource,
  before: Done | undefined,
  stackId: string,
  urls: ResponseUrls,
): Promise<Answer> {
  const { url, answered } = urls.open();
  const invoked = resource.invoke({
    RequestType: before === undefined ? 'Create' : 'Update',
    ResponseURL: url,
    StackId: stackId,
    RequestId: randomUUID(),
    ResourceType: resource.type,
    LogicalResourceId: resource.id,
    ServiceToken: resource.properties.ServiceToken,
    // CloudFormation hands every value over as text.
    ResourceProperties: asTexts(resource.properties),
    ...(before === undefined
      ? {}
      : { PhysicalResourceId: before.physicalId, OldResourceProperties: asTexts(before.properties) }),
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Answer>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({ Status: 'FAILED', Reason: `${resource.id} did not answer within ${resource.timeoutMs / 1000} s` }),
      resource.timeoutMs,
    );
  });
  const silent = invoked.then(async (outcome): Promise<Answer> => {
    if (outcome.kind === 'failed') {
      return { Status: 'FAILED', Reason: `${resource.id}: ${outcome.error.errorType}: ${outcome.error.errorMessage}` };
    }
    return (await answered) as Answer;
  });
  try {
    return await Promise.race([answered as Promise<Answer>, silent, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function fingerprint(properties: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(properties)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asTexts(each)]));
}
