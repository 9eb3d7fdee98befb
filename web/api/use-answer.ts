import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from './client.ts';
import type { Problem } from './problem.ts';

export const ApiContext = createContext<Client | null>(null);

export function useClient(): Client {
  const client = useContext(ApiContext);
  if (client === null) throw new Error('a view was drawn outside of the page');
  return client;
}

/** What a view knows of a question: the newest answer, and why there is none newer. */
export type Asked<T> = {
  readonly data: T | null;
  readonly problem: Problem | null;
  /** When the data was last known to be what the API says. */
  readonly at: Date | null;
  readonly again: () => void;
};

type Known<T> = { readonly path: string; readonly data: T; readonly etag: string | null; readonly at: Date };

/**
 * Asks, and asks again every so often while the page is in view. Null asks nothing. After a failure the answer at hand
 * stays, and the next question waits twice as long as the one before, up to a minute.
 */
export function useAnswer<T>(path: string | null, everyMs: number | null = null): Asked<T> {
  const client = useClient();
  const [known, setKnown] = useState<Known<T> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef<Known<T> | null>(null);
  latest.current = known?.path === path ? known : null;

  useEffect(() => {
    if (path === null) return;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    setProblem(null);
    const later = () => {
      if (everyMs === null && failures === 0) return;
      const waitMs = Math.min(60_000, (everyMs ?? 5_000) * 2 ** failures);
      timer = setTimeout(ask, Math.max(waitMs, everyMs ?? 0));
    };
    const ask = async () => {
      clearTimeout(timer);
      if (document.hidden && latest.current !== null) return;
      const etag = latest.current?.etag ?? null;
      const answer = await client.get<T>(path, { etag, signal: ended.signal });
      if (ended.signal.aborted) return;
      if (answer.kind === 'failed') {
        failures += 1;
        setProblem(answer.problem);
        // What was asked wrongly stays wrong.
        if (answer.problem.status >= 400 && answer.problem.status < 500 && answer.problem.status !== 429) return;
      } else {
        failures = 0;
        setProblem(null);
        const { kind } = answer;
        setKnown((before) => {
          if (kind === 'fresh') return { path, data: answer.data, etag: answer.etag, at: new Date() };
          return before?.path === path ? { ...before, at: new Date() } : before;
        });
      }
      later();
    };
    const onSight = () => {
      if (!document.hidden && (everyMs !== null || failures > 0)) void ask();
    };
    document.addEventListener('visibilitychange', onSight);
    void ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onSight);
    };
  }, [client, path, everyMs, round]);

  const current = known?.path === path ? known : null;
  return {
    data: current?.data ?? null,
    problem,
    at: current?.at ?? null,
    again: () => setRound((count) => count + 1),
  };
}
