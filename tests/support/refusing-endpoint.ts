import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Endpoint = {
  readonly url: string;
  /** What was posted, oldest first. */
  readonly posted: { readonly type: string | undefined; readonly body: string }[];
  /** The status of the answers from now on. */
  answer(status: number): void;
  close(): void;
};

/** A reader's HTTPS endpoint on loopback. */
export async function startEndpoint(status: number): Promise<Endpoint> {
  const posted: Endpoint['posted'] = [];
  let answers = status;
  const server = createServer(selfSigned(), async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    posted.push({ type: request.headers['x-amz-sns-message-type'] as string | undefined, body });
    response.writeHead(answers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    posted,
    answer: (next) => {
      answers = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A certificate of this process alone, by the few lines of DER that X.509 version 1 needs (RFC 5280, section 4.1). */
function selfSigned(): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')));
  const name = der(0x30, der(0x31, commonName));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = der(0x30, der(0x02, Buffer.from([1])), ecdsaWithSha256, name, validity, name, spki);
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const cert = der(0x30, body, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}
