export const dayMs = 86_400_000;
/** A Monday. */
export const simulationStart = Date.parse('2026-11-23T00:00:00Z');

/** When a feed publishes, and how its server answers. */
export type SimulatedFeed = {
  /** Publishing times in milliseconds, oldest first, from a week before the start to two days after it. */
  readonly times: readonly number[];
  readonly hasValidators: boolean;
  readonly maxAgeSeconds: number | null;
  readonly ttlMinutes: number | null;
};

type Kind = { readonly share: number; readonly gapMinutes: number };

/** A desk's first hundred feeds: a fifth wires, two fifths papers, the rest slow sites and institutions. */
const newsroom: readonly Kind[] = [
  { share: 0.2, gapMinutes: 6 },
  { share: 0.4, gapMinutes: 35 },
  { share: 0.3, gapMinutes: 360 },
  { share: 0.1, gapMinutes: 2_000 },
];
/** What a longer list adds: there are only so many wires. */
const longTail: readonly Kind[] = [
  { share: 0.01, gapMinutes: 6 },
  { share: 0.15, gapMinutes: 35 },
  { share: 0.44, gapMinutes: 360 },
  { share: 0.4, gapMinutes: 2_000 },
];
const newsroomFeeds = 100;

/**
 * Feeds with the rhythms of newsrooms, quieter at night; three in four have validators, one in four a max-age of five
 * minutes, one in five a ttl. The same each time. Beyond the first hundred a long tail, unless all are to be newsrooms.
 */
export function simulatedFeeds(count: number, { allNewsrooms = false } = {}): readonly SimulatedFeed[] {
  const first = allNewsrooms ? count : Math.min(count, newsroomFeeds);
  return [...feedsOf(newsroom, first, 0), ...feedsOf(longTail, count - first, 1)];
}

function feedsOf(kinds: readonly Kind[], count: number, list: number): readonly SimulatedFeed[] {
  return kinds.flatMap(({ share, gapMinutes }, kind) =>
    Array.from({ length: Math.round(share * count) }, (_, i) => ({
      times: publishingTimes(gapMinutes, seeded((list * 10 + kind) * 100_000 + i)),
      hasValidators: i % 4 !== 3,
      maxAgeSeconds: i % 4 === 1 ? 300 : null,
      ttlMinutes: i % 5 === 2 ? ([15, 30, 60][i % 3] ?? null) : null,
    })),
  );
}

/** A Poisson process, three times slower between 22 and 6 o'clock UTC. */
function publishingTimes(gapMinutes: number, random: () => number): readonly number[] {
  const times: number[] = [];
  for (let at = simulationStart - 7 * dayMs; at < simulationStart + 2 * dayMs; ) {
    const hour = new Date(at).getUTCHours();
    const slower = hour >= 22 || hour < 6 ? 3 : 1;
    at += Math.max(1_000, -Math.log(1 - random()) * gapMinutes * slower * 60_000);
    times.push(Math.floor(at));
  }
  return times;
}

/** How many of these times, oldest first, lie at or before one. */
export function countUntil(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** mulberry32: the same day every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
