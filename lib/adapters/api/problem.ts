import type { RefusedRequest } from '../../pipeline/refused-request.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
};

/** An error as problem details (RFC 9457): a sentence for the caller, and the field that is refused. */
export function problem(
  status: number,
  detail: string,
  more: { readonly field?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const { field, headers } = more;
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, ...(field && { field }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}

/** A field that names what the path asks for is not there; any other is wrong. */
export function refusal(error: RefusedRequest): Response {
  const status = error.field === 'id' || error.field === 'feed' ? 404 : 400;
  return problem(status, error.message, { field: error.field });
}
