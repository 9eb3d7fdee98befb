import type { ReaderLinkDeps } from '../../pipeline/reader-links.ts';
import type { RunSources } from '../../pipeline/run-findings.ts';
import type { SubscribeDeps } from '../../pipeline/subscribe.ts';
import type { TryDeps } from '../../pipeline/try-rule.ts';
import type { Caller } from './caller.ts';
import { ref, type Schema } from './schema.ts';

export type ApiDeps = TryDeps & SubscribeDeps & ReaderLinkDeps & RunSources;

/** One operation of the API: what the OpenAPI document says of it, and what answers it, side by side. */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/api/stories/{id}`. */
  readonly path: `/api/${string}`;
  readonly operation: Operation;
  /** Set on a POST that changes nothing, so that readers may send it. */
  readonly reads?: true;
  readonly answer: (asked: Asked, open: () => Promise<ApiDeps>) => Promise<Response>;
};

/** What a request says, as far as the routes look at it. */
export type Asked = {
  readonly url: URL;
  /** Each a parameter that the operation names, given once and not empty. */
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly caller: Caller;
  text(): Promise<string>;
};

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Answer>>;
};

export type Parameter = {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required?: true;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: string;
};

export type Answer = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  readonly content?: Content;
};

type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

export const answers = (description: string, name: string): Answer => ({
  description,
  content: { 'application/json': { schema: ref(name) } },
});

/** The path parameter of most routes. */
export const idInPath = (description: string): Parameter => ({
  name: 'id',
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
