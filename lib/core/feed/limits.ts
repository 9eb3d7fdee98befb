/**
 * What reading one feed may cost. "kB" counts UTF-16 units of decoded text, so that a limit is the same in every
 * charset; `bodyBytes` alone counts bytes.
 */
export type ReadLimits = {
  /** Unpacked body; more is an error. */
  readonly bodyBytes: number;
  /** One tag with its attributes; a longer one keeps its name and loses its attributes. */
  readonly tag: number;
  /** Open elements; deeper ones lose their tags. */
  readonly depth: number;
  /** Entries kept, the newest first. */
  readonly entries: number;
  readonly title: number;
  readonly content: number;
  /** Any one short field: an id, a link, a name. */
  readonly field: number;
  /** Values of one repeated field of one entry, such as categories. */
  readonly values: number;
};

export const readLimits: ReadLimits = {
  bodyBytes: 8 * 1024 * 1024,
  tag: 64 * 1024,
  depth: 200,
  entries: 2000,
  title: 16 * 1024,
  content: 200 * 1024,
  field: 4 * 1024,
  values: 100,
};

/** Counts what limits took away, by name, so that nothing is cut in silence. */
export type CutCounter = { readonly add: (what: string, count?: number) => void };

export function cutCounter(): CutCounter & { readonly cuts: () => { what: string; count: number }[] } {
  const counts = new Map<string, number>();
  return {
    add: (what, count = 1) => {
      counts.set(what, (counts.get(what) ?? 0) + count);
    },
    cuts: () => [...counts].map(([what, count]) => ({ what, count })),
  };
}
