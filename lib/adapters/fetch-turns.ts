/** Hands out a bounded number of turns a host; the others wait in the order in which they came. */
export function hostTurns(atOnce: number) {
  const hosts = new Map<string, { active: number; readonly waiting: (() => void)[] }>();

  function giveBack(host: string): void {
    const turns = hosts.get(host);
    if (turns === undefined) return;
    const next = turns.waiting.shift();
    if (next !== undefined) next();
    else if (--turns.active === 0) hosts.delete(host);
  }

  /** Resolves to the function that ends the turn; rejects with the signal's reason where it ends the wait. */
  async function take(host: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const turns = hosts.get(host) ?? { active: 0, waiting: [] };
    hosts.set(host, turns);
    if (turns.active < atOnce) turns.active++;
    else await waitIn(turns.waiting, signal);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      giveBack(host);
    };
  }

  return { take };
}

function waitIn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(turn), 1);
      reject(signal.reason);
    };
    const turn = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(turn);
  });
}
