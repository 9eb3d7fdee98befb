import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { type RunningClock, virtualDate } from './virtual-clock.ts';

/** One execution environment of a function: loads the bundle once, then answers one invocation after another. */
export type WorkerStart = {
  readonly file: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Null where the clock is the real one. */
  readonly clock: RunningClock | null;
};

export type WorkerCall = { readonly requestId: string; readonly payload: string; readonly deadlineMs: number };

export type WorkerAnswer =
  | { readonly kind: 'ready'; readonly loadMs: number }
  | { readonly kind: 'failed-to-load'; readonly error: FunctionError }
  | { readonly kind: 'returned'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'threw'; readonly requestId: string; readonly error: FunctionError };

/** As the Lambda service reports it. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

type Handler = (event: unknown, context: unknown) => unknown;

const start = workerData as WorkerStart;
// Before the bundle is loaded: it may keep Date.now for itself.
if (start.clock !== null) globalThis.Date = virtualDate(start.clock);

const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);

try {
  const began = performance.now();
  const bundle = (await import(pathToFileURL(start.file).href)) as Record<string, unknown>;
  const found = bundle[start.handler] ?? (bundle.default as Record<string, unknown> | undefined)?.[start.handler];
  if (typeof found !== 'function') throw new Error(`${start.file} exports no function ${start.handler}`);
  parentPort?.on('message', (call: WorkerCall) => void run(found as Handler, call));
  answer({ kind: 'ready', loadMs: performance.now() - began });
} catch (error) {
  answer({ kind: 'failed-to-load', error: describe(error) });
}

async function run(handler: Handler, { requestId, payload, deadlineMs }: WorkerCall): Promise<void> {
  const endsAt = performance.now() + deadlineMs;
  const context = {
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${start.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  };
  try {
    const returned = await handler(JSON.parse(payload), context);
    answer({ kind: 'returned', requestId, payload: JSON.stringify(returned ?? null) });
  } catch (error) {
    answer({ kind: 'threw', requestId, error: describe(error) });
  }
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: 'string', errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
