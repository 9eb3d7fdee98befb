import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

export type UnpackedBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'broken'; readonly message: string };

/** Packed twice happens by mistake; more often is an attack. */
const mostLayers = 2;

/** Gathers a body and stops at the limit, so that an endless one costs no more than a large one. Throws what it throws. */
export async function gather(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    // Leaving the loop destroys the stream and with it the connection.
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * Undoes Content-Encoding, each layer at most `maxBytes` long: what is asked of zlib is bounded, not what it gives.
 * A body that was announced as packed and is plain, or the other way round, is read as what it is.
 */
export async function unpack(
  body: Uint8Array,
  contentEncoding: string | null,
  maxBytes: number,
): Promise<UnpackedBody> {
  const encodings = layers(contentEncoding ?? '');
  if (encodings.length > mostLayers) return { kind: 'broken', message: `packed too often: ${contentEncoding}` };
  let bytes = body;
  for (const encoding of encodings.reverse()) {
    const next = await unpackLayer(bytes, encoding, maxBytes);
    if (next.kind !== 'bytes') return next;
    bytes = next.bytes;
  }
  // A .xml.gz handed out as a file.
  return isGzip(bytes) ? unpackLayer(bytes, 'gzip', maxBytes) : { kind: 'bytes', bytes };
}

function layers(contentEncoding: string): string[] {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity' && encoding !== 'none');
}

const unpackers: Readonly<Record<string, (bytes: Uint8Array, limit: { maxOutputLength: number }) => Promise<Buffer>>> =
  {
    gzip: promisify(gunzip),
    'x-gzip': promisify(gunzip),
    br: promisify(brotliDecompress),
    // Half the servers send what the RFC calls deflate (a zlib header), half leave the header out.
    deflate: (bytes, limit) => (hasZlibHeader(bytes) ? promisify(inflate) : promisify(inflateRaw))(bytes, limit),
  };

async function unpackLayer(bytes: Uint8Array, encoding: string, maxBytes: number): Promise<UnpackedBody> {
  const unpacker = unpackers[encoding];
  if (unpacker === undefined) return { kind: 'broken', message: `packed as "${encoding}", which was not asked for` };
  if (bytes.byteLength === 0) return { kind: 'bytes', bytes };
  try {
    return { kind: 'bytes', bytes: await unpacker(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too-large' };
    if (isPlain(bytes)) return { kind: 'bytes', bytes };
    return { kind: 'broken', message: `cannot unpack ${encoding}: ${message}` };
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

/** `<` or `{`, after white space and a byte order mark. */
function isPlain(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1').replace(/^ï»¿/, '').trimStart();
  return start.startsWith('<') || start.startsWith('{');
}
