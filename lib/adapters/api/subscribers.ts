import type { Subscriber } from '../../core/subscriber/subscriber.ts';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import { confirm, listSubscribers, subscribe, unsubscribe } from '../../pipeline/subscribe.ts';
import { answers, idInPath, json, type Route } from './route.ts';
import { list, object, ref, text } from './schema.ts';
import { readSubscribeRequest } from './subscribe-request.ts';

export const subscriberRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/subscribers',
    operation: {
      operationId: 'subscribers',
      summary: 'Who is told what',
      responses: {
        200: {
          description: 'The subscribers',
          content: { 'application/json': { schema: object({ subscribers: list(ref('ListedSubscriber')) }) } },
        },
      },
    },
    answer: async (_, open) => json({ subscribers: await listSubscribers(await open()) }),
  },
  {
    method: 'post',
    path: '/api/subscribers',
    operation: {
      operationId: 'subscribe',
      summary: 'Tells an address by e-mail, SMS or HTTPS, once it has confirmed',
      requestBody: { required: true, content: { 'application/json': { schema: ref('SubscribeRequest') } } },
      responses: { 201: answers('The subscriber', 'Subscriber') },
    },
    answer: async (asked, open) => {
      const request = readSubscribeRequest(parsed(await asked.text()));
      return json(shown(await subscribe(request, await open())), 201);
    },
  },
  {
    method: 'delete',
    path: '/api/subscribers/{id}',
    operation: {
      operationId: 'unsubscribe',
      summary: 'Ends a subscription and forgets its address',
      parameters: [idInPath('The subscriber.')],
      responses: { 200: answers('The subscriber as it was', 'Subscriber') },
    },
    answer: async ({ params }, open) => json(shown(await unsubscribe(params.id ?? '', await open()))),
  },
  {
    method: 'post',
    path: '/api/confirmations',
    operation: {
      operationId: 'confirm',
      summary: 'Confirms a subscription by the link that SNS sent',
      requestBody: { required: true, content: { 'application/json': { schema: object({ link: text }) } } },
      responses: { 200: answers('The subscriber', 'Subscriber') },
    },
    answer: async (asked, open) => {
      const body = parsed(await asked.text()) as { link?: unknown } | null;
      if (typeof body?.link !== 'string')
        throw new RefusedRequest('link', 'the body has no "link"; send {"link": "https://…"}');
      return json(shown(await confirm(body.link, await open())));
    },
  },
];

function shown({ id, channel, follow, subscriptionArn, leastPriority, timeZone }: Subscriber) {
  return { id, channel, follow, leastPriority, timeZone, state: subscriptionArn === null ? 'pending' : 'confirmed' };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
