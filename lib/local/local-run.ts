import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PlainError } from '../core/plain-error.ts';
import { createResources } from './create-resources.ts';
import { type CustomResource, settleCustomResources } from './custom-resource.ts';
import { startEventSources } from './event-sources.ts';
import type { FunctionPool } from './function-pool.ts';
import { startFunctions } from './functions.ts';
import { startHttpFront } from './http-front.ts';
import { readRoute } from './http-routes.ts';
import { idleWhen } from './idle.ts';
import { writeJson } from './json-file.ts';
import { checkTypes, isCustomResource } from './known-types.ts';
import { startLambdaFront } from './lambda-front.ts';
import { type LiveFiles, openLiveFiles } from './live-files.ts';
import type { Log } from './local-event.ts';
import { localNames } from './local-names.ts';
import { eventSourcesOf, functionsOf, routesOf, schedulesOf } from './local-resources.ts';
import { startServices } from './local-services.ts';
import type { OutboxMessage } from './outbox.ts';
import { checkDataDir, lockDataDir } from './preflight.ts';
import { resolver, stackArn } from './resolve.ts';
import { scheduleTicks } from './schedule-ticks.ts';
import { startScheduler, type Ticking } from './scheduler.ts';
import { readTemplate, type Template } from './template.ts';
import { runClock, type VirtualClock, virtualMs } from './virtual-clock.ts';

export type LocalRunOptions = {
  /** The cloud assembly: the template and the bundles beside it. */
  readonly assemblyDir: string;
  /** Where the copy of the database, the outbox and run.json live. */
  readonly dataDir: string;
  /** Of the page and the HTTP API, on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Writes to the data directory at each step, rather than to memory with a copy every few seconds. */
  readonly durable?: boolean;
  readonly clock?: VirtualClock | null;
  /** Settings that this run overrides, by the function's verb: `{ poll: { ALLOW_HOSTS: '127.0.0.1:4000' } }`. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** False: schedules fire by `fire` alone. */
  readonly ticks?: boolean;
  readonly log: Log;
};

export type LocalRun = {
  readonly url: string;
  /** Lambda's Invoke API, on loopback. */
  readonly lambdaEndpoint: string;
  /** The database, for who measures or tests it. */
  readonly dynamo: DynamoDBClient;
  /** SNS's and SQS's APIs, on loopback: for subscribing queues of one's own to the integration topic. */
  readonly endpoints: { readonly sns: string; readonly sqs: string };
  readonly outputs: Readonly<Record<string, string>>;
  /** False where it goes on in a data directory that was used before. */
  readonly startedNew: boolean;
  /** Calls the functions that this schedule (or the schedule of this function) calls, and waits for them. */
  fire(schedule: string): Promise<void>;
  /** Throws where the function fails. */
  invoke(functionVerbOrName: string, payload: unknown): Promise<unknown>;
  /** Resolves when no message, stream record or invocation is on its way; throws, naming what is, after the time. */
  idle(timeoutMs?: number): Promise<void>;
  onOutbox(listener: (message: OutboxMessage) => void): () => void;
  /** By the run's clock. */
  now(): Date;
  /** Ends everything, Java included. May be called twice. */
  stop(): Promise<void>;
};

/** What is to be closed at the end, the last first. */
type Closers = (() => Promise<void> | void)[];

const copyEveryMs = 5000;

/** Runs the synthesised template on this machine; docs/decisions/0006-local-run.md says how it stands in for AWS. */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  checkDataDir(options.dataDir);
  const closers: Closers = [];
  try {
    return await start(options, closers);
  } catch (error) {
    await closeAll(closers, options.log);
    throw error;
  }
}

async function start(options: LocalRunOptions, closers: Closers): Promise<LocalRun> {
  const { dataDir, log } = options;
  const began = performance.now();
  const step = (message: string) => log({ kind: 'step', message, ms: performance.now() - began });
  const template = readTemplate(options.assemblyDir);
  log({ kind: 'inert', ...checkTypes(template) });

  const files = openDataDir(options, closers);
  const clock = runClock(options.clock ?? null, Date.now());
  const nowMs = () => virtualMs(clock, Date.now());
  const front = await startHttpFront(options.port);
  closers.push(front.close);
  const services = await startServices({ dataDir, files, pageUrl: front.url, nowMs, log });
  closers.push(services.close);
  step('database and queues are up');

  const names = localNames(template, { pageUrl: front.url, queueUrl: services.queues.queueUrl });
  const resolve = resolver(template, names);
  await createResources(template, { resolve, names, services, expires: options.clock == null });

  const functions = startFunctions(log);
  closers.push(functions.close);
  const lambda = await startLambdaFront(functions.find);
  closers.push(lambda.close);
  const endpoints = { ...services.endpoints, AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint };
  functions.add(
    functionsOf(template, { resolve, names, endpoints, overrides: options.environment ?? {} }),
    options.clock == null ? null : clock,
  );

  const sources = eventSourcesOf(template, resolve);
  // Loaded while the custom resource works, so that the first story does not wait for them.
  for (const name of new Set(sources.map(({ functionName }) => functionName))) void functions.get(name).warm();
  const customResources = customResourcesOf(template, resolve, functions.get);
  const settled = await settleCustomResources(customResources, {
    stateFile: files.customResourcesFile,
    stackId: stackArn(template.stackName),
    urls: lambda.responseUrls,
  });
  // Compiling a watchlist takes more memory than all the rest, and is done until the next deploy.
  for (const { cool } of customResources) await cool();
  step(settled.length === 0 ? 'nothing to deploy' : settled.join(', '));

  const reading = startEventSources(sources, { services, files, find: functions.get, clock, log });
  functions.onChange(reading.wake);
  closers.push(reading.stop);
  const routes = routesOf(template, resolve).map(({ key, authorized, functionArn }) =>
    readRoute(key, authorized, functions.get(functionArn)),
  );
  front.serve({ routes, outbox: services.outbox, nowMs, sns: services.sns });
  const outputs = outputsOf(template, resolve);
  const where = {
    url: front.url,
    lambdaEndpoint: lambda.endpoint,
    endpoints: { sns: services.sns.endpoint, sqs: services.queues.endpoint },
    outputs,
  };
  announce(dataDir, where, closers);
  keepCopying(files, options, closers);
  const schedules = scheduleTicks(schedulesOf(template, resolve), { find: functions.get, send: services.send, log });
  if (options.ticks !== false) closers.push(startScheduler(schedules, clock, log).stop);
  step('ready');

  let stopped: Promise<void> | null = null;
  return {
    ...where,
    dynamo: services.dynamo,
    startedNew: files.from === 'new',
    fire: (name) => fire(schedules, name),
    invoke: async (name, payload) => {
      const invoked = await functions.get(name).invoke(payload);
      if (invoked.kind === 'returned') return invoked.payload;
      throw new Error(`function ${name}: ${invoked.error.errorType}: ${invoked.error.errorMessage}`);
    },
    idle: (timeoutMs) => idleWhen({ pools: functions.all, sources: reading, timeoutMs }),
    onOutbox: services.outbox.listen,
    now: () => new Date(nowMs()),
    stop: () => {
      stopped ??= closeAll(closers, log);
      return stopped;
    },
  };
}

/** Locks the data directory and opens its live files, and says where they come from when that is not plain. */
function openDataDir({ dataDir, durable, log }: LocalRunOptions, closers: Closers): LiveFiles {
  const lock = lockDataDir(dataDir);
  closers.push(lock.release);
  const files = openLiveFiles(dataDir, durable === true);
  closers.push(files.close);
  if (files.from === 'restored') {
    log({
      kind: 'warning',
      message: `the last run ended without saving; going on from the copy of ${files.copiedAt}: alerts of the seconds after it may come again`,
    });
  }
  return files;
}

function customResourcesOf(
  template: Template,
  resolve: (value: unknown) => unknown,
  get: (name: string) => FunctionPool,
): readonly (CustomResource & Pick<FunctionPool, 'cool'>)[] {
  return [...template.resources.values()].filter(isCustomResource).map(({ id, type, properties: unresolved }) => {
    const properties = resolve(unresolved) as Readonly<Record<string, unknown>>;
    const timeoutMs = Number(properties.ServiceTimeout ?? 3600) * 1000;
    const { invoke, cool } = get(String(properties.ServiceToken));
    return { id, type, properties, timeoutMs, invoke, cool };
  });
}

function outputsOf(template: Template, resolve: (value: unknown) => unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(template.outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
  );
}

/** Writes run.json, by which the commands find this run. */
function announce(
  dataDir: string,
  about: Pick<LocalRun, 'url' | 'lambdaEndpoint' | 'endpoints' | 'outputs'>,
  closers: Closers,
): void {
  const file = join(dataDir, 'run.json');
  writeJson(file, { pid: process.pid, ...about, startedAt: new Date().toISOString() });
  closers.push(() => rmSync(file, { force: true }));
}

function keepCopying(files: LiveFiles, { dataDir, log }: LocalRunOptions, closers: Closers): void {
  const timer = setInterval(() => {
    files.save().catch((error: unknown) => {
      log({ kind: 'warning', message: `the copy into ${dataDir} failed: ${(error as Error).message}` });
    });
  }, copyEveryMs);
  closers.push(() => clearInterval(timer));
}

async function fire(schedules: readonly Ticking[], name: string): Promise<void> {
  const wanted = schedules.filter(({ id, verb }) => name === id || name === verb);
  if (wanted.length === 0) {
    throw new PlainError(
      `There is no schedule ${name}; the template has ${schedules.map(({ verb }) => verb).join(', ')}.`,
    );
  }
  await Promise.all(wanted.map((schedule) => schedule.tick()));
}

/** Closes what was opened, the last first, and goes on where one of them cannot be closed. */
async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (const close of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log({ kind: 'error', message: `stopping: ${(error as Error).message}` });
    }
  }
}
