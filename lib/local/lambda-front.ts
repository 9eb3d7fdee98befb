import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ResponseUrls } from './custom-resource.ts';
import type { FunctionPool } from './function-pool.ts';
import { listenOnLoopback, readBody, refusesStrangers } from './loopback.ts';

export type LambdaFront = { readonly endpoint: string; readonly responseUrls: ResponseUrls; close(): Promise<void> };

const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const response = /^\/custom-resource\/([^/]+)$/;

/**
 * Lambda's Invoke, for the commands and the functions, and the addresses that custom resources answer to. `find` gives
 * the function of a name or ARN.
 */
export async function startLambdaFront(find: (name: string) => FunctionPool | undefined): Promise<LambdaFront> {
  const awaited = new Map<string, (answer: unknown) => void>();

  const serve = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] as string;
    const name = invocation.exec(path)?.[1];
    if (request.method === 'POST' && name !== undefined) {
      return invoke(find(decodeURIComponent(name)), request, reply, decodeURIComponent(name));
    }
    const id = response.exec(path)?.[1];
    if (request.method === 'PUT' && id !== undefined) {
      awaited.get(id)?.(parsed(await readBody(request)));
      awaited.delete(id);
      reply.writeHead(200).end();
      return;
    }
    fault(reply, 404, 'UnknownOperationException', `${request.method} ${path}`);
  };

  const server = createServer((request, reply) => {
    if (refusesStrangers(request, reply)) return;
    serve(request, reply).catch((error: unknown) => fault(reply, 500, 'ServiceException', (error as Error).message));
  });
  const { url, close } = await listenOnLoopback(server, 0);
  return {
    endpoint: url,
    responseUrls: {
      open: () => {
        const id = randomUUID();
        const { promise: answered, resolve } = Promise.withResolvers<unknown>();
        awaited.set(id, resolve);
        return { url: `${url}/custom-resource/${id}`, answered };
      },
    },
    close,
  };
}

async function invoke(
  pool: FunctionPool | undefined,
  request: IncomingMessage,
  reply: ServerResponse,
  name: string,
): Promise<void> {
  if (pool === undefined) return fault(reply, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
  const body = await readBody(request);
  const payload = body.length === 0 ? {} : parsed(body);
  if (payload === undefined) return fault(reply, 400, 'InvalidRequestContentException', 'the payload is not JSON');
  const way = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const common = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
  if (way === 'DryRun') return void reply.writeHead(204, common).end();
  if (way === 'Event') {
    void invokeLater(pool, payload);
    return void reply.writeHead(202, common).end();
  }
  const invoked = await pool.invoke(payload);
  const version = { 'x-amz-executed-version': '$LATEST' };
  if (invoked.kind === 'returned') {
    reply.writeHead(200, { ...common, ...version }).end(JSON.stringify(invoked.payload));
  } else {
    reply
      .writeHead(200, { ...common, ...version, 'x-amz-function-error': 'Unhandled' })
      .end(JSON.stringify(invoked.error));
  }
}

/** An asynchronous invocation is tried again twice, as Lambda does unless told otherwise. */
async function invokeLater(pool: FunctionPool, payload: unknown): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if ((await pool.invoke(payload)).kind === 'returned') return;
  }
}

function fault(reply: ServerResponse, status: number, type: string, message: string): void {
  if (reply.headersSent) return void reply.end();
  reply.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  reply.end(JSON.stringify({ Type: status < 500 ? 'User' : 'Server', Message: message, message }));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
