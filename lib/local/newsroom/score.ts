import type { StorylineState } from '../../core/storyline/storyline-state.ts';
import type { NewsroomStory } from './day.ts';

/** A stored match, as far as it is compared; a story is known by its address's path. */
export type GotMatch = {
  readonly url: string | null;
  readonly title: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
  /** The id of the storyline it was placed in. */
  readonly storyline: string;
};

/** One alert to one reader who follows everything, by the story at this address. */
export type GotAlert = { readonly url: string | null; readonly state: StorylineState };

export type DayCounts = {
  /** Stories that match anything. */
  readonly matches: number;
  readonly entities: number;
  readonly events: number;
  /** Developments in the news of the day; those of seeds are not counted. */
  readonly storylines: number;
  /** Alerts of something new or corrected; more outlets and escalations are not counted. */
  readonly alerts: number;
};

/** Where the day went otherwise than its labels say. */
export type Difference = {
  readonly what: 'match' | 'entity' | 'event' | 'storyline' | 'alert' | 'title';
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
 * wording, with its entities and events and no others; the stories of one development in one storyline and nothing else
 * in it; one alert that it is new, once each for whatever comes of it later, and one where its outlet corrects it; none
 * about what was all seeds, old, or has nothing followed.
 */
export function scoreDay(
  day: readonly NewsroomStory[],
  matches: readonly GotMatch[],
  alerts: readonly GotAlert[],
): DayScore {
  const paths = new Map(day.map((story) => [story.path, story]));
  const matched = byPath(matches);
  const told = byPath(alerts);
  const news = day.filter((story) => story.told);
  const developments = Map.groupBy(day.filter(isFollowed), ({ storyline }) => storyline);
  const differences = [
    ...day.flatMap((story) => compareMatch(story, matched.get(story.path) ?? [])),
    ...compareStorylines(news, matched),
    ...[...developments.values()].flatMap((stories) => compareAlerts(stories, told)),
    ...day.filter((story) => !isFollowed(story)).flatMap((story) => unwantedAlerts(story, told.get(story.path) ?? [])),
    ...strangers(paths, matched, 'match'),
    ...strangers(paths, told, 'alert'),
  ];
  const newsPaths = new Set(news.map(({ path }) => path));
  const placed = matches.filter(({ url }) => newsPaths.has(pathOf(url)));
  return {
    expected: {
      ...countsOf(day.filter(isFollowed).map(({ expect }) => expect)),
      storylines: new Set(news.map(({ storyline }) => storyline)).size,
      alerts: new Set(news.map(({ storyline }) => storyline)).size + day.filter(isCorrected).length,
    },
    got: {
      ...countsOf(matches),
      storylines: new Set(placed.map(({ storyline }) => storyline)).size,
      alerts: alerts.filter(({ state }) => state === 'new' || state === 'corrected').length,
    },
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

/** Stories of one development lie in one storyline, and no others lie there. */
function compareStorylines(
  news: readonly NewsroomStory[],
  matched: ReadonlyMap<string, readonly GotMatch[]>,
): readonly Sided[] {
  const firstOf = new Map<string, { readonly id: string; readonly development: string }>();
  return news.flatMap((story) => {
    const id = matched.get(story.path)?.[0]?.storyline;
    if (id === undefined) return [];
    const own = [...firstOf.values()].find(({ development }) => development === story.storyline);
    const other = firstOf.get(id);
    if (other === undefined) firstOf.set(id, { id, development: story.storyline });
    return [
      ...(own !== undefined && own.id !== id ? [sided('missing', 'storyline', story, `apart from ${own.id}`)] : []),
      ...(other !== undefined && other.development !== story.storyline
        ? [sided('unexpected', 'storyline', story, `together with ${other.development}`)]
        : []),
    ];
  });
}

function compareAlerts(
  stories: readonly NewsroomStory[],
  told: ReadonlyMap<string, readonly GotAlert[]>,
): readonly Sided[] {
  const first = stories.find((story) => story.told);
  const alerts = stories.flatMap((story) => (told.get(story.path) ?? []).map(({ state }) => ({ story, state })));
  if (first === undefined) return alerts.map(({ story }) => sided('unexpected', 'alert', story, whyNotTold(story)));
  const states = Map.groupBy(alerts, ({ state }) => state);
  const corrected = stories.find(isCorrected);
  return [
    ...(states.has('new') ? [] : [sided('missing', 'alert', first, first.title)]),
    ...(corrected === undefined || states.has('corrected') ? [] : [sided('missing', 'alert', corrected, 'corrected')]),
    ...[...states.values()].flatMap((same) =>
      same.slice(1).map(({ story, state }) => sided('unexpected', 'alert', story, `told again as ${state}`)),
    ),
  ];
}

function unwantedAlerts(story: NewsroomStory, alerts: readonly GotAlert[]): readonly Sided[] {
  return alerts.map(() => sided('unexpected', 'alert', story, whyNotTold(story)));
}

function isCorrected({ edit, told }: NewsroomStory): boolean {
  return told && edit?.title.startsWith('CORRECTED') === true;
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

function countsOf(rows: readonly Pick<GotMatch, 'entities' | 'events'>[]) {
  const count = (field: 'entities' | 'events') => rows.reduce((sum, row) => sum + row[field].length, 0);
  return { matches: rows.length, entities: count('entities'), events: count('events') };
}

function byPath<Row extends { readonly url: string | null }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ url }) => pathOf(url));
}

function pathOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).pathname : `${url}`;
}
