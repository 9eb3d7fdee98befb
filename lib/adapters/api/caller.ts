import * as z from 'zod/mini';

/** Who asks: readers look, editors change; a signed-in visitor in neither group does nothing. */
export type Caller = 'editor' | 'reader' | 'visitor' | 'nobody';

const requestContext = z.object({
  apiId: z.optional(z.string()),
  authorizer: z.optional(z.object({ jwt: z.optional(z.object({ claims: z.record(z.string(), z.unknown()) })) })),
});

/**
 * Who sent a Lambda event. What came by an HTTP API has its id in it, and the claims of the token where its route asks
 * for one: the HTTP API has checked that token, and answered 401 itself to a wrong or expired one. What has no such id
 * was invoked directly, by somebody whom IAM allows to: the commands of an operator.
 */
export function callerOf(event: unknown): Caller {
  const context = (event as { readonly requestContext?: unknown } | null)?.requestContext;
  const read = requestContext.safeParse(context ?? {});
  if (!read.success) return 'nobody';
  const { apiId, authorizer } = read.data;
  if (apiId === undefined) return 'editor';
  if (authorizer?.jwt === undefined) return 'nobody';
  const groups = groupsOf(authorizer.jwt.claims['cognito:groups']);
  if (groups.includes('editor')) return 'editor';
  return groups.includes('reader') ? 'reader' : 'visitor';
}

/** API Gateway passes a claim that is a list on as text: `[editor reader]`. */
function groupsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.map(String);
  return typeof claim === 'string' ? claim.replace(/^\[|\]$/g, '').split(/[\s,]+/) : [];
}
