import type { ComponentChildren } from 'preact';
import type { Asked } from '../api/use-answer.ts';

/** Draws an answer once it is there; until then, and where it is not to be had, what is the matter and what to do. */
export function Answered<T>({
  asked,
  children,
}: {
  readonly asked: Asked<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  if (asked.data !== null) {
    return (
      <>
        {asked.problem !== null && <Trouble asked={asked} stale />}
        {children(asked.data)}
      </>
    );
  }
  if (asked.problem !== null) return <Trouble asked={asked} />;
  return (
    <p class="quiet loading" role="status">
      Loading…
    </p>
  );
}

function Trouble<T>({ asked, stale = false }: { readonly asked: Asked<T>; readonly stale?: boolean }) {
  return (
    <div class="trouble" role="alert">
      <p>
        {asked.problem?.detail} {stale && 'What stands here is older.'}
      </p>
      <button type="button" onClick={asked.again}>
        Ask again
      </button>
    </div>
  );
}

/** Nothing is there, and what would bring something. */
export function Nothing({ children }: { readonly children: ComponentChildren }) {
  return <p class="quiet nothing">{children}</p>;
}
