import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../core/plain-error.ts';
import type { EventPattern } from './event-pattern.ts';
import { parseEventPattern } from './event-pattern.ts';
import type { LocalFunction } from './function-pool.ts';
import { type LocalNames, verbOf } from './local-names.ts';
import { rateMs } from './schedule-rate.ts';
import { type Resource, resourcesOf, type Template } from './template.ts';

/** The resources of the template as the local run needs them: everything resolved, every number a number. */

type Resolve = (value: unknown) => unknown;
type Properties = Readonly<Record<string, unknown>>;

export type EventSource = {
  readonly id: string;
  readonly sourceArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly reportsFailures: boolean;
  readonly maxConcurrency: number;
  readonly patterns: readonly EventPattern[];
  readonly bisects: boolean;
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  /** The queue's or topic's ARN. */
  readonly onFailure: string | null;
};

export type Schedule = {
  readonly id: string;
  readonly functionArn: string;
  readonly everyMs: number;
  readonly input: unknown;
  readonly maxRetries: number;
  readonly deadLetterArn: string | null;
};

export type ApiRoute = { readonly key: string; readonly authorized: boolean; readonly functionArn: string };

// What an event source gets on Lambda where the template says nothing.
const unlimitedQueueReaders = 5;

type FunctionContext = {
  readonly resolve: Resolve;
  readonly names: LocalNames;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export function functionsOf(template: Template, context: FunctionContext): readonly LocalFunction[] {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map((resource) =>
    readFunction(template, resource, context),
  );
  const unknown = Object.keys(context.overrides).find(
    (name) => !functions.some((each) => name === each.verb || name === each.name || name === each.id),
  );
  if (unknown !== undefined) throw new PlainError(`The template has no function ${unknown} to give settings to.`);
  return functions;
}

function readFunction(
  template: Template,
  resource: Resource,
  { resolve, names, endpoints, overrides }: FunctionContext,
): LocalFunction {
  const properties = resolve(resource.properties) as Properties;
  const code = properties.Code as { S3Key: string };
  const dir = template.assets.get(code.S3Key);
  if (dir === undefined) throw new PlainError(`The bundle of ${resource.id} is not in the assembly; synthesise again.`);
  const [module, handler] = String(properties.Handler).split('.') as [string, string];
  const file = ['mjs', 'js', 'cjs'].map((ending) => join(dir, `${module}.${ending}`)).find(existsSync);
  if (file === undefined)
    throw new PlainError(`The bundle of ${resource.id} has no ${module}.mjs or .js; synthesise again.`);
  const runtime = String(properties.Runtime);
  if (!runtime.startsWith('nodejs'))
    throw new PlainError(`The local run does not know the runtime ${runtime} (${resource.id}).`);

  const verb = verbOf(resource);
  const name = names.functionName(resource.id);
  const memoryMb = Number(properties.MemorySize ?? 128);
  const variables = (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  const overridden = { ...overrides[resource.id], ...overrides[name], ...overrides[verb] };
  return {
    id: resource.id,
    verb,
    name,
    arn: names.attribute(resource.id, 'Arn'),
    file,
    handler,
    timeoutMs: Number(properties.Timeout ?? 3) * 1000,
    memoryMb,
    maxConcurrency: Number(properties.ReservedConcurrentExecutions ?? 100),
    environment: {
      ...endpoints,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      _HANDLER: String(properties.Handler),
      LAMBDA_TASK_ROOT: dir,
      LANG: 'en_US.UTF-8',
      ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
      ...overridden,
    },
  };
}

export function eventSourcesOf(template: Template, resolve: Resolve): readonly EventSource[] {
  return resourcesOf(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties: unresolved }) => {
    const properties = resolve(unresolved) as Properties;
    if (properties.Enabled === false) return [];
    const sourceArn = String(properties.EventSourceArn);
    const windowMs = Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1000;
    if (!sourceArn.includes(':sqs:') && !sourceArn.includes('/stream/')) {
      throw new PlainError(`The local run does not know the event source ${sourceArn} (${id}).`);
    }
    if (sourceArn.includes('/stream/') && windowMs > 0) {
      throw new PlainError(`The local run does not know MaximumBatchingWindowInSeconds of a stream (${id}).`);
    }
    const filters = (properties.FilterCriteria as { Filters?: { Pattern: string }[] } | undefined)?.Filters ?? [];
    if (filters.length > 0 && sourceArn.includes(':sqs:')) {
      throw new PlainError(`The local run does not know FilterCriteria of a queue (${id}).`);
    }
    return {
      id,
      sourceArn,
      functionName: String(properties.FunctionName),
      batchSize: Number(properties.BatchSize ?? (sourceArn.includes(':sqs:') ? 10 : 100)),
      windowMs,
      reportsFailures: ((properties.FunctionResponseTypes ?? []) as string[]).includes('ReportBatchItemFailures'),
      maxConcurrency: Number(
        (properties.ScalingConfig as { MaximumConcurrency?: number } | undefined)?.MaximumConcurrency ??
          unlimitedQueueReaders,
      ),
      patterns: filters.map(({ Pattern }) => parseEventPattern(Pattern)),
      bisects: properties.BisectBatchOnFunctionError === true,
      maxRetries: Number(properties.MaximumRetryAttempts ?? -1),
      maxAgeMs: Math.max(0, Number(properties.MaximumRecordAgeInSeconds ?? -1)) * 1000,
      onFailure:
        (properties.DestinationConfig as { OnFailure?: { Destination?: string } } | undefined)?.OnFailure
          ?.Destination ?? null,
    };
  });
}

export function schedulesOf(template: Template, resolve: Resolve): readonly Schedule[] {
  return resourcesOf(template, 'AWS::Scheduler::Schedule').flatMap(({ id, properties: unresolved }) => {
    const properties = resolve(unresolved) as Properties;
    if (properties.State === 'DISABLED') return [];
    const mode = (properties.FlexibleTimeWindow as { Mode?: string }).Mode;
    if (mode !== 'OFF') throw new PlainError(`The local run does not know the flexible time window ${mode} (${id}).`);
    const target = properties.Target as {
      Arn: string;
      Input?: string;
      RetryPolicy?: { MaximumRetryAttempts?: number };
      DeadLetterConfig?: { Arn?: string };
    };
    return {
      id,
      functionArn: target.Arn,
      everyMs: rateMs(String(properties.ScheduleExpression)),
      input: target.Input === undefined ? {} : JSON.parse(target.Input),
      maxRetries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
      deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
    };
  });
}

export function routesOf(template: Template, resolve: Resolve): readonly ApiRoute[] {
  const apis = resourcesOf(template, 'AWS::ApiGatewayV2::Api');
  if (apis.length > 1) throw new PlainError(`The local run knows one HTTP API, and the template has ${apis.length}.`);
  for (const { id, properties } of apis) {
    if (properties.ProtocolType !== 'HTTP') throw new PlainError(`The local run knows HTTP APIs alone (${id}).`);
  }
  return resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(({ id, properties: unresolved }) => {
    const properties = resolve(unresolved) as Properties;
    const integration = template.resources.get(String(properties.Target).replace('integrations/', ''));
    const { IntegrationType, IntegrationUri, PayloadFormatVersion } = resolve(
      integration?.properties ?? {},
    ) as Properties;
    if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
      throw new PlainError(`The local run knows AWS_PROXY with payload format 2.0 alone (route ${id}).`);
    }
    return {
      key: String(properties.RouteKey),
      authorized: (properties.AuthorizationType ?? 'NONE') !== 'NONE',
      functionArn: String(IntegrationUri),
    };
  });
}
