import { heaviest } from '../core/alert/wants.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { AlertDeps } from './alert.ts';
import { integrationId } from './alert-message.ts';
import type { LedgerRow } from './ports.ts';
import { reserve, sendClaimed } from './tell.ts';

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
      const ours = await won(rows, (row) => deps.ledger.reclaim(row, now.toISOString()));
      return tellOrEnd(ours, await readerOf(rows, deps), deps);
    },
  );
}

/** Tells what was held and is due: a reader's alerts as one message, unless what they ask for now says later. */
export async function tellDue(now: Date, deps: AlertDeps): Promise<Swept> {
  return sweep(
    (limit) => deps.ledger.due(now.toISOString(), limit),
    deps,
    async (rows) => {
      const reader = await readerOf(rows, deps);
      const later = reader === null || reader.paused ? null : await untilLater(rows, reader, deps);
      if (later !== null) {
        for (const row of rows) await deps.ledger.postpone(row, later);
        return true;
      }
      const ours = await won(rows, (row) => deps.ledger.take(row, now.toISOString()));
      return tellOrEnd(ours, reader, deps);
    },
  );
}

async function readerOf(rows: readonly LedgerRow[], deps: AlertDeps): Promise<Subscriber | null> {
  return deps.subscribers.get(rows[0]?.subscriber ?? '');
}

/** Null where the reader may be told now, and the message is counted already. */
async function untilLater(rows: readonly LedgerRow[], reader: Subscriber, deps: AlertDeps): Promise<LedgerRow['held']> {
  const kept = await Promise.all(rows.map(({ storyline }) => deps.storylines.get(storyline)));
  const priority = heaviest(kept.map((one) => one?.storyline.priority ?? 'low'));
  // Which alerts they want was decided when these were held; only the hour and the caps count again.
  const asOne = { storyline: '', state: 'corrected' as const, priority, lang: '' };
  const anyHow = {
    ...reader,
    delivery: { kind: 'at-once' as const },
    langs: [],
    muted: [],
    leastPriority: 'low' as const,
  };
  const verdict = await reserve(anyHow, asOne, deps);
  return verdict.kind === 'hold' ? { until: verdict.until, why: verdict.why } : null;
}

/** Whoever left, or wants it no more, is not told; those claims end as sent so that nobody looks at them again. */
async function tellOrEnd(rows: readonly LedgerRow[], reader: Subscriber | null, deps: AlertDeps): Promise<boolean> {
  if (rows.length === 0) return true;
  if (rows[0]?.subscriber === integrationId) return sendClaimed(rows, null, deps);
  const now = deps.now().toISOString();
  const wanted = rows.filter((row) => reader !== null && !reader.paused && !isMuted(reader, row.storyline, now));
  for (const row of rows) if (!wanted.includes(row)) await deps.ledger.markSent(row, now);
  return reader === null || wanted.length === 0 || sendClaimed(wanted, reader, deps);
}

function isMuted(reader: Subscriber, id: string, now: string): boolean {
  return reader.muted.some(({ storyline, until }) => storyline === id && until > now);
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
