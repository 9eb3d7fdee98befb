import type { CompiledArrays, CompiledWatchlist, EventExtras, Target } from './compiled.ts';

/**
 * Raised whenever the compiler turns one watchlist into other bytes than before: a deploy of such code then compiles the
 * live watchlist anew, though no file of the config changed. tests/core/watchlist/layout.test.ts notices.
 */
export const watchlistLayout = 3;

// "WWL" and the layout's digit. A decoder that does not know it refuses; earlier ones it reads, for a rollback, and for
// the moment of a deploy in which the code is new and the live watchlist is not.
const magicOf = (layout: number) => 0x57574c30 + layout;
const empty = new Int32Array(0);
const types = { i: Int32Array, b: Uint8Array, h: Uint16Array } as const;

type Header = {
  readonly extras: readonly EventExtras[];
  readonly languages: readonly string[];
  readonly publishers: readonly string[];
  readonly strings: readonly string[];
  readonly clauseTexts: readonly string[];
  /** Columns, which parse faster than rows. */
  readonly targets: {
    readonly id: readonly string[];
    readonly name: readonly string[];
    readonly kind: string;
    readonly priority: readonly Target['priority'][];
  };
  readonly arrays: readonly {
    readonly name: string;
    readonly type: keyof typeof types;
    readonly at: number;
    readonly length: number;
  }[];
};

/** One buffer: magic, length of the header, the header as JSON, the arrays. Arrays begin at multiples of eight. */
export function encodeWatchlist(compiled: CompiledWatchlist): Uint8Array {
  let at = 0;
  const arrays = Object.entries(compiled.arrays).map(([name, array]) => {
    const row = { name, type: typeOf(array), at, length: array.length };
    at += Math.ceil(array.byteLength / 8) * 8;
    return row;
  });
  const { targets } = compiled;
  const header: Header = {
    extras: compiled.extras,
    languages: compiled.languages,
    publishers: compiled.publishers,
    strings: compiled.strings,
    clauseTexts: compiled.clauseTexts,
    targets: {
      id: targets.map(({ id }) => id),
      name: targets.map(({ name }) => name),
      kind: targets.map(({ kind }) => (kind === 'entity' ? 'n' : 'v')).join(''),
      priority: targets.map(({ priority }) => priority),
    },
    arrays,
  };
  const head = new TextEncoder().encode(JSON.stringify(header));
  const body = Math.ceil((8 + head.length) / 8) * 8;
  const bytes = new Uint8Array(body + at);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magicOf(watchlistLayout));
  view.setUint32(4, head.length);
  bytes.set(head, 8);
  for (const row of arrays) {
    const array = compiled.arrays[row.name as keyof CompiledArrays];
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), body + row.at);
  }
  return bytes;
}

function typeOf(array: Int32Array | Uint8Array | Uint16Array): keyof typeof types {
  return array instanceof Int32Array ? 'i' : array instanceof Uint8Array ? 'b' : 'h';
}

/** The watchlist as it was compiled; its arrays are views of the buffer. Throws where the bytes are not one of ours. */
export function decodeWatchlist(bytes: Uint8Array): CompiledWatchlist {
  // Views of Int32 want an aligned start; what was read from a stream may begin anywhere.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const layout = aligned.length < 8 ? 0 : view.getUint32(0) - magicOf(0);
  if (layout < 1 || layout > watchlistLayout)
    throw new Error('not a compiled watchlist of this version: compile it again with wirewatch apply');
  const length = view.getUint32(4);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(8, 8 + length))) as Header;
  const body = aligned.byteOffset + Math.ceil((8 + length) / 8) * 8;
  const arrays = Object.fromEntries(
    header.arrays.map((row) => [
      row.name,
      new types[row.type](aligned.buffer as ArrayBuffer, body + row.at, row.length),
    ]),
  ) as unknown as CompiledArrays;
  // Versions compiled before clauses had parts are still live, or come back by a rollback.
  const noParts = { partStart: new Int32Array(arrays.clauseNode.length + 1), partNode: empty, partText: empty };
  const { targets } = header;
  return {
    targets: targets.id.map((id, i) => ({
      id,
      name: targets.name[i]!,
      kind: targets.kind[i] === 'n' ? 'entity' : 'event',
      priority: targets.priority[i]!,
    })),
    extras: header.extras,
    languages: header.languages,
    publishers: header.publishers,
    strings: header.strings,
    clauseTexts: header.clauseTexts,
    arrays: { ...noParts, ...arrays },
  };
}
