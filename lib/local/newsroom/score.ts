import type { NewsroomStory } from './day.ts';

/** A stored match, as far as it is compared; a story is known by its address's path. */
export type GotMatch = {
  readonly url: string | null;
  readonly title: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
};

/** One alert about the story at this address to one reader who follows everything. */
export type GotAlert = { readonly url: string | null; readonly state?: string };

export type DayCounts = {
  /** Stories that match anything. */
  readonly matches: number;
  readonly entities: number;
  readonly events: number;
  readonly alerts: number;
};

/** Where the day went otherwise than its labels say. */
export type Difference = {
  readonly what: 'match' | 'entity' | 'event' | 'alert' | 'title';
  readonly path: string;
  readonly title: string;
  /** The id, or the wording. */
  readonly detail: string;
  readonly trap: string | null;
};

export type DayScore = {
  readonly expected: DayCounts;
  readonly got: DayCounts;
  readonly missing: readonly Difference[];
  readonly unexpected: readonly Difference[];
};

/**
 * Compares what was stored and told with what the day's labels ask for: each followed story matched once, under its last
 * wording, with its entities and events and no others; one alert about each that is new; none about a seed, an old story
 * or one with nothing followed. A correction of an edited story may be told once more.
 */
export function scoreDay(
  day: readonly NewsroomStory[],
  matches: readonly GotMatch[],
  alerts: readonly GotAlert[],
): DayScore {
  const paths = new Map(day.map((story) => [story.path, story]));
  const matched = byPath(matches);
  const told = byPath(alerts);
  const compared = day.map((story) => [
    ...compareMatch(story, matched.get(story.path) ?? []),
    ...compareAlerts(story, told.get(story.path) ?? []),
  ]);
  const differences = [...compared.flat(), ...strangers(paths, matched, 'match'), ...strangers(paths, told, 'alert')];
  const expectedMatches = day.filter(isFollowed).map(({ expect }) => expect);
  return {
    expected: countsOf(expectedMatches, day.filter((story) => story.told).length),
    got: countsOf(matches, alerts.length),
    missing: differences.filter(({ side }) => side === 'missing').map(({ difference }) => difference),
    unexpected: differences.filter(({ side }) => side === 'unexpected').map(({ difference }) => difference),
  };
}

type Sided = { readonly side: 'missing' | 'unexpected'; readonly difference: Difference };

function compareMatch(story: NewsroomStory, rows: readonly GotMatch[]): readonly Sided[] {
  const row = rows[0];
  const extra = rows.slice(1).map(({ title }) => sided('unexpected', 'match', story, `stored again: ${title}`));
  if (row === undefined) return isFollowed(story) ? [sided('missing', 'match', story, story.title)] : [];
  if (!isFollowed(story)) {
    return [sided('unexpected', 'match', story, [...row.entities, ...row.events].join(', ')), ...extra];
  }
  const title = story.edit?.title ?? story.title;
  return [
    ...extra,
    ...compareIds(story, 'entity', story.expect.entities, row.entities),
    ...compareIds(story, 'event', story.expect.events, row.events),
    ...(row.title === title ? [] : [sided('missing', 'title', story, title)]),
  ];
}

function compareIds(
  story: NewsroomStory,
  what: 'entity' | 'event',
  expected: readonly string[],
  got: readonly string[],
): readonly Sided[] {
  return [
    ...expected.filter((id) => !got.includes(id)).map((id) => sided('missing', what, story, id)),
    ...got.filter((id) => !expected.includes(id)).map((id) => sided('unexpected', what, story, id)),
  ];
}

function compareAlerts(story: NewsroomStory, alerts: readonly GotAlert[]): readonly Sided[] {
  const correction = story.edit === null ? -1 : alerts.findIndex(({ state }) => state === 'corrected');
  const first = alerts.filter((_, index) => index !== correction);
  if (story.told && first.length === 0) return [sided('missing', 'alert', story, story.title)];
  const allowed = story.told ? 1 : 0;
  return first
    .slice(allowed)
    .map(() => sided('unexpected', 'alert', story, story.told ? 'told again' : whyNotTold(story)));
}

function whyNotTold(story: NewsroomStory): string {
  if (story.seed) return 'a seed';
  return isFollowed(story) ? 'an old story' : 'nothing followed in it';
}

function strangers<Row extends { readonly url: string | null }>(
  known: ReadonlyMap<string, NewsroomStory>,
  rows: ReadonlyMap<string, readonly Row[]>,
  what: 'match' | 'alert',
): readonly Sided[] {
  return [...rows]
    .filter(([path]) => !known.has(path))
    .map(([path]) => {
      const difference: Difference = { what, path, title: '', detail: 'not a story of the day', trap: null };
      return { side: 'unexpected', difference };
    });
}

function isFollowed({ expect }: NewsroomStory): boolean {
  return expect.entities.length + expect.events.length > 0;
}

function sided(side: Sided['side'], what: Difference['what'], story: NewsroomStory, detail: string): Sided {
  return { side, difference: { what, path: story.path, title: story.title, detail, trap: story.trap } };
}

function countsOf(rows: readonly Pick<GotMatch, 'entities' | 'events'>[], alerts: number): DayCounts {
  const count = (field: 'entities' | 'events') => rows.reduce((sum, row) => sum + row[field].length, 0);
  return { matches: rows.length, entities: count('entities'), events: count('events'), alerts };
}

function byPath<Row extends { readonly url: string | null }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ url }) => (url !== null && URL.canParse(url) ? new URL(url).pathname : `${url}`));
}
