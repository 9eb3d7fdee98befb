import { type Cadence, inWords } from './cadence.ts';

/** Who wishes the feed to be left alone for how long, in seconds; null where nothing was said. */
export type PollWishes = {
  readonly cadence: Cadence;
  /** After failures in a row. */
  readonly backOff: number | null;
  /** Cache-Control max-age or Expires. */
  readonly fresh: number | null;
  /** RSS ttl. */
  readonly ttl: number | null;
  /** sy:updatePeriod over sy:updateFrequency. */
  readonly updatePeriod: number | null;
  readonly retryAfter: number | null;
  /** `every` of feeds.yaml. */
  readonly every: number | null;
};

export type SkipTimes = {
  /** UTC, 0 to 23. */
  readonly skipHours: readonly number[];
  /** UTC, 0 (Sunday) to 6. */
  readonly skipDays: readonly number[];
};

const shortestSeconds = 60;
const longestSeconds = 24 * 3_600;
/** A server that names a time gets it, up to a week. */
const longestRetryAfterSeconds = 7 * 24 * 3_600;
const hourMs = 3_600_000;

/**
 * The longest wish counts, between a minute and a day (Retry-After: a week), plus up to a tenth by chance so that
 * feeds that were polled together drift apart, outside the hours and days that the publisher named. `notBefore` leaves our
 * own rhythm out: what others ask for.
 * @param jitter 0 to 1
 */
export function nextPoll(
  wishes: PollWishes,
  skip: SkipTimes,
  now: Date,
  jitter: number,
): { at: Date; notBefore: Date; why: string } {
  const longest = longestWish(wishes);
  const seconds = longest.seconds * (1 + 0.1 * jitter);
  const at = new Date(now.getTime() + seconds * 1000);
  const allowed = outsideSkipped(at, skip, jitter);
  const moved = allowed === at ? '' : ', then outside skipHours and skipDays';
  const ofOthers = longestWish({ ...wishes, cadence: { seconds: 0, why: '' } }).seconds;
  const notBefore = allowed === at ? new Date(now.getTime() + ofOthers * 1000) : allowed;
  return { at: allowed, notBefore, why: `${longest.why}: ${inWords(longest.seconds)}${moved}` };
}

function longestWish(wishes: PollWishes): Cadence {
  const all: readonly (readonly [number | null, string, number])[] = [
    [wishes.cadence.seconds, wishes.cadence.why, longestSeconds],
    [wishes.fresh, 'the server says it is fresh', longestSeconds],
    [wishes.ttl, 'the feed asks for it (ttl)', longestSeconds],
    [wishes.updatePeriod, 'the feed asks for it (sy:updatePeriod)', longestSeconds],
    [wishes.every, 'feeds.yaml says so (every)', longestSeconds],
    [wishes.backOff, 'backing off', longestSeconds],
    [wishes.retryAfter, 'the server asks for it (Retry-After)', longestRetryAfterSeconds],
  ];
  let longest: Cadence = { seconds: shortestSeconds, why: 'never more than once a minute' };
  for (const [wish, why, limit] of all) {
    if (wish === null || !Number.isFinite(wish)) continue;
    const seconds = Math.min(wish, limit);
    if (seconds > longest.seconds) longest = { seconds, why };
  }
  return longest;
}

/** The first hour from `at` on that is not skipped; `at` itself where it is not, or where every hour is. */
function outsideSkipped(at: Date, skip: SkipTimes, jitter: number): Date {
  const isSkipped = (time: Date) =>
    skip.skipHours.includes(time.getUTCHours()) || skip.skipDays.includes(time.getUTCDay());
  if (!isSkipped(at)) return at;
  const hourStart = Math.floor(at.getTime() / hourMs) * hourMs;
  for (let hours = 1; hours <= 8 * 24; hours++) {
    const start = new Date(hourStart + hours * hourMs);
    // Not on the stroke of the hour: everybody else who honours skipHours comes then.
    if (!isSkipped(start)) return new Date(start.getTime() + 0.1 * jitter * hourMs);
  }
  // A feed that skips every hour of the week wants something else than never to be read.
  return at;
}
