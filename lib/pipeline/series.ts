import { hourCounts, targetsOf } from './hour-counts.ts';
import { mapLimited } from './map-limited.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { Log } from './ports/outside.ts';
import type { SeriesDay, SeriesStore, SeriesTarget } from './ports/series-store.ts';
import type { StoryStore } from './ports/story-store.ts';
import { rowsAPage } from './query-values.ts';

export type CountDeps = {
  readonly stories: Pick<StoryStore, 'page'>;
  readonly series: SeriesStore;
  readonly control: Pick<ControlStore, 'beat' | 'putBeat'>;
  readonly now: () => Date;
  readonly log: Log;
};

/** What was counted, as the beat remembers it: whole days from `from` on, hours up to `to`. */
export type Counted = { readonly from: string; readonly to: string };

const beatName = 'series';
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A story may be first seen two days after its date and still be news; nothing later is counted again. */
const againDays = 2;
const firstRunDays = 7;
/** The most matches one run reads; older days are then left as they were. */
const mostRead = 20_000;

/**
 * Counts the hours that are over, once after each hour, two days back again, for stories come late. Whole days are set,
 * so doing it twice changes nothing. Reads at most `mostRead` matches.
 */
export async function countClosedHours(deps: CountDeps): Promise<{ readonly read: number; readonly written: number }> {
  const to = floor(deps.now().getTime(), hourMs);
  const before = await counted(deps.control);
  if (before?.to === to) return { read: 0, written: 0 };
  const again = floor(Date.parse(to) - (before === null ? firstRunDays : againDays) * dayMs, dayMs);
  const from = before === null ? again : ([again, floor(Date.parse(before.to), dayMs)].sort()[0] ?? again);
  const { counts, complete, read } = await countMatches(from, to, deps);
  const written = await mapLimited(counts.targets(), 10, (target) =>
    setDays(target, counts.days(target), complete, deps),
  );
  const note: Counted = { from: before !== null && complete <= from ? before.from : complete, to };
  await deps.control.putBeat(beatName, deps.now().toISOString(), note);
  const summary = { read, written: written.reduce((sum, count) => sum + count, 0) };
  deps.log({ event: 'hours counted', ...note, ...summary, cut: complete > from });
  return summary;
}

async function countMatches(from: string, to: string, { stories }: CountDeps) {
  const counts = hourCounts();
  const until = new Date(Date.parse(to) - 1).toISOString();
  let cursor: string | null = null;
  let read = 0;
  do {
    const page: Awaited<ReturnType<StoryStore['page']>> = await stories.page({
      axis: { name: 'all' },
      ...{ since: from, until, cursor, limit: rowsAPage, readAtMost: rowsAPage, keep: () => true },
    });
    for (const row of page.rows) counts.add(row, targetsOf(row));
    read += page.read;
    cursor = page.next;
  } while (cursor !== null && read < mostRead);
  // Newest first: the day in which reading ended is not whole.
  const complete = cursor === null ? from : floor(Date.parse(cursor.slice(0, 10)) + dayMs, dayMs);
  return { counts, complete, read };
}

/** Writes the days that are whole and differ from what is there. */
async function setDays(
  target: SeriesTarget,
  days: readonly SeriesDay[],
  complete: string,
  { series }: CountDeps,
): Promise<number> {
  const whole = days.filter(({ day }) => day >= complete.slice(0, 10));
  const [first, last] = [whole[0], whole.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const there = new Map((await series.days(target, first.day, last.day)).map((day) => [day.day, canonical(day)]));
  const changed = whole.filter((day) => there.get(day.day) !== canonical(day));
  for (const day of changed) await series.putDay(target, day);
  return changed.length;
}

function canonical({ hours, outlets }: SeriesDay): string {
  const sorted = Object.entries(hours).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted.map(([hour, { stories, outlets }]) => [hour, stories, outlets]), outlets]);
}

export async function counted(control: CountDeps['control']): Promise<Counted | null> {
  return ((await control.beat(beatName))?.note as Counted | undefined) ?? null;
}

function floor(ms: number, width: number): string {
  return new Date(Math.floor(ms / width) * width).toISOString();
}
