import { type ProofOfLife, renderProofOfLife, renderProofOfLifeSms } from '../core/alert/render-proof-of-life.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { afterTelling, whenToRelease } from '../core/subscriber/when-to-tell.ts';
import { linksFor, type Message, type TextDeps } from './alert-message.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { FeedStore, Shard } from './ports/feed-store.ts';
import type { StoryStore } from './ports/story-store.ts';
import { type TellDeps, withTally } from './tell.ts';

export type ProofOfLifeDeps = Pick<TellDeps, 'subscribers' | 'publish' | 'accepted' | 'smsUsd' | 'now' | 'log'> &
  Pick<TextDeps, 'linkKeys' | 'publicUrl'> & {
    readonly feeds: Pick<FeedStore, 'list' | 'shards'>;
    readonly stories: Pick<StoryStore, 'page'>;
    readonly control: ControlStore;
    /** A reader who heard nothing for so many days hears that somebody watches. */
    readonly afterDays: number;
  };

/** Polls by day of UTC: a shard counts its own day only. */
type PollsByDay = Readonly<Record<string, number>>;

const beatName = 'proof-of-life';
const everyMs = 55 * 60_000;
const dayMs = 86_400_000;
const mostDays = 92;
/** What is counted of matches; a reader who reads "5000" learns what they wanted to know. */
const mostMatches = 5_000;

/** Once an hour: one line to each confirmed reader who was told nothing for days. Says how many were told. */
export async function proveLife(deps: ProofOfLifeDeps): Promise<number> {
  const now = deps.now();
  const last = await deps.control.beat(beatName);
  if (last !== null && now.getTime() - Date.parse(last.at) < everyMs) return 0;
  const polls = withToday((last?.note ?? {}) as PollsByDay, await deps.feeds.shards(), now);
  let told = 0;
  for (const reader of await deps.subscribers.list()) {
    const since = await silentSince(reader, now, deps);
    if (since !== null && (await tell(reader, since, polls, deps))) told += 1;
  }
  await deps.control.putBeat(beatName, now.toISOString(), polls);
  return told;
}

function withToday(before: PollsByDay, shards: readonly Shard[], now: Date): PollsByDay {
  const today = now.toISOString().slice(0, 10);
  const counted = shards
    .filter(({ counts }) => counts.day === today)
    .reduce((sum, { counts }) => sum + counts.polls, 0);
  const days = { ...before, [today]: Math.max(before[today] ?? 0, counted) };
  return Object.fromEntries(Object.entries(days).sort().slice(-mostDays));
}

/** Since when the reader has heard nothing, where that is long enough and they may be told now. */
async function silentSince(reader: Subscriber, now: Date, deps: ProofOfLifeDeps): Promise<string | null> {
  if (reader.subscriptionArn === null || reader.paused) return null;
  const { tally } = await deps.subscribers.tally(reader.id);
  const since = tally.lastTold ?? reader.created;
  if (now.getTime() - Date.parse(since) < deps.afterDays * dayMs) return null;
  // Not by what they follow, which is nothing of this, but by their hours and caps.
  const asAlert = { storyline: '', state: 'corrected' as const, priority: 'low' as const, lang: '' };
  const { kind } = whenToRelease(reader, tally, asAlert, now, { smsUsd: deps.smsUsd });
  return kind === 'now' ? since : null;
}

/** Published before it is noted: a crash in between repeats one line and loses none. */
async function tell(reader: Subscriber, since: string, polls: PollsByDay, deps: ProofOfLifeDeps): Promise<boolean> {
  try {
    const message = messageFor(await factsSince(since, polls, deps), reader, (await linksFor(reader, deps))(null));
    await deps.publish({ topicArn: reader.topicArn, ...message });
    deps.accepted(reader.channel);
    const price = { smsUsd: deps.smsUsd };
    await withTally(reader, deps, (tally, now) => ({ result: true, after: afterTelling(reader, tally, now, price) }));
    deps.log({ event: 'proof of life', subscriber: reader.id });
    return true;
  } catch (error) {
    deps.log({ event: 'proof of life not accepted', subscriber: reader.id, error: String(error) });
    return false;
  }
}

function messageFor(
  facts: ProofOfLife,
  reader: Subscriber,
  links: { readonly changeUrl: string | null; readonly stopUrl: string | null },
): Message {
  if (reader.channel === 'sms') return { subject: null, body: renderProofOfLifeSms(facts, reader) };
  if (reader.channel === 'https') {
    return { subject: null, body: JSON.stringify({ version: 1, kind: 'proof-of-life', ...facts }) };
  }
  return renderProofOfLife(facts, { timeZone: reader.timeZone, ...links });
}

async function factsSince(since: string, polls: PollsByDay, deps: ProofOfLifeDeps): Promise<ProofOfLife> {
  const rows = await deps.feeds.list('lately');
  const page = await deps.stories.page({
    axis: { name: 'all' },
    since,
    until: deps.now().toISOString(),
    cursor: null,
    limit: mostMatches,
    readAtMost: mostMatches,
    keep: () => true,
  });
  const failing = rows.flatMap(({ config, state }) =>
    state === null || config.paused || ['ok', 'moved', 'new'].includes(state.health)
      ? []
      : [{ feed: config.id, since: state.since }],
  );
  return {
    since,
    polls: Object.entries(polls).reduce((sum, [day, count]) => sum + (day >= since.slice(0, 10) ? count : 0), 0),
    matches: page.rows.length,
    feeds: rows.length,
    failing,
  };
}
