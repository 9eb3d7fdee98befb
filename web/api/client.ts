import { networkProblem, type Problem, problemOf } from './problem.ts';

export type Answer<T> =
  | { readonly kind: 'fresh'; readonly data: T; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The API as the views ask it. Page and API are deployed as one, so an answer is taken to be what its route promises. */
export type Client = {
  /** With the tag of the answer at hand, an answer that is still the same is not sent again. */
  get<T>(path: string, more?: { readonly etag?: string | null; readonly signal?: AbortSignal }): Promise<Answer<T>>;
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>>;
};

/** Who is signed in. */
export type Session = {
  /** Undefined where nobody has to sign in. */
  token(): Promise<string | undefined>;
  /** The token was refused: true where there is another one now. */
  renew(): Promise<boolean>;
};

export function apiClient(session: Session): Client {
  const ask = async (path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> => {
    const token = await session.token();
    const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    return fetch(path, { ...init, headers: { accept: 'application/json', ...headers, ...authorization } });
  };
  const askTwice = async (path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> => {
    const first = await ask(path, init, headers);
    return first.status === 401 && (await session.renew()) ? ask(path, init, headers) : first;
  };
  return {
    async get(path, { etag, signal } = {}) {
      return answered(() =>
        // The tag is sent by us: the browser's own cache would turn a 304 back into the whole answer.
        askTwice(path, { signal, cache: 'no-store' }, etag ? { 'if-none-match': etag } : {}),
      );
    },
    async send(method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return answered(() => askTwice(path, { method, ...sent }, { 'content-type': 'application/json' }));
    },
  };
}

async function answered<T>(ask: () => Promise<Response>): Promise<Answer<T>> {
  try {
    const response = await ask();
    if (response.status === 304) return { kind: 'unchanged' };
    if (!response.ok) return { kind: 'failed', problem: await problemOf(response) };
    return { kind: 'fresh', data: (await response.json()) as T, etag: response.headers.get('etag') };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'unchanged' };
    return { kind: 'failed', problem: networkProblem() };
  }
}
