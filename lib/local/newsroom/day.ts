import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What a story's own text says, by the ids of the shipped watchlist; sorted. */
export type Labels = { readonly entities: readonly string[]; readonly events: readonly string[] };

export type Wording = { readonly title: string; readonly summary: string };

/** One story of the demo's day. Times are minutes from the day's start. */
export type NewsroomStory = Wording & {
  /** The feeds that list it; more than one where an outlet has several. */
  readonly feeds: readonly string[];
  /** The development it tells of; stories of one development share it. */
  readonly storyline: string;
  /** Its page on the newsroom's server, by which it is known: `/meridian/coffee`. */
  readonly path: string;
  /** When the feeds begin to list it. */
  readonly at: number;
  /** The date it bears. */
  readonly dated: number;
  readonly categories: readonly string[];
  /** By its last wording. */
  readonly expect: Labels;
  /** What a careless matcher gets wrong about it, or null. */
  readonly trap: string | null;
  /** Listed before the day begins, so that the first poll finds it and nobody is told. */
  readonly seed: boolean;
  /** Whether its followers are to be told: it has something followed, is no seed and no old story. */
  readonly told: boolean;
  /** Its outlet changes the wording, or null. */
  readonly edit: (Wording & { readonly at: number }) | null;
};

export type FeedFormat = 'rss' | 'atom' | 'json';
export type Charset = 'utf-8' | 'gb18030' | 'windows-1256';

export type NewsroomFeed = {
  readonly id: string;
  readonly outlet: string;
  readonly name: string;
  readonly tier: number;
  /** A news agency. */
  readonly wire: boolean;
  readonly lang: string;
  readonly country: string;
  readonly format: FeedFormat;
  readonly charset: Charset;
  /** Entries it lists at most. */
  readonly newest: number;
  readonly validators: 'etag' | 'last-modified' | 'none';
  /** Minutes between which it answers 502, or null. */
  readonly down: readonly [number, number] | null;
};

type StoryRow = {
  readonly feed: string;
  readonly also?: readonly string[];
  readonly at: string;
  readonly dated?: string;
  readonly slug: string;
  readonly storyline?: string;
  readonly categories?: readonly string[];
  readonly trap?: string;
  readonly edit?: RowText & { readonly at: string };
} & RowText;

type RowText = Wording & { readonly entities?: readonly string[]; readonly events?: readonly string[] };

type FeedRow = Omit<NewsroomFeed, 'charset' | 'newest' | 'down' | 'wire'> & {
  readonly wire?: boolean;
  readonly charset?: Charset;
  readonly newest?: number;
  readonly down?: readonly [string, string];
};

/** What is older than this when it is first seen is told to nobody. */
const freshMinutes = 48 * 60;
const dayFiles = ['day-en.yaml', 'day-fa.yaml', 'day-zh.yaml', 'day-ar-ru.yaml'];

export function readNewsroomFeeds(): readonly NewsroomFeed[] {
  return readRows<FeedRow>('feeds.yaml').map((row) => ({
    ...row,
    wire: row.wire ?? false,
    charset: row.charset ?? 'utf-8',
    newest: row.newest ?? 100,
    down: row.down === undefined ? null : [minutesOf(row.down[0]), minutesOf(row.down[1])],
  }));
}

/** Every story of the day, in the order in which they are published. */
export function readDay(): readonly NewsroomStory[] {
  return dayFiles
    .flatMap((file) => readRows<StoryRow>(file))
    .map(toStory)
    .sort((a, b) => a.at - b.at);
}

function toStory(row: StoryRow): NewsroomStory {
  const at = minutesOf(row.at);
  const dated = row.dated === undefined ? at : minutesOf(row.dated);
  const last = row.edit ?? row;
  const expect = { entities: [...(last.entities ?? [])].sort(), events: [...(last.events ?? [])].sort() };
  const followed = expect.entities.length + expect.events.length > 0;
  return {
    feeds: [row.feed, ...(row.also ?? [])],
    storyline: row.storyline ?? `${row.feed}/${row.slug}`,
    path: `/${row.feed}/${row.slug}`,
    at,
    dated,
    title: row.title,
    summary: row.summary,
    categories: row.categories ?? [],
    expect,
    trap: row.trap ?? null,
    seed: at < 0,
    told: followed && at >= 0 && at - dated < freshMinutes,
    edit:
      row.edit === undefined ? null : { at: minutesOf(row.edit.at), title: row.edit.title, summary: row.edit.summary },
  };
}

/** `09:05` and `-03:20` as minutes. */
function minutesOf(time: string): number {
  const found = /^(-?)(\d+):([0-5]\d)$/.exec(time);
  if (found === null) throw new Error(`newsroom: not a time of day: ${time}`);
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

function readRows<Row>(file: string): readonly Row[] {
  // Our own file, written beside this code and checked by its test: the cast is the reading.
  return parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as readonly Row[];
}
