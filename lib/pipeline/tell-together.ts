import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { emptyTally, type Tally } from '../core/subscriber/tally.ts';
import { isReached, waitingAt } from '../core/subscriber/until-confirmed.ts';
import { afterTelling, type Verdict, whenToRelease, whileUnconfirmed } from '../core/subscriber/when-to-tell.ts';
import type { Priority } from '../core/watchlist/matched.ts';
import type { AlertDeps } from './alert.ts';
import { integrationId } from './alert-message.ts';
import { mapLimited } from './map-limited.ts';
import type { LedgerRow } from './ports/ledger-store.ts';
import { sendClaimed, withTally } from './tell.ts';

/** A claim younger than this belongs to somebody who may still be publishing. */
export const claimLeaseMs = 2 * 60_000;
/** Rows read at a time, and how many times in one run; the next run goes on from there. */
const rowsAtATime = 500;
const mostPages = 20;

/** For so long after a confirmation it is looked for alerts that waited for it: one may be entered a moment after. */
const wakingForMs = 2 * 3_600_000;

/** How many alerts were told or ended, and how many are left for the next sweep because something failed; not who waits on. */
export type Swept = { readonly done: number; readonly failed: number };

/**
 * Publishes again what was claimed and never sent: a reader's open claims as one message. The lease is the only time in
 * which a duplicate is possible.
 */
export async function redeemAll(now: Date, deps: AlertDeps): Promise<Swept> {
  const before = new Date(now.getTime() - claimLeaseMs).toISOString();
  return sweep(
    (limit) => deps.ledger.unsent(before, limit),
    deps,
    async (rows) => {
      const reclaim = (these: readonly LedgerRow[]) =>
        won(these, (row) => deps.ledger.reclaim(row, deps.now().toISOString()));
      if (rows[0]?.subscriber === integrationId) return sendEach(await reclaim(rows), deps);
      const reader = await readerOf(rows, deps);
      if (reader === null) return { done: await endAll(await reclaim(rows), deps), failed: 0 };
      // They were counted when they were claimed. What quiet hours hold stays claimed until a sweep after them.
      const verdicts = judge(await withPriority(rows, deps), reader, emptyTally, deps.now(), deps);
      const those = (kind: Verdict['kind']) => rows.filter((row) => verdicts.get(row)?.kind === kind);
      const ended = await endAll(await reclaim(those('not')), deps);
      return sendTogether(await reclaim(those('now')), ended, reader, deps);
    },
  );
}

/** Tells what was held and is due, a reader's alerts as one message, by what the reader asks for now. */
export async function tellDue(now: Date, deps: AlertDeps): Promise<Swept> {
  return sweep(
    (limit) => deps.ledger.due(now.toISOString(), limit),
    deps,
    (rows) => tellHeld(rows, deps),
  );
}

/** Tells what has waited for readers who have confirmed since, each reader's alerts as one message. */
export async function tellConfirmed(now: Date, deps: AlertDeps): Promise<Swept> {
  const all = { done: 0, failed: 0 };
  for (const reader of await deps.subscribers.list()) {
    if (!isReached(reader) || reader.confirmed === null) continue;
    const confirmed = new Date(reader.confirmed);
    if (now.getTime() - confirmed.getTime() > wakingForMs) continue;
    for (const until of waitingAt(reader, confirmed)) {
      const held = (limit: number) => deps.ledger.heldUntil(until.toISOString(), reader.id, limit);
      const { done, failed } = await sweep(held, deps, (rows) => tellHeld(rows, deps));
      all.done += done;
      all.failed += failed;
    }
  }
  return all;
}

/** One reader's held alerts: those that are wanted now are told, those that no longer are end, the others are put off. */
async function tellHeld(rows: readonly LedgerRow[], deps: AlertDeps): Promise<Swept> {
  const reader = await readerOf(rows, deps);
  if (reader === null) return { done: await endAll(await takeAll(rows, deps), deps), failed: 0 };
  const verdicts = await release(rows, reader, deps);
  const those = (kind: Verdict['kind']) => rows.filter((row) => verdicts.get(row)?.kind === kind);
  for (const row of those('hold')) {
    const verdict = verdicts.get(row);
    if (verdict?.kind === 'hold') await deps.ledger.postpone(row, { until: verdict.until, why: verdict.why });
  }
  const ended = await endAll(await takeAll(those('not'), deps), deps);
  return sendTogether(await takeAll(those('now'), deps), ended, reader, deps);
}

async function sendTogether(
  claims: readonly LedgerRow[],
  ended: number,
  reader: Subscriber,
  deps: AlertDeps,
): Promise<Swept> {
  const isSent = claims.length === 0 || (await sendClaimed(claims, reader, deps));
  return isSent ? { done: ended + claims.length, failed: 0 } : { done: ended, failed: claims.length };
}

/** Programs get a message a claim, and one that fails takes none of the others with it. */
async function sendEach(claims: readonly LedgerRow[], deps: AlertDeps): Promise<Swept> {
  let done = 0;
  for (const claim of claims) if (await sendClaimed([claim], null, deps)) done += 1;
  return { done, failed: claims.length - done };
}

async function readerOf(rows: readonly LedgerRow[], deps: AlertDeps): Promise<Subscriber | null> {
  return deps.subscribers.get(rows[0]?.subscriber ?? '');
}

/** What becomes of each held alert now; where any is told, the one message for all is counted already. */
async function release(
  rows: readonly LedgerRow[],
  reader: Subscriber,
  deps: AlertDeps,
): Promise<ReadonlyMap<LedgerRow, Verdict>> {
  const alerts = await withPriority(rows, deps);
  return withTally(reader, deps, (tally, now) => {
    const verdicts = judge(alerts, reader, tally, now, deps);
    const isTold = [...verdicts.values()].some(({ kind }) => kind === 'now');
    return { result: verdicts, after: isTold ? afterTelling(reader, tally, now, { smsUsd: deps.smsUsd }) : null };
  });
}

type Prioritised = { readonly row: LedgerRow; readonly priority: Priority };

async function withPriority(rows: readonly LedgerRow[], deps: AlertDeps): Promise<readonly Prioritised[]> {
  return mapLimited(rows, 10, async (row) => {
    const kept = await deps.storylines.get(row.storyline);
    return { row, priority: kept?.storyline.priority ?? 'low' };
  });
}

function judge(
  alerts: readonly Prioritised[],
  reader: Subscriber,
  tally: Tally,
  now: Date,
  { smsUsd }: Pick<AlertDeps, 'smsUsd'>,
): ReadonlyMap<LedgerRow, Verdict> {
  return new Map(
    alerts.map(({ row, priority }) => {
      // The language was looked at when it was decided, and is not kept in the ledger.
      const alert = { storyline: row.storyline, state: row.state, priority, lang: '' };
      const verdict = whenToRelease(reader, tally, alert, now, { smsUsd });
      const isHeard = isReached(reader) || verdict.kind === 'not';
      return [row, isHeard ? verdict : whileUnconfirmed(reader, new Date(row.decided), now)];
    }),
  );
}

/** The lease begins here, and not with the sweep, which may have told many others since. Gives them as they are kept now. */
async function takeAll(rows: readonly LedgerRow[], deps: AlertDeps): Promise<readonly LedgerRow[]> {
  const ours = await won(rows, (row) => deps.ledger.take(row, deps.now().toISOString()));
  return ours.map((row) => ({ ...row, held: null, waited: row.held?.why ?? null }));
}

/** Nobody wants them any more. Says how many they were. */
async function endAll(rows: readonly LedgerRow[], deps: AlertDeps): Promise<number> {
  for (const row of rows) await deps.ledger.end(row);
  return rows.length;
}

async function won(
  rows: readonly LedgerRow[],
  claim: (row: LedgerRow) => Promise<boolean>,
): Promise<readonly LedgerRow[]> {
  const ours: LedgerRow[] = [];
  for (const row of rows) if (await claim(row)) ours.push(row);
  return ours;
}

/** Works through rows, a reader's together. One reader's trouble is logged and left for the next sweep. */
async function sweep(
  read: (limit: number) => Promise<readonly LedgerRow[]>,
  deps: AlertDeps,
  work: (rows: readonly LedgerRow[]) => Promise<Swept>,
): Promise<Swept> {
  let done = 0;
  let failed = 0;
  const looked = new Set<string>();
  for (let page = 0; page < mostPages; page += 1) {
    const rows = await read(rowsAtATime);
    const fresh = wholeGroups(rows).filter(([subscriber]) => !looked.has(subscriber));
    if (fresh.length === 0) break;
    for (const [subscriber, own] of fresh) {
      looked.add(subscriber);
      const swept = await attempt(subscriber, own, work, deps);
      done += swept.done;
      failed += swept.failed;
    }
    if (rows.length < rowsAtATime) break;
  }
  return { done, failed };
}

/** Rows by subscriber; of a full page without the last, whose rows may go on in the next. */
function wholeGroups(rows: readonly LedgerRow[]): readonly (readonly [string, readonly LedgerRow[]])[] {
  const groups = [...Map.groupBy(rows, ({ subscriber }) => subscriber)];
  return rows.length < rowsAtATime || groups.length === 1 ? groups : groups.slice(0, -1);
}

async function attempt(
  subscriber: string,
  rows: readonly LedgerRow[],
  work: (rows: readonly LedgerRow[]) => Promise<Swept>,
  deps: AlertDeps,
): Promise<Swept> {
  try {
    return await work(rows);
  } catch (error) {
    deps.log({ event: 'alerts not told', subscriber, error: String(error) });
    return { done: 0, failed: rows.length };
  }
}
