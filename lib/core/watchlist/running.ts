/**
 * Which stories are running: for each event, how many stories matched its strict rule and when each outlet last had one.
 * Small, plain JSON; what is older than the longest window is forgotten. Times are hours since 1970.
 */
export type RunningState = {
  readonly v: 1;
  readonly events: Readonly<Record<string, RunningStory>>;
};

export type RunningStory = {
  /** Stories in each six hours, as [hours / 6, count], oldest first. */
  readonly stories: readonly (readonly [number, number])[];
  /** When each outlet last had one, newest first, at most fifty. */
  readonly outlets: readonly (readonly [string, number])[];
};

export type RunningRule = { readonly outlets: number; readonly withinHours: number };

/** What the evidence says of a running story. */
export type RunningCount = { readonly stories: number; readonly outlets: number; readonly hours: number };

export const nothingRunning: RunningState = { v: 1, events: {} };

const bucketHours = 6;
const longestHours = 30 * 24;
const mostOutlets = 50;

/** The state after a story whose strict rules matched these events. A story without a date changes nothing. */
export function noteMatched(
  state: RunningState,
  story: { readonly events: readonly string[]; readonly outlet: string; readonly published: string | null },
): RunningState {
  const hour = hourOf(story.published);
  if (hour === null || story.events.length === 0) return state;
  const events: Record<string, RunningStory> = {};
  for (const [id, running] of Object.entries(state.events)) {
    const kept = forget(running, hour);
    if (kept.stories.length > 0) events[id] = kept;
  }
  for (const id of story.events) events[id] = add(events[id] ?? { stories: [], outlets: [] }, story.outlet, hour);
  return { v: 1, events };
}

/** Two states joined, where functions kept them apart: the later outlet times, the greater counts. */
export function mergeRunning(a: RunningState, b: RunningState): RunningState {
  const events: Record<string, RunningStory> = { ...a.events };
  for (const [id, running] of Object.entries(b.events)) {
    const other = events[id];
    if (other === undefined) {
      events[id] = running;
      continue;
    }
    const stories = new Map(other.stories);
    for (const [bucket, count] of running.stories) stories.set(bucket, Math.max(count, stories.get(bucket) ?? 0));
    const outlets = new Map(other.outlets);
    for (const [outlet, hour] of running.outlets) outlets.set(outlet, Math.max(hour, outlets.get(outlet) ?? hour));
    events[id] = { stories: byTime([...stories]), outlets: newest([...outlets]) };
  }
  return { v: 1, events };
}

/** How the event's story runs at a time, or null where it does not. */
export function isRunning(
  state: RunningState,
  event: string,
  rule: RunningRule,
  at: string | null,
): RunningCount | null {
  const running = state.events[event];
  const hour = hourOf(at);
  if (running === undefined || hour === null) return null;
  const since = hour - rule.withinHours;
  // A little of the future counts: feeds do not arrive in order. Weeks of it, in a replay, do not.
  const until = hour + rule.withinHours;
  const outlets = running.outlets.filter(([, last]) => last >= since && last <= until).length;
  if (outlets < rule.outlets) return null;
  const stories = running.stories.reduce(
    (sum, [bucket, count]) => ((bucket + 1) * bucketHours > since && bucket * bucketHours <= until ? sum + count : sum),
    0,
  );
  return { stories, outlets, hours: rule.withinHours };
}

function hourOf(time: string | null | undefined): number | null {
  const milliseconds = time ? Date.parse(time) : Number.NaN;
  return Number.isNaN(milliseconds) ? null : milliseconds / 3_600_000;
}

function add(running: RunningStory, outlet: string, hour: number): RunningStory {
  const bucket = Math.floor(hour / bucketHours);
  const stories = new Map(running.stories);
  stories.set(bucket, (stories.get(bucket) ?? 0) + 1);
  const outlets = new Map(running.outlets);
  outlets.set(outlet, Math.max(rounded(hour), outlets.get(outlet) ?? 0));
  return { stories: byTime([...stories]), outlets: newest([...outlets]) };
}

function rounded(hour: number): number {
  return Math.round(hour * 100) / 100;
}

function forget(running: RunningStory, hour: number): RunningStory {
  const since = hour - longestHours;
  return {
    stories: running.stories.filter(([bucket]) => (bucket + 1) * bucketHours > since),
    outlets: running.outlets.filter(([, last]) => last >= since),
  };
}

function byTime(stories: (readonly [number, number])[]): readonly (readonly [number, number])[] {
  return stories.sort(([a], [b]) => a - b);
}

function newest(outlets: (readonly [string, number])[]): readonly (readonly [string, number])[] {
  return outlets.sort(([, a], [, b]) => b - a).slice(0, mostOutlets);
}
