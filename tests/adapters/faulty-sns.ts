import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What SNS does with one request to publish; `kill` ends the process that asked. */
export type Treatment =
  | 'answer'
  | 'answer late'
  | 'refuse'
  | 'throttle'
  | 'cut before accepting'
  | 'cut the answer'
  | 'kill before accepting'
  | 'kill in the answer'
  | 'kill after the answer';

/** A message that SNS took, whether or not the publisher heard of it. */
export type Acceptance = {
  readonly topicArn: string;
  /** `storyline state` of each alert in it. */
  readonly alerts: readonly string[];
  /** The number of the process that published it. */
  readonly run: number;
  /** The answer was cut on the way to a publisher that lived on. */
  readonly cut: boolean;
};

export type FaultySns = {
  readonly endpoint: string;
  readonly accepted: readonly Acceptance[];
  readonly counts: ReadonlyMap<Treatment, number>;
  close(): Promise<void>;
};

const xmlns = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
const answer = `<PublishResponse ${xmlns}><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`;
const error = (type: string, code: string) =>
  `<ErrorResponse ${xmlns}><Error><Type>${type}</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`;

/**
 * As much of SNS as publishing needs (the query protocol over HTTP), with the faults that `treat` chooses. `publisher`
 * is the process at work; each signs with `run` and its number, so that what a dead one left in a socket stays its own.
 */
export async function startFaultySns(
  treat: () => Treatment,
  publisher: () => { readonly run: number; readonly isDying: boolean; kill(): void },
): Promise<FaultySns> {
  const accepted: Acceptance[] = [];
  const counts = new Map<Treatment, number>();

  async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const run = Number(/Credential=run(\d+)\//.exec(request.headers.authorization ?? '')?.[1]);
    const accept = (cut = false) => {
      accepted.push({ topicArn: form.get('TopicArn') ?? '', alerts: alertsIn(form), run, cut });
    };
    const process = publisher();
    // On its way when its process died.
    if (process.isDying || process.run !== run) return accept();
    const treatment = treat();
    counts.set(treatment, (counts.get(treatment) ?? 0) + 1);
    const send = (status: number, body: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    switch (treatment) {
      case 'refuse':
        return void send(500, error('Receiver', 'InternalError'));
      case 'throttle':
        return void send(400, error('Sender', 'Throttling'));
      case 'cut before accepting':
        return void request.socket.destroy();
      case 'cut the answer':
        accept(true);
        return halfOf(response, () => request.socket.destroy());
      case 'kill before accepting':
        return process.kill();
      case 'kill in the answer':
        accept();
        return halfOf(response, process.kill);
      case 'kill after the answer':
        accept();
        response.on('finish', process.kill);
        return void send(200, answer);
      case 'answer late':
        accept();
        await sleep(150);
        return void send(200, answer);
      case 'answer':
        accept();
        return void send(200, answer);
    }
  }

  const server = createServer((request, response) => {
    // A process that was killed leaves its requests half sent.
    publish(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    counts,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function halfOf(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { 'content-type': 'text/xml', 'content-length': answer.length });
  response.write(answer.slice(0, answer.length / 2), then);
}

/** The integration topic's body names its alert; a reader's message carries the names in the attribute `alerts`. */
function alertsIn(form: URLSearchParams): readonly string[] {
  const [name] = [...form].find(([key, value]) => key.endsWith('.Name') && value === 'alerts') ?? [];
  if (name !== undefined) return JSON.parse(form.get(name.replace(/Name$/, 'Value.StringValue')) ?? '') as string[];
  const { storyline, state } = JSON.parse(form.get('Message') ?? '') as { storyline: string; state: string };
  return [`${storyline} ${state}`];
}
