import * as z from 'zod/mini';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import type { SubscribeRequest } from '../../pipeline/subscribe.ts';

const shape = z.object({
  channel: z.enum(['email', 'sms', 'https']),
  address: z.string().check(z.minLength(1), z.maxLength(2_000)),
  follow: z.array(z.string().check(z.maxLength(100))).check(z.maxLength(200)),
  leastPriority: z._default(z.enum(['low', 'normal', 'high', 'critical']), 'low'),
  timeZone: z._default(z.string().check(z.maxLength(60)), 'UTC'),
});

/** Reads the body of a subscription; throws RefusedRequest with the first field that is not as it should be. */
export function readSubscribeRequest(body: unknown): SubscribeRequest {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new RefusedRequest(field, `"${field}" is not as it should be: ${issue?.message ?? 'the body is not JSON'}`);
}
