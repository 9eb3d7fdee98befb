import { useMemo, useRef, useState } from 'preact/hooks';
import { apiPath } from '../address.ts';
import type { Storyline, Storylines } from '../api/types.ts';
import { useAnswer, useClient } from '../api/use-answer.ts';
import { Answered, Nothing } from './states-of-asking.tsx';
import { StorylineRow } from './storyline-row.tsx';
import { Time } from './time.tsx';
import { useHeldRows } from './use-held-rows.ts';

const refreshMs = 15_000;
const pageRows = 40;

/** Storylines under their heading, newest activity first. Updates itself; older ones come by request. */
export function StorylineList({ query }: { readonly query: Readonly<Record<string, string | undefined>> }) {
  const path = apiPath('storylines', { ...query, limit: String(pageRows) });
  const asked = useAnswer<Storylines>(path, refreshMs);
  return (
    <>
      <h2 id="storylines-title">
        Storylines{' '}
        {asked.at !== null && (
          <small>
            as of <Time at={asked.at.toISOString()} />
          </small>
        )}
      </h2>
      <Answered asked={asked}>
        {(page) => <Listed key={path} path={path} page={page} filtered={Object.keys(query).length > 1} />}
      </Answered>
    </>
  );
}

function Listed({
  path,
  page,
  filtered,
}: {
  readonly path: string;
  readonly page: Storylines;
  readonly filtered: boolean;
}) {
  const list = useRef<HTMLOListElement>(null);
  const { rows, waiting, show } = useHeldRows<Storyline>(page.storylines, path, list);
  const older = useOlder(path, page.next);
  const all = useMemo(() => unique([...rows, ...older.rows]), [rows, older.rows]);
  if (all.length === 0 && older.next === null) {
    return (
      <Nothing>
        {filtered
          ? 'No storyline passes these filters. Clear one, or look further back.'
          : 'Nothing yet. A story appears here when a feed brings one that the watchlist matches; look further back for older ones.'}
      </Nothing>
    );
  }
  return (
    <>
      <div class="waiting" role="status">
        {waiting > 0 && (
          <button type="button" onClick={show}>
            {waiting} new or changed, show
          </button>
        )}
      </div>
      <ol class="storylines" ref={list}>
        {all.map((storyline) => (
          <StorylineRow key={storyline.id} storyline={storyline} />
        ))}
      </ol>
      {older.next !== null && (
        <button type="button" class="more" onClick={older.more} disabled={older.busy}>
          {older.busy ? 'Loading…' : 'Older storylines'}
        </button>
      )}
    </>
  );
}

/** The pages after the first, as far as the reader asked for them. */
function useOlder(path: string, first: string | null) {
  const client = useClient();
  const [pages, setPages] = useState<readonly Storylines[]>([]);
  const [busy, setBusy] = useState(false);
  const next = pages.length === 0 ? first : (pages.at(-1)?.next ?? null);
  const more = async () => {
    setBusy(true);
    const answer = await client.get<Storylines>(`${path}&cursor=${encodeURIComponent(next ?? '')}`);
    if (answer.kind === 'fresh') setPages((before) => [...before, answer.data]);
    setBusy(false);
  };
  return { rows: pages.flatMap(({ storylines }) => storylines), next, more, busy };
}

/** A storyline that has moved up since is shown where it is now. */
function unique(rows: readonly Storyline[]): readonly Storyline[] {
  const seen = new Map<string, Storyline>();
  for (const row of rows) if (!seen.has(row.id)) seen.set(row.id, row);
  return [...seen.values()];
}
