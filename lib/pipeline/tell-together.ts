import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { emptyTally, type Tally } from '../core/subscriber/tally.ts';
import { afterTelling, type Verdict, whenToRelease } from '../core/subscriber/when-to-tell.ts';
import type { Priority } from '../core/watchlist/matched.ts';
import type { AlertDeps } from './alert.ts';
import { integrationId } from './alert-message.ts';
import { mapLimited } from './map-limited.ts';
import type { LedgerRow } from './ports.ts';
import { sendClaimed, withTally } from './tell.ts';

/** A claim younger than this belongs to somebody who may still be publishing. */
export const claimLeaseMs = 2 * 60_000;
/** Rows read at a time, and how many times in one run; the next run goes on from there. */
const rowsAtATime = 500;
const mostPages = 20;

/** How many alerts were told or ended, and how many are left for the next sweep because something failed. */
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
      if (reader === null) return endAll(await reclaim(rows), deps);
      // They were counted when they were claimed. What quiet hours hold stays claimed until a sweep after them.
      const verdicts = judge(await withPriority(rows, deps), reader, emptyTally, deps.now(), deps);
      const those = (kind: Verdict['kind']) => rows.filter((row) => verdicts.get(row)?.kind === kind);
      await endAll(await reclaim(those('not')), deps);
      const ours = await reclaim(those('now'));
      return ours.length === 0 || sendClaimed(ours, reader, deps);
    },
  );
}

/** Tells what was held and is due, a reader's alerts as one message, by what the reader asks for now. */
export async function tellDue(now: Date, deps: AlertDeps): Promise<Swept> {
  return sweep(
    (limit) => deps.ledger.due(now.toISOString(), limit),
    deps,
    async (rows) => {
      const reader = await readerOf(rows, deps);
      if (reader === null) return endAll(await takeAll(rows, deps), deps);
      const verdicts = await release(rows, reader, deps);
      const those = (kind: Verdict['kind']) => rows.filter((row) => verdicts.get(row)?.kind === kind);
      for (const row of those('hold')) {
        const verdict = verdicts.get(row);
        if (verdict?.kind === 'hold') await deps.ledger.postpone(row, { until: verdict.until, why: verdict.why });
      }
      await endAll(await takeAll(those('not'), deps), deps);
      const ours = await takeAll(those('now'), deps);
      return ours.length === 0 || sendClaimed(ours, reader, deps);
    },
  );
}

/** Programs get a message a claim, and one that fails takes none of the others with it. */
async function sendEach(claims: readonly LedgerRow[], deps: AlertDeps): Promise<boolean> {
  let all = true;
  for (const claim of claims) all = (await sendClaimed([claim], null, deps)) && all;
  return all;
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
      return [row, whenToRelease(reader, tally, alert, now, { smsUsd })];
    }),
  );
}

/** The lease begins here, and not with the sweep, which may have told many others since. */
async function takeAll(rows: readonly LedgerRow[], deps: AlertDeps): Promise<readonly LedgerRow[]> {
  return won(rows, (row) => deps.ledger.take(row, deps.now().toISOString()));
}

/** Nobody wants them any more. */
async function endAll(rows: readonly LedgerRow[], deps: AlertDeps): Promise<true> {
  for (const row of rows) await deps.ledger.end(row);
  return true;
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
  work: (rows: readonly LedgerRow[]) => Promise<boolean>,
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
      if (await attempt(subscriber, () => work(own), deps)) done += own.length;
      else failed += own.length;
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

async function attempt(subscriber: string, work: () => Promise<boolean>, deps: AlertDeps): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    deps.log({ event: 'alerts not told', subscriber, error: String(error) });
    return false;
  }
}
