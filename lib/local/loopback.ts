import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portError } from './preflight.ts';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Of a URL's host name. */
export function isLoopbackName(name: string): boolean {
  return loopbackNames.includes(name.toLowerCase());
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export function listenOnLoopback(
  server: Server,
  port: number,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/**
 * Answers 403 where the request comes from somewhere else: a web page of another origin that the user has open, or a
 * name that was made to point at this machine. Both reach loopback, and there is no password here.
 */
export function refusesStrangers(request: IncomingMessage, response: ServerResponse): boolean {
  const port = request.socket.localPort;
  const own = loopbackNames.map((name) => `${name}:${port}`);
  const { host = '', origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const stranger =
    !own.includes(host.toLowerCase()) ||
    (origin !== undefined && !own.includes(origin.toLowerCase().replace('http://', ''))) ||
    (request.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none');
  if (stranger) {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('This address answers only to http://127.0.0.1 and http://localhost.\n');
  }
  return stranger;
}

const longestBody = 12 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBody) throw new Error(`the request is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
