/** Why there is no answer, in a sentence for the reader. */
export type Problem = {
  /** 0 where the network, rather than the API, failed. */
  readonly status: number;
  readonly detail: string;
  /** The parameter or the field of the body that is refused. */
  readonly field: string | null;
};

const unreachable: Problem = {
  status: 0,
  detail: 'Wirewatch does not answer. Check that it runs and that you are online; it is asked again by itself.',
  field: null,
};

/** From problem details (RFC 9457), where the answer holds some; API Gateway's own refusals do not. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  return {
    status: response.status,
    detail: typeof said.detail === 'string' ? said.detail : sentenceFor(response.status),
    field: typeof said.field === 'string' ? said.field : null,
  };
}

export function networkProblem(): Problem {
  return unreachable;
}

function sentenceFor(status: number): string {
  if (status === 401) return 'Your sign-in has ended. Sign in again.';
  if (status === 403) return 'Your account may not do this. Ask an editor.';
  if (status === 429) return 'Too many questions at once. Wait a moment.';
  return `Wirewatch answered ${status}. It is asked again by itself; the log of the api function says more.`;
}
