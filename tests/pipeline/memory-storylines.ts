import type { StorylineReader, StorylineRow, StorylineStoryRow } from '../../lib/pipeline/storyline-reader.ts';

/** Storylines kept in a list, read by the promises of StorylineReader: keys are `<last>#<id>` and a story's place. */
export function memoryStorylines(
  kept: readonly { readonly row: StorylineRow; readonly stories: readonly StorylineStoryRow[] }[],
): StorylineReader {
  const keyOf = ({ last, id }: StorylineRow) => `${last}#${id}`;
  return {
    async list({ since, until, cursor, limit, readAtMost, keep }) {
      const inWindow = kept
        .map(({ row }) => row)
        .filter(({ opened, closed, last }) => opened <= until && (closed === null || last >= since))
        .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1))
        .filter((row) => cursor === null || keyOf(row) < cursor);
      const rows: StorylineRow[] = [];
      let read = 0;
      for (const row of inWindow) {
        if (rows.length === limit || read === readAtMost) break;
        read += 1;
        if (keep(row)) rows.push(row);
      }
      const last = inWindow[read - 1];
      return { rows, next: read < inWindow.length && last !== undefined ? keyOf(last) : null, read };
    },
    get: async (id) => kept.find(({ row }) => row.id === id)?.row ?? null,
    async stories(id, { cursor, limit }) {
      const all = kept.find(({ row }) => row.id === id)?.stories ?? [];
      const from = Number(cursor ?? 0);
      const next = from + limit < all.length ? String(from + limit) : null;
      return { rows: all.slice(from, from + limit), next };
    },
  };
}
