import { type CompiledWatchlist, kindMask, nodeKind } from '../core/watchlist/compiled.ts';
import { createMatcher } from '../core/watchlist/matcher.ts';
import { noteMatched, nothingRunning } from '../core/watchlist/running.ts';
import type { StoredMatch } from './ports/story-store.ts';
import type { ReplayStory } from './stored-stories.ts';

export type Replayed = {
  /** Stories first seen since the time asked for. */
  readonly stories: number;
  /** Of these, those whose targets differ from what was stored. */
  readonly changed: number;
  readonly targets: readonly ReplayedTarget[];
};

export type ReplayedTarget = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'entity' | 'event';
  readonly gained: number;
  readonly lost: number;
  /** Not found again, and the words that it matched by lie in text that was cut when the story was stored. */
  readonly unsure: number;
  readonly unchanged: number;
  readonly samples: { readonly gained: readonly Sample[]; readonly lost: readonly Sample[] };
};

export type Sample = Pick<ReplayStory, 'id' | 'title' | 'outlet' | 'published'>;

const mostSamples = 5;

type Tally = {
  kind: ReplayedTarget['kind'];
  gained: number;
  lost: number;
  unsure: number;
  unchanged: number;
  samples: { gained: Sample[]; lost: Sample[] };
};

/** How long before the time asked for a replay begins to read, so that stories that ran then are running. */
export function warmUpHours({ extras, arrays }: CompiledWatchlist): number {
  let longest = Math.max(0, ...extras.map(({ running }) => running?.withinHours ?? 0));
  for (const at of arrays.nodeAt)
    if ((arrays.code[at]! & kindMask) === nodeKind.running) longest = Math.max(longest, arrays.code[at + 3]!);
  return longest;
}

/**
 * What a watchlist makes of stored stories, against what they matched when they were stored. Stories are matched day of
 * arrival by day, inside a day in order of `published`, so that one day's stories are in memory at a time; stories seen
 * before `since` only say which stories were running.
 */
export async function replay(
  pages: AsyncIterable<readonly ReplayStory[]>,
  watchlist: CompiledWatchlist,
  since: string,
): Promise<Replayed> {
  const matcher = createMatcher(watchlist);
  const tallies = new Map<string, Tally>();
  let running = nothingRunning;
  let stories = 0;
  let changed = 0;

  function replayDay(day: readonly ReplayStory[]): void {
    for (const story of [...day].sort(byPublished)) {
      const { strictEvents, ...matched } = matcher.match({ ...story, source: story.feed }, running);
      running = noteMatched(running, { events: strictEvents, outlet: story.outlet, published: story.published });
      if (story.seen < since) continue;
      stories += 1;
      const differs = [
        compare(tallies, 'entity', story, story.match?.entities ?? [], matched.entities),
        compare(tallies, 'event', story, story.match?.events ?? [], matched.events),
      ];
      if (differs.includes(true)) changed += 1;
    }
  }

  let day: ReplayStory[] = [];
  for await (const page of pages) {
    for (const story of page) {
      if (day[0] !== undefined && day[0].seen.slice(0, 10) !== story.seen.slice(0, 10)) {
        replayDay(day);
        day = [];
      }
      day.push(story);
    }
  }
  replayDay(day);
  return { stories, changed, targets: targetsOf(tallies, watchlist) };
}

function byPublished(a: ReplayStory, b: ReplayStory): number {
  return Date.parse(a.published) - Date.parse(b.published);
}

/** Counts one story's targets of a kind; true where they differ for certain. */
function compare(
  tallies: Map<string, Tally>,
  kind: ReplayedTarget['kind'],
  story: ReplayStory,
  before: readonly string[],
  after: readonly string[],
): boolean {
  let differs = false;
  for (const id of new Set([...before, ...after])) {
    const tally = tallyOf(tallies, kind, id);
    if (before.includes(id) && after.includes(id)) tally.unchanged += 1;
    else if (!before.includes(id)) {
      differs = true;
      tally.gained += 1;
      sample(tally.samples.gained, story);
    } else if (isCut(story, id)) tally.unsure += 1;
    else {
      differs = true;
      tally.lost += 1;
      sample(tally.samples.lost, story);
    }
  }
  return differs;
}

function tallyOf(tallies: Map<string, Tally>, kind: Tally['kind'], id: string): Tally {
  const key = `${kind} ${id}`;
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const tally: Tally = { kind, gained: 0, lost: 0, unsure: 0, unchanged: 0, samples: { gained: [], lost: [] } };
  tallies.set(key, tally);
  return tally;
}

function sample(samples: Sample[], { id, title, outlet, published }: ReplayStory): void {
  if (samples.length < mostSamples) samples.push({ id, title, outlet, published });
}

/** Whether some stored words of a target do not stand where they stood: the text was cut, or was another feed's. */
function isCut(story: ReplayStory, target: string): boolean {
  const spans = (story.match as StoredMatch).evidence.filter((span) => span.target === target);
  return spans.length === 0 || !spans.every(({ field, start, end, text }) => standsAt(story[field], start, end, text));
}

/** Long words are stored cut, too. */
function standsAt(field: string, start: number, end: number, words: string): boolean {
  const there = field.slice(start, end);
  return (
    there === words || (words.endsWith('…') && there.startsWith(words.slice(0, -1)) && there.length === end - start)
  );
}

function targetsOf(tallies: ReadonlyMap<string, Tally>, watchlist: CompiledWatchlist): readonly ReplayedTarget[] {
  const names = new Map(watchlist.targets.map(({ kind, id, name }) => [`${kind} ${id}`, name]));
  return [...tallies]
    .map(([key, tally]) => {
      const id = key.slice(key.indexOf(' ') + 1);
      return { id, name: names.get(key) ?? id, ...tally };
    })
    .sort((a, b) => b.gained + b.lost - a.gained - a.lost || (a.id < b.id ? -1 : 1));
}
