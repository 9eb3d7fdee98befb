import { checkBeat } from './check-subscriptions.ts';
import type { Finding } from './finding.ts';
import { lostAlertFindings } from './lost-alerts.ts';
import { feeds, type QueryDeps } from './queries.ts';
import { topicFindings } from './renew-topics.ts';
import { type RunSources, runFindings } from './run-findings.ts';
import { listSubscribers, type SubscribeDeps } from './subscribe.ts';
import { accountFindings, type SubscriptionsChecked, subscriptionFinding } from './subscription-findings.ts';

/** A digest beat older than this is missing: it runs every quarter of an hour. */
const beatWithinMs = 40 * 60_000;
/** The check of subscriptions runs once a day. */
const checkWithinMs = 2 * 86_400_000;
/** Matches older than this should have been decided by the stream or by the sweep. */
const undecidedWithinMs = 20 * 60_000;

/** What is wrong in a running system and what to do about it. An empty list is a healthy system. */
export async function doctor(deps: QueryDeps & SubscribeDeps & RunSources): Promise<readonly Finding[]> {
  return [
    ...(await watchlistFindings(deps)),
    ...(await feedFindings(deps)),
    ...(await subscriberFindings(deps)),
    ...(await lostAlertFindings(deps.lostAlerts, deps.subscribers)),
    ...(await topicFindings(deps.store.control)),
    ...(await workFindings(deps)),
    ...(await runFindings(deps)),
  ];
}

async function watchlistFindings(deps: QueryDeps): Promise<readonly Finding[]> {
  if ((await deps.store.control.liveWatchlist()) !== null) return [];
  return [
    { level: 'fault', what: 'no watchlist is live, so nothing is matched', remedy: 'wirewatch apply --config config' },
  ];
}

async function feedFindings(deps: QueryDeps): Promise<readonly Finding[]> {
  const listed = await feeds(deps);
  if (listed.length === 0) {
    return [
      { level: 'fault', what: 'there are no feeds', remedy: 'add some to config/feeds.yaml and run wirewatch apply' },
    ];
  }
  const ill = listed.filter(({ state }) => !['ok', 'new', 'moved', 'paused'].includes(state));
  return ill.map(({ id, state, problem, since }) => ({
    level: state === 'gone' || state === 'blocked' ? 'fault' : 'warning',
    what: `feed ${id} is ${state} since ${since ?? 'its first poll'}: ${problem}`,
    remedy: remedyFor(state),
  }));
}

function remedyFor(state: string): string {
  if (state === 'gone') return 'the publisher has ended it: take it out of feeds.yaml or give its new address';
  if (state === 'blocked') return 'the publisher refuses us: give an alternate address, or ask the publisher';
  if (state === 'empty') return 'it lists nothing: look at its address in a browser';
  if (state === 'not-a-feed')
    return 'something else stands at this address: look at it in a browser and mend it in feeds.yaml';
  return 'it is tried again by itself, ever more seldom; wirewatch feed URL shows what happens';
}

/** The daily check knows more of a subscription than is asked here; it is late by a day, and its ids may be gone. */
async function subscriberFindings(deps: QueryDeps & SubscribeDeps): Promise<readonly Finding[]> {
  const listed = await listSubscribers(deps);
  const last = await deps.store.control.beat(checkBeat);
  const checked = last === null ? null : (last.note as SubscriptionsChecked);
  const byId = new Map(checked?.troubles.map((trouble) => [trouble.id, trouble]));
  const each = listed.flatMap(({ id, channel, state }) => {
    if (state !== 'confirmed') return [subscriptionFinding({ id, channel, state })];
    const trouble = byId.get(id);
    const isPast = trouble === undefined || trouble.state === 'pending' || trouble.state === 'lost';
    return isPast ? [] : [subscriptionFinding(trouble)];
  });
  const since = Math.min(...listed.map(({ created }) => Date.parse(last?.at ?? created)));
  const late = deps.now().getTime() - since > checkWithinMs ? [checkIsLate(new Date(since))] : [];
  return [...each, ...accountFindings(checked?.sms ?? null, listed), ...late];
}

function checkIsLate(since: Date): Finding {
  return {
    level: 'warning',
    what: `subscriptions have not been checked since ${since.toISOString()}, so one that is lost goes unnoticed`,
    remedy: 'look at the log of the digest function, which checks them once a day',
  };
}

async function workFindings(deps: QueryDeps): Promise<readonly Finding[]> {
  const now = deps.now().getTime();
  const before = new Date(now - undecidedWithinMs).toISOString();
  const undecided = await deps.store.stories.undecided(before, 100);
  const unsent = await deps.store.ledger.unsent(before, 100);
  const beat = await deps.store.control.beat('digest');
  const findings: Finding[] = [];
  if (undecided.length > 0) {
    findings.push({
      level: 'fault',
      what: `${undecided.length} matches wait undecided, the oldest since ${undecided[0]?.undecidedSince}`,
      remedy:
        'look at the log of the alert function; wirewatch redrive tries them again now, the next digest run by itself',
    });
  }
  if (unsent.length > 0) {
    findings.push({
      level: 'fault',
      what: `${unsent.length} alerts were claimed and not sent, the oldest at ${unsent[0]?.claimed}`,
      remedy:
        'look at the log of the alert function for what SNS said; wirewatch redrive tries them again now, the next digest run by itself',
    });
  }
  // Without a watchlist it has nothing to do, and leaves no beat.
  const since = beat?.at ?? (await deps.store.control.liveWatchlist())?.applied;
  if (since !== undefined && now - Date.parse(since) > beatWithinMs) {
    findings.push({
      level: 'fault',
      what: beat === null ? `digest has not run since the watchlist of ${since}` : `digest last ran at ${since}`,
      remedy: 'look whether its schedule is enabled and at its log',
    });
  }
  return findings;
}
