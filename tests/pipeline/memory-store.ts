import { monthsBetween } from '../../lib/adapters/store/months.ts';
import { addUsage, noUsage } from '../../lib/core/cost/usage.ts';
import { noPollCounts, type PollCounts } from '../../lib/core/feed/poll-counts.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import { emptyTally, type Tally } from '../../lib/core/subscriber/tally.ts';
import { nothingRunning } from '../../lib/core/watchlist/running.ts';
import { gains } from '../../lib/pipeline/gains.ts';
import type { FunctionUsage, WatchlistVersion } from '../../lib/pipeline/ports/control-store.ts';
import type { FeedRow, FeedStore, Shard, ShardFeed } from '../../lib/pipeline/ports/feed-store.ts';
import type { LedgerRow, LedgerStore } from '../../lib/pipeline/ports/ledger-store.ts';
import type { SeriesDay, SeriesStore } from '../../lib/pipeline/ports/series-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type {
  Arrivals,
  AxisPage,
  AxisQuery,
  MatchRow,
  StoredStory,
  StoryStore,
} from '../../lib/pipeline/ports/story-store.ts';
import type { KeptStoryline, Placed, StorylineStore } from '../../lib/pipeline/ports/storyline-store.ts';

/** The store of the pipeline's tests: the same promises as the table's, kept in maps. One shared suite holds both to them. */
export function memoryStore(): Store {
  return {
    feeds: memoryFeeds(),
    stories: memoryStories(),
    storylines: memoryStorylines(),
    ledger: memoryLedger(),
    subscribers: memorySubscribers(),
    control: memoryControl(),
    series: memorySeries(),
  };
}

function memoryFeeds(): FeedStore {
  type Kept = Omit<FeedRow, 'revision'> & { readonly revision: number };
  const rows = new Map<string, Kept>();
  const shards = new Map<string, { feeds: Record<string, ShardFeed>; counts: PollCounts }>();
  const toShard = (id: string): Shard | null => {
    const shard = shards.get(id);
    return shard === undefined ? null : structuredClone({ id, ...shard });
  };
  const get = (ids: readonly string[]) =>
    [...new Set(ids)].flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [structuredClone(row)];
    });
  return {
    get: async (ids) => get(ids),
    getForPoll: async (ids) => get(ids),
    list: async () => get([...shards.values()].flatMap(({ feeds }) => Object.keys(feeds))),
    async putConfig(config, origin) {
      const row = rows.get(config.id);
      const moved = row !== undefined && row.config.url !== config.url;
      rows.set(config.id, {
        config: structuredClone(config),
        origin,
        pausedByHand: row?.pausedByHand ?? false,
        state: moved ? null : (row?.state ?? null),
        known: row?.known ?? new Uint8Array(),
        revision: (row?.revision ?? 0) + (moved ? 1 : 0),
      });
    },
    async putPausedByHand(id, paused) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, pausedByHand: paused });
    },
    async remove(id) {
      rows.delete(id);
    },
    async putPoll(id, { state, known, readRevision }) {
      const row = rows.get(id);
      if (row === undefined || row.revision !== readRevision) return false;
      rows.set(id, { ...row, state: structuredClone(state), known: known.slice(), revision: readRevision + 1 });
      return true;
    },
    shards: async () => [...shards.keys()].sort().flatMap((id) => toShard(id) ?? []),
    shard: async (id) => toShard(id),
    async putShard(id, feeds) {
      shards.set(id, { feeds: structuredClone({ ...feeds }), counts: shards.get(id)?.counts ?? noPollCounts });
    },
    async removeShard(id) {
      shards.delete(id);
    },
    async claim(read, feeds, tick) {
      const shard = shards.get(read.id);
      const asRead = (id: string) => {
        const feed = shard?.feeds[id];
        return feed?.claim === (read.feeds[id]?.claim ?? null) && feed.due === read.feeds[id]?.due;
      };
      if (shard === undefined || !feeds.every(asRead)) return false;
      for (const id of feeds) shard.feeds[id] = { ...(shard.feeds[id] as ShardFeed), claim: tick };
      return true;
    },
    async postpone(id, feed, until) {
      const shard = shards.get(id);
      const entry = shard?.feeds[feed];
      if (shard === undefined || entry === undefined || entry.due >= until) return;
      shard.feeds[feed] = { ...entry, due: until };
    },
    async finish(id, held, due, counts) {
      const shard = shards.get(id);
      if (shard === undefined) return;
      for (const [feed, at] of Object.entries(due)) {
        const entry = shard.feeds[feed];
        if (entry?.claim !== held) continue;
        shard.feeds[feed] = { ...entry, due: at, claim: null };
        shard.counts = counts;
      }
    },
  };
}

function memoryStories(): StoryStore {
  const stories = new Map<string, StoredStory>();
  const axes = new Map<string, MatchRow>();
  const arrivals = new Map<string, Arrivals>();
  const sightings = new Set<string>();
  return {
    async announce(by, at, ids) {
      arrivals.set(`${at}#${by}`, { at, by, ids: [...ids], isPromise: false });
    },
    async putNew(story) {
      if (stories.has(story.id)) return false;
      stories.set(story.id, structuredClone(story));
      return true;
    },
    async revise(id, revision) {
      const before = stories.get(id);
      if (before === undefined) return;
      const retitled = before.title !== revision.title;
      if (!retitled && !gains(before.match, revision.match) && revision.tell === before.tell) return;
      const earlier = { at: revision.at, title: before.title };
      stories.set(id, {
        ...before,
        title: revision.title,
        summary: revision.summary,
        match: revision.match ?? before.match,
        tell: revision.tell,
        undecidedSince: revision.undecided ? revision.at : before.undecidedSince,
        revisions: retitled ? [...before.revisions, earlier] : before.revisions,
      });
    },
    async addSighting(id, feed) {
      sightings.add(`${id}#${feed}`);
    },
    get: async (id) => structuredClone(stories.get(id) ?? null),
    async file(row) {
      const of = [
        'all#',
        `source#${row.source}`,
        `lang#${row.lang}`,
        `storyline#${row.storyline}`,
        ...row.entities.map((id) => `entity#${id}`),
        ...row.events.map((id) => `event#${id}`),
      ];
      for (const axis of of) axes.set(`${axis}|${row.published}#${row.id}`, structuredClone(row));
    },
    async decided(id, since) {
      const story = stories.get(id);
      if (story?.undecidedSince === since) stories.set(id, { ...story, undecidedSince: null });
    },
    async undecided(before, limit) {
      return [...stories.values()]
        .filter(({ undecidedSince }) => undecidedSince !== null && undecidedSince < before)
        .sort((a, b) => (a.undecidedSince ?? '').localeCompare(b.undecidedSince ?? ''))
        .slice(0, limit)
        .map((story) => structuredClone(story));
    },
    page: async (query) => memoryPage(axes, query),
    async arrivals(day, page) {
      return [...arrivals.entries()]
        .filter(([key]) => key.startsWith(day) && (page === undefined || key >= page.from))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row)
        .slice(0, page?.limit);
    },
  };
}

function memoryPage(axes: ReadonlyMap<string, MatchRow>, query: AxisQuery): AxisPage {
  const axis = query.axis.name === 'all' ? 'all#' : `${query.axis.name}#${query.axis.value}`;
  const months = new Set(monthsBetween(query.since, query.until));
  const keys = [...axes.keys()]
    .filter((key) => key.startsWith(`${axis}|`))
    .map((key) => key.slice(axis.length + 1))
    .filter((sk) => months.has(sk.slice(0, 7)) && sk >= query.since && sk <= `${query.until}#\uffff`)
    .filter((sk) => query.cursor === null || sk < query.cursor)
    .sort((a, b) => (a < b ? 1 : -1));
  const rows: MatchRow[] = [];
  let read = 0;
  let last: string | null = query.cursor;
  for (const sk of keys) {
    if (rows.length === query.limit || read === query.readAtMost) return { rows, next: last, read };
    const row = axes.get(`${axis}|${sk}`) as MatchRow;
    read += 1;
    last = sk;
    if (query.keep(row)) rows.push(row);
  }
  return { rows, next: null, read };
}

function memoryStorylines(): StorylineStore {
  const kept = new Map<string, KeptStoryline>();
  const placed = new Map<string, Placed>();
  let revision = 0;
  const time = ({ storyline }: KeptStoryline) => `${storyline.last}#${storyline.id}`;
  const copies = (keep: (one: KeptStoryline) => boolean) =>
    [...kept.values()].filter(keep).map((one) => structuredClone(one));
  return {
    open: async () => ({ storylines: copies(({ closed }) => closed === null), revision }),
    placed: async (story) => structuredClone(placed.get(story) ?? null),
    async place(placement, readRevision) {
      if (readRevision !== revision || placed.has(placement.story) !== placement.isRevision) return false;
      revision += 1;
      placed.set(placement.story, structuredClone(placement.placed));
      kept.set(placement.placed.storyline, structuredClone(placement.storyline));
      return true;
    },
    async close(storyline, at, readRevision) {
      if (readRevision !== revision) return false;
      revision += 1;
      kept.set(storyline.storyline.id, structuredClone({ ...storyline, closed: at }));
      return true;
    },
    get: async (id) => structuredClone(kept.get(id) ?? null),
    async list({ since, until, cursor, limit, readAtMost, keep }) {
      const before = cursor ?? `${until}#\uffff`;
      const inOrder = copies((one) => one.storyline.last >= since && time(one) < before)
        .sort((a, b) => (time(a) < time(b) ? 1 : -1))
        .slice(0, readAtMost + 1);
      const looked = inOrder.slice(0, readAtMost);
      const wanted = looked.filter(keep);
      const rows = wanted.slice(0, limit);
      const more = wanted.length > limit ? rows.at(-1) : inOrder.length > readAtMost ? looked.at(-1) : undefined;
      return { rows, next: more === undefined ? null : time(more), read: looked.length };
    },
  };
}

function memoryLedger(): LedgerStore {
  const rows = new Map<string, LedgerRow>();
  const ended = new Set<string>();
  const key = (row: Pick<LedgerRow, 'storyline' | 'state' | 'subscriber'>) =>
    `${row.storyline}#${row.state}#${row.subscriber}`;
  const all = (keep: (row: LedgerRow) => boolean) => [...rows.values()].filter(keep).map((row) => ({ ...row }));
  return {
    async claim(row) {
      if (rows.has(key(row))) return false;
      rows.set(key(row), { ...row, sent: null });
      return true;
    },
    async due(before, limit) {
      const time = ({ held, subscriber }: LedgerRow) => `${held?.until}#${subscriber}`;
      return all((row) => row.held !== null && row.held.until < before)
        .sort((a, b) => time(a).localeCompare(time(b)))
        .slice(0, limit);
    },
    async heldUntil(until, subscriber, limit) {
      return all((row) => row.held?.until === until && row.subscriber === subscriber).slice(0, limit);
    },
    async take(row, now) {
      const kept = rows.get(key(row));
      if (kept === undefined || kept.held === null || kept.held.until !== row.held?.until) return false;
      rows.set(key(row), { ...kept, held: null, waited: kept.held.why, claimed: now });
      return true;
    },
    async postpone(row, held) {
      const kept = rows.get(key(row));
      if (kept?.held?.until === row.held?.until && kept !== undefined) rows.set(key(row), { ...kept, held });
    },
    async reclaim(row, now) {
      const kept = rows.get(key(row));
      if (
        kept === undefined ||
        ended.has(key(row)) ||
        kept.held !== null ||
        kept.sent !== null ||
        kept.claimed !== row.claimed
      )
        return false;
      rows.set(key(row), { ...kept, claimed: now });
      return true;
    },
    async markSent(row, sent) {
      const kept = rows.get(key(row));
      if (kept !== undefined && kept.sent === null && kept.held === null && !ended.has(key(row)))
        rows.set(key(row), { ...kept, sent });
    },
    async end(row) {
      if (rows.get(key(row))?.held === null) ended.add(key(row));
    },
    async unsent(before, limit) {
      return all((row) => !ended.has(key(row)) && row.sent === null && row.held === null && row.claimed < before)
        .sort((a, b) => a.claimed.localeCompare(b.claimed))
        .slice(0, limit);
    },
    async sentOn(day, limit) {
      return all((row) => row.sent?.startsWith(day) === true)
        .sort((a, b) => (b.sent ?? '').localeCompare(a.sent ?? ''))
        .slice(0, limit);
    },
    ofStoryline: async (storyline) => all((row) => row.storyline === storyline),
  };
}

function memorySubscribers(): Store['subscribers'] {
  const rows = new Map<string, Subscriber>();
  const tallies = new Map<string, { tally: Tally; revision: number }>();
  return {
    list: async () => [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    get: async (id) => rows.get(id) ?? null,
    async put(subscriber) {
      rows.set(subscriber.id, structuredClone(subscriber));
    },
    async remove(id) {
      rows.delete(id);
      tallies.delete(id);
    },
    tally: async (id) => structuredClone(tallies.get(id) ?? { tally: emptyTally, revision: 0 }),
    async putTally(id, tally, readRevision) {
      if ((tallies.get(id)?.revision ?? 0) !== readRevision) return false;
      tallies.set(id, { tally: structuredClone(tally), revision: readRevision + 1 });
      return true;
    },
  };
}

function memoryControl(): Store['control'] {
  let live: WatchlistVersion | null = null;
  const versions: WatchlistVersion[] = [];
  let running = { state: nothingRunning, revision: 0 };
  const usages = new Map<string, FunctionUsage>();
  const beats = new Map<string, { at: string; note: unknown }>();
  let links: Awaited<ReturnType<Store['control']['linkKeys']>> = { keys: [], revision: 0 };
  return {
    liveWatchlist: async () => live,
    async putWatchlist(version) {
      live = { ...version };
      versions.unshift(live);
    },
    watchlistVersions: async (limit) => versions.slice(0, limit),
    running: async () => structuredClone(running),
    async putRunning(state, readRevision) {
      if (running.revision !== readRevision) return false;
      running = { state: structuredClone(state), revision: readRevision + 1 };
      return true;
    },
    beat: async (name) => beats.get(name) ?? null,
    async putBeat(name, at, note) {
      beats.set(name, { at, note });
    },
    async addUsage(name, at, added, watchlist) {
      const key = `${at.slice(0, 7)} ${name}`;
      const before = usages.get(key);
      const used = addUsage(before?.used ?? noUsage, added);
      usages.set(key, { name, since: before?.since ?? at, until: at, watchlist, used });
    },
    usage: async (month) => [...usages].flatMap(([key, usage]) => (key.startsWith(month) ? [usage] : [])),
    linkKeys: async () => structuredClone(links),
    async putLinkKeys(keys, readRevision) {
      if (links.revision !== readRevision) return false;
      links = { keys: structuredClone([...keys]), revision: readRevision + 1 };
      return true;
    },
  };
}

function memorySeries(): SeriesStore {
  const days = new Map<string, SeriesDay>();
  return {
    days: async (target, from, to) =>
      [...days]
        .filter(([key, { day }]) => key === `${JSON.stringify(target)} ${day}` && day >= from && day <= to)
        .map(([, day]) => structuredClone(day))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
    async putDay(target, day) {
      days.set(`${JSON.stringify(target)} ${day.day}`, structuredClone(day));
    },
  };
}
