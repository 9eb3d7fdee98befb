import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../core/plain-error.ts';
import { createResources } from './create-resources.ts';
import { settleCustomResources } from './custom-resource.ts';
import { startEventSources } from './event-sources.ts';
import { type FunctionPool, functionPool } from './function-pool.ts';
import { startHttpFront } from './http-front.ts';
import { readRoute } from './http-routes.ts';
import { idleWhen } from './idle.ts';
import { writeJson } from './json-file.ts';
import { checkTypes, isCustomResource } from './known-types.ts';
import { startLambdaFront } from './lambda-front.ts';
import { openLiveFiles } from './live-files.ts';
import type { Log } from './local-event.ts';
import { localNames } from './local-names.ts';
import { eventSourcesOf, functionsOf, routesOf, schedulesOf } from './local-resources.ts';
import { type Endpoints, startServices } from './local-services.ts';
import type { OutboxMessage } from './outbox.ts';
import { checkDataDir, lockDataDir } from './preflight.ts';
import { resolver, stackArn } from './resolve.ts';
import { scheduleTicks } from './schedule-ticks.ts';
import { startScheduler } from './scheduler.ts';
import { readTemplate } from './template.ts';
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

const copyEveryMs = 5000;

/** Runs the synthesised template on this machine: see docs/architecture.md, «The local run». */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  checkDataDir(options.dataDir);
  const closers: (() => Promise<void> | void)[] = [];
  try {
    return await start(options, closers);
  } catch (error) {
    await closeAll(closers, options.log);
    throw error;
  }
}

async function start(options: LocalRunOptions, closers: (() => Promise<void> | void)[]): Promise<LocalRun> {
  const { dataDir, log } = options;
  const began = performance.now();
  const step = (message: string) => log({ kind: 'step', message, ms: performance.now() - began });
  const template = readTemplate(options.assemblyDir);
  log({ kind: 'inert', ...checkTypes(template) });

  const lock = lockDataDir(dataDir);
  closers.push(() => lock.release());
  const files = openLiveFiles(dataDir, options.durable === true);
  closers.push(() => files.close());
  if (files.from === 'restored') {
    log({
      kind: 'warning',
      message: `the last run ended without saving; going on from the copy of ${files.copiedAt}: alerts of the seconds after it may come again`,
    });
  }
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

  const pools: FunctionPool[] = [];
  const find = (name: string) => pools.find(({ function: fn }) => [fn.verb, fn.name, fn.arn, fn.id].includes(name));
  const mustFind = (name: string): FunctionPool => {
    const found = find(name);
    if (found === undefined) {
      throw new PlainError(
        `There is no function ${name}; the template has ${pools.map(({ function: fn }) => fn.verb).join(', ')}.`,
      );
    }
    return found;
  };
  const lambda = await startLambdaFront(find);
  closers.push(lambda.close);

  let changed = () => {};
  const endpoints: Endpoints = { ...services.endpoints, AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint };
  const functions = functionsOf(template, { resolve, names, endpoints, overrides: options.environment ?? {} });
  const workerClock = options.clock == null ? null : clock;
  pools.push(...functions.map((fn) => functionPool(fn, workerClock, log, () => changed())));
  closers.push(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
  });

  const sources = eventSourcesOf(template, resolve);
  // Loaded while the custom resource works, so that the first story does not wait for them.
  for (const name of new Set(sources.map(({ functionName }) => functionName))) void mustFind(name).warm();
  const settled = await settleCustomResources(
    [...template.resources.values()].filter(isCustomResource).map((resource) => {
      const properties = resolve(resource.properties) as Readonly<Record<string, unknown>>;
      return {
        id: resource.id,
        type: resource.type,
        properties,
        timeoutMs: Number(properties.ServiceTimeout ?? 3600) * 1000,
        invoke: mustFind(String(properties.ServiceToken)).invoke,
      };
    }),
    { stateFile: files.customResourcesFile, stackId: stackArn(template.stackName), urls: lambda.responseUrls },
  );
  step(settled.length === 0 ? 'nothing to deploy' : settled.join(', '));

  const running = startEventSources(sources, { services, files, find: mustFind, clock, log });
  changed = running.wake;
  closers.push(running.stop);
  const schedules = scheduleTicks(schedulesOf(template, resolve), { find: mustFind, send: services.send, log });
  const routes = routesOf(template, resolve).map(({ key, authorized, functionArn }) =>
    readRoute(key, authorized, mustFind(functionArn)),
  );
  front.serve({ routes, outbox: services.outbox, nowMs, sns: services.sns });

  const outputs = Object.fromEntries(
    Object.entries(template.outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
  );
  const runFile = join(dataDir, 'run.json');
  writeJson(runFile, {
    pid: process.pid,
    url: front.url,
    lambdaEndpoint: lambda.endpoint,
    outputs,
    startedAt: new Date().toISOString(),
  });
  closers.push(() => rmSync(runFile, { force: true }));
  const copying = setInterval(() => {
    files.save().catch((error: unknown) => {
      log({ kind: 'warning', message: `the copy into ${dataDir} failed: ${(error as Error).message}` });
    });
  }, copyEveryMs);
  closers.push(() => clearInterval(copying));
  if (options.ticks !== false) {
    const scheduler = startScheduler(schedules, clock, log);
    closers.push(scheduler.stop);
  }
  step('ready');

  let stopped: Promise<void> | null = null;
  return {
    url: front.url,
    lambdaEndpoint: lambda.endpoint,
    outputs,
    startedNew: files.from === 'new',
    fire: async (name) => {
      const wanted = schedules.filter(({ id, verb }) => name === id || name === verb);
      if (wanted.length === 0) {
        throw new PlainError(
          `There is no schedule ${name}; the template has ${schedules.map(({ verb }) => verb).join(', ')}.`,
        );
      }
      await Promise.all(wanted.map((schedule) => schedule.tick()));
    },
    invoke: async (name, payload) => {
      const invoked = await mustFind(name).invoke(payload);
      if (invoked.kind === 'returned') return invoked.payload;
      throw new Error(`function ${name}: ${invoked.error.errorType}: ${invoked.error.errorMessage}`);
    },
    idle: (timeoutMs) => idleWhen({ pools, sources: running, timeoutMs }),
    onOutbox: services.outbox.listen,
    now: () => new Date(nowMs()),
    stop: () => {
      stopped ??= closeAll(closers, log);
      return stopped;
    },
  };
}

/** Closes what was opened, the last first, and goes on where one of them cannot be closed. */
async function closeAll(closers: (() => Promise<void> | void)[], log: Log): Promise<void> {
  for (const close of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log({ kind: 'error', message: `stopping: ${(error as Error).message}` });
    }
  }
}
