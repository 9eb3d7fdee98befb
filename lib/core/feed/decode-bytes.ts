import { decodeCodePage } from './code-pages.ts';

/** How the bytes of a feed became text. */
export type Decoded = {
  readonly text: string;
  /** WHATWG name of the charset that was used. */
  readonly charset: string;
  /** Bytes that fit no charset tried and stand as U+FFFD. */
  readonly replaced: number;
};

/**
 * Reads bytes as text, in this order: byte order mark, the zero pattern of UTF-16 and UTF-32, the charset of HTTP, the
 * XML declaration, UTF-8 if the bytes are that, else windows-1252 (RFC 7303 section 3, XML 1.0 appendix F, and what
 * browsers do with bytes that contradict their label). Never throws.
 */
export function decodeBytes(bytes: Uint8Array, contentType: string | null): Decoded {
  const marked = byMark(bytes) ?? byZeroPattern(bytes);
  if (marked !== null) return marked;
  const fromHttp = charsetOf(contentType);
  const inDeclaration = declaredCharset(bytes);
  for (const label of [fromHttp, inDeclaration]) {
    if (label === null) continue;
    const decoded = byLabel(bytes, label);
    if (decoded !== null) return decoded;
  }
  return utf8OrWestern(bytes);
}

/** The charset parameter of a Content-Type header, lower case. */
export function charsetOf(contentType: string | null): string | null {
  const at = contentType?.toLowerCase().indexOf('charset') ?? -1;
  if (contentType === null || at === -1) return null;
  const found = /^charset\s{0,9}=\s{0,9}["']?([\w.:()+-]{1,40})/i.exec(contentType.slice(at, at + 80));
  return found?.[1]?.toLowerCase() ?? null;
}

/** The encoding an XML declaration names; it may stand behind junk, but within the first kilobyte. */
function declaredCharset(bytes: Uint8Array): string | null {
  const start = latin1(bytes.subarray(0, 1024));
  const at = start.indexOf('<?xml');
  if (at === -1) return null;
  const end = start.indexOf('>', at);
  const declaration = start.slice(at, end === -1 ? at + 200 : end);
  const found = /encoding\s{0,9}=\s{0,9}["']\s{0,9}([\w.:()+-]{1,40})/i.exec(declaration);
  return found?.[1]?.toLowerCase() ?? null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function byMark(bytes: Uint8Array): Decoded | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return utf8OrWestern(bytes.subarray(3), true);
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return utf32(bytes.subarray(4), true);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32(bytes.subarray(4), false);
  if (a === 0xff && b === 0xfe) return utf16(bytes.subarray(2), 'utf-16le');
  if (a === 0xfe && b === 0xff) return utf16(bytes.subarray(2), 'utf-16be');
  return null;
}

/** A document starts with `<`, `{` or white space, so zeros around its first character give the width away. */
function byZeroPattern(bytes: Uint8Array): Decoded | null {
  if (bytes.length < 4) return null;
  const zeros = [0, 1, 2, 3].map((index) => (bytes[index] === 0 ? '0' : 'x')).join('');
  if (zeros === '000x') return utf32(bytes, false);
  if (zeros === 'x000') return utf32(bytes, true);
  if (zeros === '0x0x') return utf16(bytes, 'utf-16be');
  if (zeros === 'x0x0') return utf16(bytes, 'utf-16le');
  return null;
}

function utf16(bytes: Uint8Array, charset: 'utf-16le' | 'utf-16be'): Decoded {
  return decoded(new TextDecoder(charset).decode(bytes), charset);
}

/** TextDecoder has no UTF-32. */
function utf32(bytes: Uint8Array, littleEndian: boolean): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    parts.push(valid ? String.fromCodePoint(point) : '\ufffd');
  }
  return decoded(parts.join(''), littleEndian ? 'utf-32le' : 'utf-32be');
}

/**
 * A label is believed when the bytes agree with it. Latin-1 fits any bytes, so it is believed only where the bytes are
 * not UTF-8: text in that charset is not valid UTF-8 by chance, and servers put the label on everything.
 */
function byLabel(bytes: Uint8Array, label: string): Decoded | null {
  const page = decodeCodePage(bytes, label);
  if (page !== null) return decoded(page, label);
  const charset = charsetNamed(label);
  // Bytes without zeros that start like a document cannot be what these labels say.
  if (charset === null || charset.startsWith('utf-16')) return null;
  if (charset === 'utf-8') return utf8OrWestern(bytes, true);
  if (charset === 'windows-1252') return utf8OrWestern(bytes);
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(bytes), charset, replaced: 0 };
  } catch {
    // A few broken bytes, or another charset altogether.
    const lenient = decoded(new TextDecoder(charset).decode(bytes), charset);
    if (utf8(bytes) !== null) return null;
    return lenient.replaced * 20 < beyondAscii(bytes) ? lenient : null;
  }
}

const otherNames: Readonly<Record<string, string>> = {
  gb2312: 'gb18030',
  'gb_2312-80': 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  cp950: 'big5',
  utf8mb4: 'utf-8',
  macroman: 'macintosh',
  'mac-cyrillic': 'x-mac-cyrillic',
  maccyrillic: 'x-mac-cyrillic',
  'ms-cyrl': 'windows-1251',
  cp866: 'ibm866',
};

/** The WHATWG charset a label stands for, or null where there is none. `cp1251` and `windows1251` are common slips. */
function charsetNamed(label: string): string | null {
  const tried = [otherNames[label] ?? label, label.replace(/^(?:cp|win|windows)[-_]?(?=\d{3,4}$)/, 'windows-')];
  for (const name of [...tried, label.replaceAll('_', '-')]) {
    try {
      const charset = new TextDecoder(name).encoding;
      return charset === 'gbk' ? 'gb18030' : charset;
    } catch {
      // Not a name the platform knows.
    }
  }
  return null;
}

function utf8(bytes: Uint8Array): Decoded | null {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), charset: 'utf-8', replaced: 0 };
  } catch {
    return null;
  }
}

/** Windows-1252 unless most of what is not ASCII is UTF-8: a feed cut in the middle of a letter is still UTF-8. */
function utf8OrWestern(bytes: Uint8Array, labelled = false): Decoded {
  const strict = utf8(bytes);
  if (strict !== null) return strict;
  const lenient = decoded(new TextDecoder('utf-8').decode(bytes), 'utf-8');
  const good = beyondAscii(bytes) - lenient.replaced;
  if (good > lenient.replaced * (labelled ? 1 : 2)) return lenient;
  return decoded(new TextDecoder('windows-1252').decode(bytes), 'windows-1252');
}

function decoded(text: string, charset: string): Decoded {
  let replaced = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) replaced += 1;
  return { text, charset, replaced };
}

function beyondAscii(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at]! > 127) count += 1;
  return count;
}
