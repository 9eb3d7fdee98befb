import { isDeepStrictEqual } from 'node:util';
import { looksLikePage, looksLikeWall } from './block-page.ts';
import { cadence, inWords } from './cadence.ts';
import type { ReadFeed } from './feed-entry.ts';
import type { Fetched } from './fetched.ts';
import { nextPoll } from './next-poll.ts';
import type { FeedHealth, PollState } from './poll-state.ts';

export type AfterPollInput = {
  readonly state: PollState;
  readonly fetched: Fetched;
  /** What the body was read as; null where there was none. */
  readonly read: ReadFeed | null;
  /** Publishing times of the entries listed now, ISO 8601, in any order. */
  readonly newestPublished: readonly string[];
  readonly newStories: number;
  /** `every` of feeds.yaml. */
  readonly everySeconds: number | null;
  readonly now: Date;
  /** 0 to 1, by chance. */
  readonly jitter: number;
};

export type AfterPoll = {
  readonly state: PollState;
  /** False where the state is what it was, so that nothing has to be written. */
  readonly changed: boolean;
  /** ISO 8601; `neverAgain` for a feed that is gone. */
  readonly nextPollAt: string;
  /** What the publisher, the user or a failure asks for: a poll before this time is one too many. */
  readonly notBefore: string;
  /** Why then, in a phrase. */
  readonly why: string;
  /** Until when nobody should ask this host for anything, ISO 8601; null where it did not complain. */
  readonly holdHostUntil: string | null;
};

/** The due time of a feed that answered 410: it sorts after every time that comes. */
export const neverAgain = '9999-12-31T00:00:00.000Z';

/** A move is believed once so many polls in a row were sent to the same place: an outage redirects too. */
const pollsUntilMoved = 3;
/** After so many failures in a row an adopted address is given up for the configured one. */
const failuresUntilBack = 5;
const recentKept = 20;
/** Counting further would write the state for nothing: the wait is a day by then. */
const failuresCounted = 12;

const noHints: PollState['hints'] = { ttlMinutes: null, updatePeriodMinutes: null, skipHours: [], skipDays: [] };

/** What is known of a feed that was never polled. */
export function newPollState(now: Date): PollState {
  return {
    health: 'new',
    since: now.toISOString(),
    problem: '',
    failures: 0,
    etag: null,
    lastModified: null,
    moved: null,
    url: null,
    recent: [],
    hints: noHints,
  };
}

/**
 * What one poll teaches: the state to remember, and when to come back. A poll that brought nothing new leaves the state
 * as it was (the very same object), because most polls do and each write costs.
 */
export function afterPoll(input: AfterPollInput): AfterPoll {
  const failure = failureOf(input);
  const next = failure === null ? afterSuccess(input) : afterFailure(input, failure);
  const changed = !isDeepStrictEqual(next, input.state);
  const state = changed ? next : input.state;
  if (state.health === 'gone') {
    return {
      state,
      changed,
      nextPollAt: neverAgain,
      notBefore: neverAgain,
      why: 'gone (410): not asked again',
      holdHostUntil: null,
    };
  }
  return { state, changed, ...whenNext(input, state, failure) };
}

type Failure = { readonly health: FeedHealth; readonly problem: string; readonly firstWaitSeconds: number };

/** How long the first failure in a row of each kind makes us wait; each further one doubles it. */
const firstWaitSeconds: Partial<Record<FeedHealth, number>> = {
  unreachable: 2 * 60,
  broken: 5 * 60,
  empty: 5 * 60,
  busy: 5 * 60,
  'not-a-feed': 15 * 60,
  'too-large': 60 * 60,
  // Whoever blocks us is annoyed more by every try.
  blocked: 30 * 60,
};

function failureOf({ state, fetched, read }: AfterPollInput): Failure | null {
  if (fetched.kind === 'failed') {
    const health = healthOf[fetched.reason];
    return failure(health, fetched.message);
  }
  if (fetched.kind === 'unchanged') {
    if (state.etag !== null || state.lastModified !== null) return null;
    return failure('broken', 'the server said "not modified" (304) though nothing was known of the feed');
  }
  if (read === null) return failure('broken', 'the answer was not read');
  if (read.kind === 'feed') return null;
  const wasFeed = state.recent.length > 0 || state.etag !== null || state.lastModified !== null;
  if (looksLikeWall(fetched.body, fetched.contentType)) {
    return failure('blocked', 'a page that keeps robots out (captcha or challenge) where the feed should be');
  }
  if (wasFeed && looksLikePage(fetched.body, fetched.contentType)) {
    return failure('blocked', 'an HTML page where the feed was: blocked, or the feed has moved');
  }
  return failure(read.error.kind, read.error.message);
}

const healthOf = {
  blocked: 'blocked',
  gone: 'gone',
  missing: 'broken',
  busy: 'busy',
  unreachable: 'unreachable',
  'too-large': 'too-large',
  forbidden: 'broken',
  broken: 'broken',
} as const satisfies Record<Extract<Fetched, { kind: 'failed' }>['reason'], FeedHealth>;

function failure(health: FeedHealth, problem: string): Failure {
  return { health, problem, firstWaitSeconds: firstWaitSeconds[health] ?? 5 * 60 };
}

function afterFailure({ state, now }: AfterPollInput, { health, problem }: Failure): PollState {
  const failures = Math.min(state.failures + 1, failuresCounted);
  // Validators stay: an error says nothing about what we hold. A move does not go on through a failure.
  const failed: PollState = { ...state, ...healthNow(state, health, now), problem, failures, moved: null };
  if (state.url === null || failures < failuresUntilBack) return failed;
  // What was learnt belongs to the address that failed, so the configured one is asked from the beginning.
  return { ...failed, url: null, etag: null, lastModified: null };
}

function afterSuccess(input: AfterPollInput): PollState {
  const { state, fetched, read, now } = input;
  if (fetched.kind === 'failed') throw new Error(`a failed fetch counted as a success: ${fetched.message}`);
  const address = addressAfter(state, fetched.permanentUrl);
  const listsNothing = read?.kind === 'feed' ? read.entries.length === 0 : state.health === 'empty';
  const movedTo = address.moved?.url ?? address.url;
  const health: FeedHealth = listsNothing ? 'empty' : movedTo !== null ? 'moved' : 'ok';
  return {
    ...state,
    ...healthNow(state, health, now),
    problem: successNote(health, movedTo),
    failures: 0,
    ...validatorsAfter(state, fetched),
    ...address,
    recent: recentAfter(input),
    hints: read?.kind === 'feed' ? hintsOf(read.feed) : state.hints,
  };
}

function successNote(health: FeedHealth, movedTo: string | null): string {
  if (health === 'empty') return 'the feed lists no entries';
  if (health === 'moved') return `moved permanently to ${movedTo}: write that address in feeds.yaml`;
  return '';
}

function healthNow(state: PollState, health: FeedHealth, now: Date): Pick<PollState, 'health' | 'since'> {
  return { health, since: health === state.health ? state.since : now.toISOString() };
}

/** A 200 replaces both validators, and a missing one is cleared; a 304 may bring new ones (RFC 9110, 15.4.5). */
function validatorsAfter(
  state: PollState,
  fetched: Exclude<Fetched, { kind: 'failed' }>,
): Pick<PollState, 'etag' | 'lastModified'> {
  if (fetched.kind === 'fresh') return { etag: fetched.etag, lastModified: fetched.lastModified };
  return { etag: fetched.etag ?? state.etag, lastModified: fetched.lastModified ?? state.lastModified };
}

/** Counts polls that were permanently sent to one place, and adopts it once it has held. */
function addressAfter(state: PollState, permanentUrl: string | null): Pick<PollState, 'moved' | 'url'> {
  if (permanentUrl === null || permanentUrl === state.url) return { moved: null, url: state.url };
  const polls = state.moved?.url === permanentUrl ? state.moved.polls + 1 : 1;
  if (polls >= pollsUntilMoved) return { moved: null, url: permanentUrl };
  return { moved: { url: permanentUrl, polls }, url: state.url };
}

/** Left alone while nothing is new: some feeds date all their entries anew in every answer. */
function recentAfter({ state, newestPublished, newStories, now }: AfterPollInput): readonly string[] {
  if (newStories === 0 && state.recent.length > 0) return state.recent;
  const past = newestPublished.filter((time) => Date.parse(time) < now.getTime());
  // A feed without dates teaches its rhythm by when its stories turned up.
  const seen = past.length === 0 && newStories > 0 ? [now.toISOString()] : past;
  return [...new Set([...seen, ...state.recent])].sort((a, b) => Date.parse(b) - Date.parse(a)).slice(0, recentKept);
}

function hintsOf(feed: PollState['hints']): PollState['hints'] {
  return {
    ttlMinutes: feed.ttlMinutes,
    updatePeriodMinutes: feed.updatePeriodMinutes,
    skipHours: feed.skipHours,
    skipDays: feed.skipDays,
  };
}

function whenNext(
  { fetched, everySeconds, now, jitter }: AfterPollInput,
  state: PollState,
  failed: Failure | null,
): Pick<AfterPoll, 'nextPollAt' | 'notBefore' | 'why' | 'holdHostUntil'> {
  const rhythm = cadence(state.recent, now);
  const backOff = failed === null ? null : backOffSeconds(failed, rhythm.seconds, state.failures);
  const minutes = (wish: number | null) => (wish === null ? null : wish * 60);
  const wishes = {
    cadence: rhythm,
    backOff,
    fresh: fetched.kind === 'failed' ? null : fetched.freshForSeconds,
    ttl: minutes(state.hints.ttlMinutes),
    updatePeriod: minutes(state.hints.updatePeriodMinutes),
    retryAfter: fetched.retryAfterSeconds,
    every: everySeconds,
  };
  const { at, notBefore: earliest, why } = nextPoll(wishes, state.hints, now, jitter);
  const notBefore = earliest.toISOString();
  const reason = failed === null ? why : `${failureCount(state.failures)} (${state.health}); ${why}`;
  const nextPollAt = at.toISOString();
  const isBusy = fetched.kind === 'failed' && fetched.reason === 'busy';
  if (!isBusy) return { nextPollAt, notBefore, why: reason, holdHostUntil: null };
  // The host is held for what it asked, or for our own patience: not for this feed's rhythm or its skipped hours.
  const patience = failed === null ? 0 : Math.min(failed.firstWaitSeconds * 2 ** (state.failures - 1), 86_400);
  const holdSeconds = Math.min(Math.max(fetched.retryAfterSeconds ?? 0, patience), 7 * 86_400);
  const holdHostUntil = new Date(now.getTime() + holdSeconds * 1000).toISOString();
  return { nextPollAt, notBefore, why: `${reason}; the host is held for ${inWords(holdSeconds)}`, holdHostUntil };
}

/** Doubles with every failure, from the feed's own rhythm where that is slower: each wait is longer than the last. */
function backOffSeconds(failed: Failure, rhythmSeconds: number, failures: number): number {
  const first = Math.max(failed.firstWaitSeconds, Math.min(rhythmSeconds, 3_600));
  return first * 2 ** (failures - 1);
}

function failureCount(failures: number): string {
  if (failures === 1) return 'failed once';
  return failures >= failuresCounted ? `failed ${failures} times or more` : `failed ${failures} times`;
}
