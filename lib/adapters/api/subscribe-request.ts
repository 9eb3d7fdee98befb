import * as z from 'zod/mini';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import type { SubscribeRequest } from '../../pipeline/subscribe.ts';

/** What is not a preference; preferences are read by the pipeline, which knows the ids that there are. */
const shape = z.looseObject({
  channel: z.enum(['email', 'sms', 'https']),
  address: z.string().check(z.minLength(1), z.maxLength(2_000)),
  consent: z._default(z.nullable(z.string()), null),
});

/** Reads the body of a subscription; throws RefusedRequest with the first field that is not as it should be. */
export function readSubscribeRequest(body: unknown): SubscribeRequest {
  const read = shape.safeParse(body);
  if (read.success) {
    const { channel, address, consent, ...preferences } = read.data;
    return { channel, address, consent, preferences };
  }
  const issue = read.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new RefusedRequest(field, `"${field}" is not as it should be: ${issue?.message ?? 'the body is not JSON'}`);
}
