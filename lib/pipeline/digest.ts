import { type AlertDeps, claimLeaseMs, decide, redeem } from './alert.ts';
import type { ControlStore } from './ports.ts';

export type DigestDeps = AlertDeps & { readonly control: ControlStore };

export type DigestSummary = { readonly decided: number; readonly redeemed: number; readonly failed: number };

/** A match that has waited longer than this was lost on the way to `alert`. */
const undecidedForMs = 5 * 60_000;
/** The most that one run takes on; the next goes on from there. */
const atMost = 200;

/**
 * Sweeps what a crash, a lost stream record or a refusal by SNS left behind: matches nobody decided, and alerts claimed
 * and never sent. One that fails is logged and left for the next sweep.
 */
export async function digest(deps: DigestDeps): Promise<DigestSummary> {
  const now = deps.now().getTime();
  let decided = 0;
  let redeemed = 0;
  let failed = 0;
  for (const story of await deps.stories.undecided(isoBefore(now, undecidedForMs), atMost)) {
    if (await attempt(() => decide(story, deps), 'match not decided', story.id, deps)) decided += 1;
    else failed += 1;
  }
  for (const claim of await deps.ledger.unsent(isoBefore(now, claimLeaseMs), atMost)) {
    if (await attempt(() => redeem(claim, deps), 'alert not redeemed', claim.storyline, deps)) redeemed += 1;
    else failed += 1;
  }
  const summary = { decided, redeemed, failed };
  await deps.control.putBeat('digest', new Date(now).toISOString(), summary);
  return summary;
}

async function attempt(work: () => Promise<unknown>, event: string, id: string, deps: DigestDeps): Promise<boolean> {
  try {
    return (await work()) !== false;
  } catch (error) {
    deps.log({ event, id, error: String(error) });
    return false;
  }
}

function isoBefore(now: number, ms: number): string {
  return new Date(now - ms).toISOString();
}
