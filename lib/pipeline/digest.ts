import { closeSilent } from '../core/storyline/close-silent.ts';
import type { StorylineSettings } from '../core/storyline/settings.ts';
import { type AlertDeps, decide } from './alert.ts';
import type { SentAgain } from './lost-alerts.ts';
import type { ControlStore } from './ports/control-store.ts';
import { redeemAll, type Swept, tellConfirmed, tellDue } from './tell-together.ts';

export type DigestDeps = AlertDeps & { readonly control: ControlStore; readonly settings: StorylineSettings };

export type DigestSummary = {
  /** Matches that `alert` had lost. */
  readonly decided: number;
  /** Alerts that had been claimed and never sent. */
  readonly redeemed: number;
  /** Held alerts that were told, or ended because their reader wants them no more. */
  readonly told: number;
  /** Storylines closed after silence. */
  readonly closed: number;
  /** What did not succeed and is left for the next sweep. */
  readonly failed: number;
};

/** What a redrive answers: `emptied` where nothing was left, so that the queues that told of lost work were emptied. */
export type Redriven = DigestSummary & {
  readonly emptied: boolean;
  /** Alerts that readers' endpoints had refused. */
  readonly lostAlerts: SentAgain;
};

/** A match that has waited longer than this was lost on the way to `alert`. */
const undecidedForMs = 5 * 60_000;
/** The most that one run takes on; the next goes on from there. */
export const atMost = 200;

/**
 * Sweeps what a crash, a lost stream record or a refusal by SNS left behind: matches nobody decided, and alerts claimed
 * and never sent. Then tells what was held and is due, and closes storylines that fell silent. What fails is logged and
 * left for the next sweep. `waitMs`: how long a match has to have waited to count as lost; a redrive waits for none.
 */
export async function digest(deps: DigestDeps, { waitMs = undecidedForMs } = {}): Promise<DigestSummary> {
  const now = deps.now();
  const lost = await decideLost(new Date(now.getTime() - waitMs), deps);
  const redeemed = await redeemAll(now, deps);
  const confirmed = await tellConfirmed(now, deps);
  const due = await tellDue(now, deps);
  const closed = await closeAll(now, deps);
  const summary = {
    decided: lost.done,
    redeemed: redeemed.done,
    told: confirmed.done + due.done,
    closed: closed.done,
    failed: lost.failed + redeemed.failed + confirmed.failed + due.failed + closed.failed,
  };
  await deps.control.putBeat('digest', now.toISOString(), summary);
  return summary;
}

async function decideLost(before: Date, deps: DigestDeps): Promise<Swept> {
  let done = 0;
  let failed = 0;
  for (const story of await deps.stories.undecided(before.toISOString(), atMost)) {
    try {
      await decide(story, deps);
      done += 1;
    } catch (error) {
      deps.log({ event: 'match not decided', trace: story.trace, story: story.id, error: String(error) });
      failed += 1;
    }
  }
  return { done, failed };
}

/** One that another decider changes meanwhile stays open until the next sweep. */
async function closeAll(now: Date, deps: DigestDeps): Promise<Swept> {
  let done = 0;
  const { storylines } = await deps.storylines.open();
  const { closed } = closeSilent(
    storylines.map(({ storyline }) => storyline),
    now.toISOString(),
    deps.settings,
  );
  for (const { id, stories, last } of closed.slice(0, atMost)) {
    const { storylines: open, revision } = await deps.storylines.open();
    const kept = open.find(
      ({ storyline }) => storyline.id === id && storyline.stories === stories && storyline.last === last,
    );
    if (kept !== undefined && (await deps.storylines.close(kept, now.toISOString(), revision))) done += 1;
  }
  return { done, failed: 0 };
}
