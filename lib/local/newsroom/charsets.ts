import type { Charset } from './day.ts';

/**
 * Writes text in an older charset. Node only decodes these, so the table is the decoder's, turned round. What the charset
 * lacks becomes a character reference, which XML allows wherever there is text.
 */
export function encodeXml(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = charset === 'gb18030' ? doubleBytes(charset) : singleBytes(charset);
  const encoded: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) encoded.push(code);
    else encoded.push(...(bytes.get(character) ?? Buffer.from(`&#x${code.toString(16)};`, 'latin1')));
  }
  return Buffer.from(encoded);
}

function singleBytes(charset: Charset): ReadonlyMap<string, readonly number[]> {
  return turnedRound(
    charset,
    range(0x80, 0xff).map((byte) => [byte]),
  );
}

function doubleBytes(charset: Charset): ReadonlyMap<string, readonly number[]> {
  const trails = [...range(0x40, 0x7e), ...range(0x80, 0xfe)];
  return turnedRound(
    charset,
    range(0x81, 0xfe).flatMap((lead) => trails.map((trail) => [lead, trail])),
  );
}

function turnedRound(
  charset: Charset,
  sequences: readonly (readonly number[])[],
): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, readonly number[]>();
  for (const bytes of sequences) {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes);
  }
  return table;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
