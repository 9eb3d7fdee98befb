import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

export type Loopback = {
  /** `127.0.0.1:PORT`, as `allowHosts` wants it. */
  readonly host: string;
  readonly port: number;
  readonly url: (path: string) => string;
  /** What arrived, in order. */
  readonly requests: readonly IncomingMessage[];
  /** Connections ever made, open now, and the most open at once. */
  readonly connections: () => { made: number; open: number; most: number };
  close(): Promise<void>;
};

/** A real HTTP server on loopback that remembers what it received. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  return listen(server, requests);
}

/** A TCP server for answers that no HTTP library would send. */
export async function serveRaw(answer: (socket: Socket) => void): Promise<Loopback> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  return listen(server, []);
}

async function listen(server: ReturnType<typeof createTcpServer>, requests: IncomingMessage[]): Promise<Loopback> {
  const open = new Set<Socket>();
  const counts = { made: 0, most: 0 };
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    counts.made++;
    counts.most = Math.max(counts.most, open.size);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    connections: () => ({ ...counts, open: open.size }),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
