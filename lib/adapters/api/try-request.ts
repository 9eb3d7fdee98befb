import * as z from 'zod/mini';
import { nearest } from '../../core/config/nearest.ts';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import type { TryRequest } from '../../pipeline/try-rule.ts';

const text = z.optional(z.string());
const shape = z.strictObject({
  query: text,
  rule: text,
  since: text,
  until: text,
  limit: z.optional(z.number()),
  cursor: text,
});

/** Reads the body of a try-out; throws RefusedRequest with the first field that is not as it should be. */
export function readTryRequest(body: string): TryRequest {
  const read = shape.safeParse(parsed(body));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    const near = nearest(name, Object.keys(shape.shape));
    throw new RefusedRequest(name, `there is no field "${name}"${near === null ? '' : `; did you mean "${near}"?`}`);
  }
  const field = issue?.path.join('.') ?? '';
  if (field === '') throw new RefusedRequest('query', 'the body is not a JSON object; send {"query": "…"}');
  throw new RefusedRequest(field, `"${field}" is not as it should be: ${issue?.message ?? ''}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
