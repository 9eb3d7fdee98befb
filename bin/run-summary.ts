import type { ListedFeed } from '../lib/pipeline/queries.ts';
import { styled } from './output.ts';

/** What one local run brought, as `--once` prints it. */
export type RunSummary = {
  readonly feeds: { readonly byState: Readonly<Record<string, number>> };
  readonly stories: number;
  /** Stories of first polls: stored and matched, told nobody. */
  readonly seeded: number;
  readonly matches: number;
  readonly storylines: number;
  /** Messages that SNS accepted for subscribers. */
  readonly alerts: number;
  readonly seconds: number;
};

/** Adds up what the functions report of themselves. */
export type Tally = {
  count(line: Readonly<Record<string, unknown>>): void;
  summary(feeds: readonly ListedFeed[]): RunSummary;
  readonly polled: number;
};

export function startTally(startedMs: number, nowMs: () => number): Tally {
  const totals = { polled: 0, stories: 0, seeded: 0, matches: 0, sent: 0 };
  const storylines = new Set<unknown>();
  const add = (line: Readonly<Record<string, unknown>>, ...fields: (keyof typeof totals)[]) => {
    for (const field of fields) totals[field] += typeof line[field] === 'number' ? line[field] : 0;
  };
  return {
    count(line) {
      if (line.event === 'batch polled') add(line, 'polled', 'stories', 'seeded', 'matches');
      if (line.event !== 'decided') return;
      add(line, 'sent');
      if (typeof line.storyline === 'string') storylines.add(line.storyline);
    },
    get polled() {
      return totals.polled;
    },
    summary: (feeds) => ({
      feeds: { byState: countBy(feeds.map(({ state }) => state)) },
      stories: totals.stories,
      seeded: totals.seeded,
      matches: totals.matches,
      storylines: storylines.size,
      alerts: totals.sent,
      seconds: Math.round((nowMs() - startedMs) / 100) / 10,
    }),
  };
}

export function printSummary(summary: RunSummary): void {
  const states = Object.entries(summary.feeds.byState).map(([state, count]) => `${count} ${state}`);
  const lines: readonly (readonly [string, string])[] = [
    ['feeds', states.join(', ') || 'none'],
    ['stories', `${summary.stories}, of these ${summary.seeded} seeded by first polls (told nobody)`],
    ['matches', `${summary.matches} in ${summary.storylines} storylines`],
    ['alerts', `${summary.alerts} written to the outbox`],
    ['took', `${summary.seconds} s`],
  ];
  for (const [name, value] of lines) process.stdout.write(`${styled('bold', name.padEnd(8))} ${value}\n`);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
