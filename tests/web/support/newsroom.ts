import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiDeps } from '../../../lib/adapters/api/route.ts';
import type { FeedConfig } from '../../../lib/core/config/feeds-file.ts';
import { newPollState } from '../../../lib/core/feed/after-poll.ts';
import type { PollState } from '../../../lib/core/feed/poll-state.ts';
import { storyId } from '../../../lib/core/story.ts';
import { defaultPreferences } from '../../../lib/core/subscriber/subscriber.ts';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { nothingRunning } from '../../../lib/core/watchlist/running.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';
import type { WatchlistSource } from '../../../lib/core/watchlist/watchlist-source.ts';
import { readDay, readNewsroomFeeds, type Wording } from '../../../lib/local/newsroom/day.ts';
import { decide } from '../../../lib/pipeline/alert.ts';
import type { LiveMatcher } from '../../../lib/pipeline/live-matcher.ts';
import type { SeriesDay, SeriesTarget } from '../../../lib/pipeline/ports/series-store.ts';
import type { Store } from '../../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../../lib/pipeline/ports/story-store.ts';
import { reportFeeds } from '../../../lib/pipeline/report-feeds.ts';
import { countClosedHours } from '../../../lib/pipeline/series.ts';
import { fakeTopics } from '../../pipeline/fake-topics.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';
import { alertDeps } from '../../pipeline/world.ts';

/** The evening of the demo's day: most of it has happened. */
export const now = new Date('2026-11-24T20:05:00.000Z');
const dayStart = Date.parse('2026-11-24T00:00:00.000Z');
const minute = 60_000;

export const hostileTitle = '<img src=x onerror="document.title=1"><b>Pakistan</b> &amp; <script>alert(1)</script>';

/** Papers that print the wires' stories, some minutes later. */
const printers = ['gulf-ledger', 'straits-courier', 'lake-tribune', 'pacific-dispatch', 'old-town-gazette'];

export type Newsroom = {
  readonly deps: ApiDeps;
  readonly store: Store;
  /** Puts one more story through the matcher into the store, and into its storyline. */
  add(story: Partial<Written> & { readonly title: string }): Promise<string>;
};

type Written = {
  readonly title: string;
  readonly summary: string;
  readonly feed: string;
  readonly outlet: string;
  readonly lang: string;
  readonly at: number;
  readonly path: string;
};

/** The demo's day in the memory store, matched by the shipped watchlist, placed and told, with a month of counts before it. */
export async function fillNewsroom(): Promise<Newsroom> {
  const store = memoryStore();
  const source = shippedWatchlist();
  const matcher = liveMatcher(source);
  const topics = fakeTopics();
  // Some seconds pass at each step, as they do.
  let clock = 0;
  const tick = () => {
    clock += 900;
    return new Date(clock);
  };
  const deciding = alertDeps(store, { now: tick }, matcher);
  const add = async (given: Partial<Written> & { readonly title: string }) => {
    const written = { ...lateStory, ...given };
    const story = stored(written, matcher);
    clock = Date.parse(story.seen);
    await store.stories.announce(story.feed, story.seen, [story.id]);
    await store.stories.putNew(story);
    await decide(story, deciding);
    return story.id;
  };
  await putFeeds(store);
  await putSubscribers(store, topics.made);
  for (const step of steps()) {
    if (step.edited === null) await add(step.story);
    else await revise(step.story, step.edited, step.at);
  }
  await store.control.putWatchlist({
    ...{ version: 'v1', key: 'v1', applied: at(-600), by: 'deploy' },
    ...{ entities: matcher.entities.length, events: matcher.events.length },
  });
  await countHours(store, matcher);
  const deps: ApiDeps = {
    ...{ store, matcher, retentionDays: 90, unmatchedDays: 90, now: () => now },
    ...{ subscribers: store.subscribers, topics: topics.made, watchlistSource: async () => source },
  };
  return { deps, store, add };

  async function revise(before: Written, text: Wording, minutes: number): Promise<void> {
    const match = stored({ ...before, ...text }, matcher).match;
    const revision = { at: at(minutes), ...text, match, tell: true, undecided: match !== null };
    clock = Date.parse(revision.at);
    await store.stories.revise(idOf(before), revision);
    const story = await store.stories.get(idOf(before));
    if (story !== null) await decide(story, deciding);
  }
}

const lateStory: Written = {
  title: '',
  summary: '',
  feed: 'meridian',
  outlet: 'meridian-wire',
  lang: 'en',
  at: 1_203,
  path: '',
};

const at = (minutes: number) => new Date(dayStart + minutes * minute).toISOString();

type Step = { readonly at: number; readonly story: Written; readonly edited: Wording | null };

/** All that was published and edited until now, in order, with the papers' copies of what the wire sent. */
function steps(): readonly Step[] {
  const feeds = new Map(readNewsroomFeeds().map((feed) => [feed.id, feed]));
  const last = (now.getTime() - dayStart) / minute - 3;
  return readDay()
    .flatMap((story, index): Step[] => {
      const feed = feeds.get(story.feeds[0] ?? '');
      if (feed === undefined) return [];
      const original: Written = {
        ...{ title: story.title, summary: story.summary, feed: feed.id, outlet: feed.outlet, lang: feed.lang },
        ...{ at: story.at, path: story.path },
      };
      const isWire = feed.lang === 'en' && story.expect.events.length > 0;
      const all = [original, ...(isWire ? copies(original, index) : [])];
      const { edit } = story;
      const edits =
        edit === null ? [] : [{ at: edit.at, story: original, edited: { title: edit.title, summary: edit.summary } }];
      return [...all.map((each) => ({ at: each.at, story: each, edited: null })), ...edits];
    })
    .filter((step) => step.at < last)
    .sort((a, b) => a.at - b.at);
}

function copies(original: Written, index: number): readonly Written[] {
  return printers.slice(0, (index * 7) % 5).map((outlet, place) => ({
    ...original,
    ...{ outlet, feed: outlet, path: `/${outlet}${original.path}` },
    title: place % 2 === 0 ? original.title : `${original.title} - ${outlet.replaceAll('-', ' ')}`,
    at: original.at + 4 + ((index * 13 + place * 17) % 60),
  }));
}

const addressOf = ({ path, title }: Written) =>
  `https://news.example${path === '' ? `/${encodeURIComponent(title)}` : path}`;
const idOf = (story: Written) =>
  storyId({ outlet: story.outlet, feed: story.feed, canonicalUrl: addressOf(story), entryId: story.title });

function stored(story: Written, matcher: LiveMatcher): StoredStory {
  const published = at(story.at);
  const { title, summary, feed, outlet, lang } = story;
  const { entities, events, evidence, priority } = matcher.match({ title, summary, lang, source: feed, published });
  const matches = entities.length + events.length > 0;
  return {
    ...{ id: idOf(story), feed, outlet, lang, title, summary, url: addressOf(story), content: '' },
    ...{
      published,
      seen: at(story.at + 1),
      authors: [],
      categories: [],
      tell: true,
      undecidedSince: matches ? at(story.at + 1) : null,
      trace: 'test',
    },
    match: matches ? { entities, events, evidence, priority, watchlist: 'v1' } : null,
    revisions: [],
  };
}

function shippedWatchlist(): WatchlistSource {
  const file = join(import.meta.dirname, '../../../config/watchlist.yaml');
  const { watchlist } = readWatchlist(readFileSync(file, 'utf8'), file);
  if (watchlist === null) throw new Error('the shipped watchlist has errors');
  return watchlist;
}

function liveMatcher(source: WatchlistSource): LiveMatcher {
  const compiled = compileWatchlist(source);
  const matcher = createMatcher(compiled);
  const names = new Map(compiled.targets.map(({ id, name }) => [id, name]));
  const ids = (kind: string) => compiled.targets.filter((target) => target.kind === kind).map(({ id }) => id);
  return {
    version: 'v1',
    match: (input) => matcher.match(input, nothingRunning),
    explain: (input) => matcher.explain(input, nothingRunning),
    takeUp: () => {},
    nameOf: (id) => names.get(id) ?? id,
    entities: ids('entity'),
    events: ids('event'),
  };
}

async function putFeeds(store: Store): Promise<void> {
  const common = { everySeconds: null, paused: false, wire: false, alternates: [], checked: null };
  const real = readNewsroomFeeds().map(({ id, name, outlet, tier, wire, lang, country }) => ({
    id,
    wire,
    name,
    outlet,
    tier,
    lang,
    country,
  }));
  const printed = printers.map((id) => ({
    id,
    outlet: id,
    name: id.replaceAll('-', ' '),
    tier: 3,
    lang: 'en',
    country: 'GB',
  }));
  const configs = [...real, ...printed].map(
    (row): FeedConfig => ({ ...common, ...row, tier: row.tier as 1 | 2 | 3, url: `https://${row.outlet}.example/rss` }),
  );
  for (const [index, config] of configs.entries()) {
    await store.feeds.putConfig({ ...config, paused: config.id === 'old-town-gazette' }, 'file');
    await store.feeds.putPoll(config.id, {
      state: stateOf(config.id, index),
      known: new Uint8Array(),
      readRevision: 0,
    });
  }
  const due = configs.map(({ id }, index) => [id, { due: at(1_205 + index), claim: null, paused: false }]);
  await store.feeds.putShard('s1', Object.fromEntries(due));
  await store.feeds.claim((await store.feeds.shard('s1')) as never, [configs[0]?.id ?? ''], 'tick');
  await store.feeds.finish('s1', 'tick', { [configs[0]?.id ?? '']: at(1_206) }, pollCounts);
  const unheard = { publish: async () => {}, operationsTopic: 'arn:operations', log: () => {} };
  await reportFeeds({ feeds: store.feeds, control: store.control, now: () => now, ...unheard });
}

const pollCounts = {
  day: '2026-11-24',
  polls: 3_412,
  unchanged: 3_187,
  failed: 41,
  dropped: 0,
  stories: 214,
  matches: 23,
  known: 8_806,
};

const troubles: Readonly<Record<string, Partial<PollState>>> = {
  northbridge: { health: 'unreachable', problem: '502 Bad Gateway', failures: 3, since: at(1_130) },
  'lake-tribune': { health: 'blocked', problem: '403 Forbidden', failures: 12, since: at(-900) },
};

function stateOf(id: string, index: number): PollState {
  const recent = Array.from({ length: 8 }, (_, place) => at(1_190 - index * 7 - place * (18 + index)));
  return { ...newPollState(now), health: 'ok', since: at(-4_000), recent, ...troubles[id] };
}

/** Hours of the month before, as `digest` would have counted them: a daily rhythm, another for each event. */
async function countHours(store: Store, matcher: LiveMatcher): Promise<void> {
  const log = () => {};
  await countClosedHours({ stories: store.stories, series: store.series, control: store.control, now: () => now, log });
  for (const [place, value] of matcher.events.entries()) await putMonth(store, { name: 'event', value }, place);
  for (const [place, value] of matcher.entities.entries()) await putMonth(store, { name: 'entity', value }, place + 3);
  const to = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
  await store.control.putBeat('series', now.toISOString(), { from: at(-45 * 1_440), to });
}

async function putMonth(store: Store, target: SeriesTarget, place: number): Promise<void> {
  const busy = [9, 6, 4, 3, 2, 7, 5, 1][place % 8] ?? 1;
  for (let back = 1; back <= 45; back += 1) {
    const day = new Date(dayStart - back * 86_400_000).toISOString().slice(0, 10);
    await store.series.putDay(target, countedDay(day, busy, back + place));
  }
}

function countedDay(day: string, busy: number, seed: number): SeriesDay {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const rhythm = Math.max(0, Math.sin(((hour - 4) / 24) * Math.PI * 2 - 0.6) + 0.35);
    const stories = Math.floor(rhythm * busy * 0.45 * (((seed * 31 + hour * 17) % 10) / 10 + 0.3));
    return [String(hour).padStart(2, '0'), { stories, outlets: Math.ceil(stories * 0.7) }] as const;
  }).filter(([, { stories }]) => stories > 0);
  return { day, hours: Object.fromEntries(hours), outlets: printers.slice(0, Math.min(5, busy)) };
}

async function putSubscribers(store: Store, topics: ApiDeps['topics']): Promise<void> {
  const rows = [
    { id: 'desk', channel: 'email', address: 'desk@example.org', follow: ['*'], timeZone: 'Europe/Berlin' },
    {
      id: 'night',
      channel: 'sms',
      address: '+4915112345678',
      follow: ['israel-iran-ceasefire', 'sco'],
      timeZone: 'Asia/Tehran',
    },
    {
      id: 'hook',
      channel: 'https',
      address: 'https://example.org/alerts',
      follow: ['nato-hague-summit'],
      timeZone: 'UTC',
    },
  ] as const;
  for (const { id, channel, address, follow, timeZone } of rows) {
    const topicArn = await topics.create(id, 'Wirewatch');
    const waiting = (await topics.subscribe(topicArn, channel, address)) === null && id !== 'hook';
    const subscriptionArn = waiting ? await topics.confirm(topicArn, 'good') : null;
    const created = at(-9_000);
    const confirmed = subscriptionArn === null ? null : created;
    await store.subscribers.put({
      ...defaultPreferences,
      ...{ id, channel, topicArn, subscriptionArn, confirmed, follow, timeZone, created, consent: null },
      ...(id === 'night' && {
        leastPriority: 'high' as const,
        quiet: { start: '22:00', end: '06:30', criticalPasses: true },
      }),
    });
  }
}
