import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

type Row = { readonly id: string };

export type HeldRows<T extends Row> = {
  readonly rows: readonly T[];
  /** Rows that are new or have moved up, and wait until the reader asks for them. */
  readonly waiting: number;
  readonly show: () => void;
};

/**
 * Rows that update by themselves, but never under the reader: while the pointer or the focus is in the list, or its
 * beginning is scrolled out of view, what comes in waits. Another `question` is shown at once.
 */
export function useHeldRows<T extends Row>(
  fresh: readonly T[],
  question: string,
  list: RefObject<HTMLElement | null>,
): HeldRows<T> {
  const [shown, setShown] = useState({ question, rows: fresh });
  const held = useRef(shown);
  held.current = shown;

  useEffect(() => {
    const { rows, question: before } = held.current;
    if (rows === fresh) return;
    if (before !== question || rows.length === 0 || !isRead(list.current)) setShown({ question, rows: fresh });
  }, [fresh, question, list]);

  const rows = shown.question === question ? shown.rows : fresh;
  return { rows, waiting: newIn(fresh, rows), show: () => setShown({ question, rows: fresh }) };
}

function isRead(list: HTMLElement | null): boolean {
  if (list === null) return false;
  return list.matches(':hover') || list.contains(document.activeElement) || list.getBoundingClientRect().top < 0;
}

/** How many are not where they were, counted from the first that still is. */
function newIn(fresh: readonly Row[], shown: readonly Row[]): number {
  if (fresh === shown) return 0;
  const texts = new Map(shown.map((row) => [row.id, JSON.stringify(row)]));
  return fresh.filter((row) => texts.get(row.id) !== JSON.stringify(row)).length;
}
