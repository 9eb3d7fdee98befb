import type { Problem } from '../api/problem.ts';

/** What ends a form: what the API refused, the button, and what came of it. */
export function FormFoot({
  action,
  problem,
  said,
}: {
  readonly action: string;
  readonly problem: Problem | null;
  readonly said: string;
}) {
  return (
    <>
      {problem !== null && (
        <p class="fault" role="alert">
          {problem.detail}
        </p>
      )}
      <p class="actions">
        <button type="submit" class="main">
          {action}
        </button>
        <span role="status">{said}</span>
      </p>
    </>
  );
}
