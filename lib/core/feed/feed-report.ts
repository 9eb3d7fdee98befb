import type { PollState } from './poll-state.ts';

/** Why a feed is reported to whoever runs the system; each reason once, until the feed is well again. */
export type FeedReason = 'failing for 6 hours' | 'failing for 3 days' | 'silent';

const hourMs = 3_600_000;
/** Fewer gaps than this say nothing of a rhythm. */
const fewestGaps = 8;
/** A quiet day is no silence, whatever the rhythm: newsrooms have weekends. */
const leastSilenceMs = 36 * hourMs;

/** The reasons to report a feed now. */
export function feedReasons(state: PollState, now: Date): readonly FeedReason[] {
  if (state.failures > 0 || state.health === 'gone') {
    const failingMs = now.getTime() - Date.parse(state.since);
    if (failingMs >= 72 * hourMs) return ['failing for 6 hours', 'failing for 3 days'];
    return failingMs >= 6 * hourMs ? ['failing for 6 hours'] : [];
  }
  return isSilent(state.recent, now) ? ['silent'] : [];
}

/** Whether the time since the last story lies four deviations above the mean gap of the feed's own stories. */
function isSilent(recent: readonly string[], now: Date): boolean {
  const times = recent.map((time) => Date.parse(time)).sort((a, b) => b - a);
  const gaps = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  if (gaps.length < fewestGaps) return false;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  return now.getTime() - (times[0] ?? 0) > Math.max(leastSilenceMs, mean + 4 * deviation);
}
