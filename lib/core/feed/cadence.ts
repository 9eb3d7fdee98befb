/** How long to wait before looking again, learnt from when the feed published. */
export type Cadence = { readonly seconds: number; readonly why: string };

/** Stories closer together than this came at once: a newsroom's batch is one event. */
const togetherMs = 60_000;
/** For a feed of which too little is known to say. */
const unknownSeconds = 15 * 60;
/** A feed that is awake is looked at hourly even where it publishes once a week: its next story may matter. */
const slowestAwakeSeconds = 3_600;
/** A silence is looked into after a twelfth of its length: ten minutes after two hours, a day after twelve days. */
const silenceShare = 12;

/**
 * Half the usual gap between stories, so that a story waits a quarter of a gap on average and a feed's window is never
 * passed over; longer while the feed is silent (nights, holidays, abandoned feeds).
 * @param recent publishing times, ISO 8601, in any order
 */
export function cadence(recent: readonly string[], now: Date): Cadence {
  const times = eventTimes(recent);
  const newest = times.at(0);
  if (newest === undefined) return { seconds: unknownSeconds, why: 'no story with a date yet' };
  const silence = Math.max(0, (now.getTime() - newest) / 1000);
  const gap = middleGapSeconds(times);
  const awake = gap === null ? unknownSeconds : Math.min(gap / 2, slowestAwakeSeconds);
  const asleep = silence / silenceShare;
  if (asleep > awake) return { seconds: asleep, why: `silent for ${inWords(silence)}` };
  if (gap === null) return { seconds: unknownSeconds, why: 'one story so far' };
  return { seconds: awake, why: `stories come about every ${inWords(gap)}` };
}

/** `90` is `90 s`, `5400` is `90 min`: the largest unit that still says it in at least two of it. */
export function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** Newest first, in milliseconds, what came together counted once. */
function eventTimes(recent: readonly string[]): number[] {
  const sorted = recent
    .map((time) => Date.parse(time))
    .filter((time) => !Number.isNaN(time))
    .sort((a, b) => b - a);
  const events: number[] = [];
  for (const time of sorted) {
    const last = events.at(-1);
    if (last === undefined || last - time >= togetherMs) events.push(time);
  }
  return events;
}

/** The middle gap rather than the mean: one quiet night among twenty stories says nothing about the day. */
function middleGapSeconds(times: readonly number[]): number | null {
  const gaps = times
    .slice(1)
    .map((time, i) => ((times[i] ?? time) - time) / 1000)
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? null;
}
