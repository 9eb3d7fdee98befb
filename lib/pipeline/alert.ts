import { reasons, wants } from '../core/alert/wants.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { alertMessage, integrationMessage } from './alert-message.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { mapLimited } from './map-limited.ts';
import type {
  FeedRow,
  LedgerRow,
  LedgerStore,
  Log,
  MatchRow,
  Publish,
  StoredMatch,
  StoredStory,
  StoryStore,
  SubscriberStore,
} from './ports.ts';

export type AlertDeps = {
  readonly stories: StoryStore;
  readonly ledger: LedgerStore;
  readonly subscribers: SubscriberStore;
  readonly matcher: LiveMatcher;
  readonly feed: (id: string) => Promise<FeedRow | null>;
  readonly publish: Publish;
  readonly integrationTopic: string;
  readonly now: () => Date;
  readonly log: Log;
};

export type AlertSummary = {
  readonly filed: number;
  /** Alerts that SNS accepted for subscribers; the integration topic's message is not counted. */
  readonly sent: number;
  /** Claimed and not accepted: left for `digest`. */
  readonly unsent: number;
};

type MatchedStory = StoredStory & { readonly match: StoredMatch };

/** The subscriber's id under which the integration topic is entered in the ledger. */
export const integrationId = 'integration';

/** A claim younger than this belongs to somebody who may still be publishing. */
export const claimLeaseMs = 2 * 60_000;

/**
 * Decides one matched story: files it where queries look, tells each subscriber who wants it once, and ends its wait.
 * May run again at any point: filing repeats itself, the ledger lets one caller alone tell each subscriber, and the wait
 * ends last.
 */
export async function decide(story: StoredStory, deps: AlertDeps): Promise<AlertSummary> {
  if (story.match === null || story.undecidedSince === null) return { filed: 0, sent: 0, unsent: 0 };
  const matched = { ...story, match: story.match };
  await deps.stories.file(matchRow(matched));
  const told = story.tell ? await tellAll(matched, deps) : { sent: 0, unsent: 0 };
  await deps.stories.decided(story.id, story.undecidedSince);
  return { filed: 1, ...told };
}

/** Publishes again what was claimed and never sent. The lease is the only time in which a duplicate is possible. */
export async function redeem(claim: LedgerRow, deps: AlertDeps): Promise<boolean> {
  if (!(await deps.ledger.reclaim(claim, deps.now().toISOString()))) return false;
  const story = await deps.stories.get(claim.story);
  if (story === null || story.match === null) {
    deps.log({ event: 'alert without a story', storyline: claim.storyline, subscriber: claim.subscriber });
    // Its row has expired, and nothing can be said of it any more; else every sweep would come back to it.
    return send(claim, async () => {}, deps);
  }
  const matched = { ...story, match: story.match };
  if (claim.subscriber === integrationId) return send(claim, () => publishIntegration(matched, deps), deps);
  const subscriber = await deps.subscribers.get(claim.subscriber);
  // Who left meanwhile is not told; the claim ends as sent so that nobody looks at it again.
  if (subscriber === null) return send(claim, async () => {}, deps);
  return send(claim, () => publishTo(subscriber, matched, deps), deps);
}

async function tellAll(story: MatchedStory, deps: AlertDeps): Promise<{ sent: number; unsent: number }> {
  const readers = (await deps.subscribers.list()).filter((reader) => wants(reader, story.match));
  const tier = (await deps.feed(story.feed))?.config.tier ?? 3;
  const [integration, ...told] = await mapLimited([null, ...readers], 10, (reader) =>
    tellOne(story, reader, tier, deps),
  );
  return {
    sent: told.filter((result) => result === 'sent').length,
    unsent: [integration, ...told].filter((result) => result === 'not sent').length,
  };
}

async function tellOne(
  story: MatchedStory,
  reader: Subscriber | null,
  tier: number,
  deps: AlertDeps,
): Promise<'told before' | 'sent' | 'not sent'> {
  const now = deps.now().toISOString();
  const row = {
    storyline: story.id,
    state: 'new' as const,
    subscriber: reader?.id ?? integrationId,
    story: story.id,
    published: story.published,
    seen: story.seen,
    decided: now,
    claimed: now,
    tier,
    held: null,
  };
  if (!(await deps.ledger.claim(row))) return 'told before';
  const publish = reader === null ? () => publishIntegration(story, deps) : () => publishTo(reader, story, deps);
  return (await send(row, publish, deps)) ? 'sent' : 'not sent';
}

/** A failure leaves the claim open: `digest` finds it once its lease has passed. */
async function send(row: Omit<LedgerRow, 'sent'>, publish: () => Promise<void>, deps: AlertDeps): Promise<boolean> {
  try {
    await publish();
  } catch (error) {
    deps.log({
      event: 'alert not accepted',
      storyline: row.storyline,
      subscriber: row.subscriber,
      error: String(error),
    });
    return false;
  }
  await deps.ledger.markSent(row, deps.now().toISOString());
  return true;
}

async function publishTo(reader: Subscriber, story: MatchedStory, deps: AlertDeps): Promise<void> {
  const why = reasons(reader.follow, [...story.match.events, ...story.match.entities]);
  const outletName = (await deps.feed(story.feed))?.config.name ?? story.outlet;
  await deps.publish({
    topicArn: reader.topicArn,
    ...alertMessage({ story, reader, why, outletName, matcher: deps.matcher }),
  });
}

async function publishIntegration(story: MatchedStory, deps: AlertDeps): Promise<void> {
  const outletName = (await deps.feed(story.feed))?.config.name ?? story.outlet;
  await deps.publish({
    topicArn: deps.integrationTopic,
    ...integrationMessage({ story, outletName, matcher: deps.matcher }),
  });
}

/** What lists of matches show of a story. */
export function matchRow(story: MatchedStory): MatchRow {
  return {
    id: story.id,
    storyline: story.id,
    title: cut(story.title, 300),
    url: story.url,
    source: story.feed,
    outlet: story.outlet,
    lang: story.lang,
    published: story.published,
    seen: story.seen,
    entities: story.match.entities,
    events: story.match.events,
    priority: story.match.priority,
    words: [...new Set(story.match.evidence.map(({ text }) => cut(text, 40)))].slice(0, 6),
    summary: cut(story.summary, 200),
  };
}

/** So many characters at most, and no half of one: the store refuses those. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
