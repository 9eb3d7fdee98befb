/** Feeds are asked at marks so many minutes apart; slow ones at each fifth mark, which is a mark of the quick ones too. */
const markMinutes = 3;
const slowMarkMinutes = 15;
/** From this wait on a feed is slow: to a slow mark it is half of the wait at most. */
const slowMs = 15 * 60_000;
/** A feed that wants to be asked again sooner than this, half the way from mark to mark, is asked in any minute. */
const soonMs = 90_000;
const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * When a feed is asked that would be due at `due`: at the mark nearest to it, so that feeds of one shard come due together
 * and a batch, which is paid whatever it holds, has many. As often a little earlier as a little later, so a story waits no
 * longer on average; never before `notBefore`, which is what others asked for, and never at once.
 */
export function atMark(
  { due, notBefore }: { readonly due: string; readonly notBefore: string },
  now: Date,
  phaseMinutes: number,
): string {
  const dueMs = Date.parse(due);
  const waitMs = dueMs - now.getTime();
  // A wait of days is somebody's wish or a feed's end, to be kept to the letter.
  if (waitMs < soonMs || waitMs > dayMs) return due;
  const everyMs = (waitMs < slowMs ? markMinutes : slowMarkMinutes) * minuteMs;
  const phaseMs = phaseMinutes * minuteMs;
  const nearest = Math.round((dueMs - phaseMs) / everyMs) * everyMs + phaseMs;
  const earliest = Math.max(Date.parse(notBefore), now.getTime() + minuteMs);
  return new Date(nearest >= earliest ? nearest : nearest + everyMs).toISOString();
}

/** Which minute of the three a shard has: four neighbours share one, and a message, and the next four have the next. */
export function markPhase(shard: string): number {
  const number = Number.parseInt(shard, 10);
  return Number.isNaN(number) ? 0 : Math.floor(number / 4) % markMinutes;
}
