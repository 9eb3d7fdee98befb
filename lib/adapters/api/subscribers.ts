import type { Subscriber } from '../../core/subscriber/subscriber.ts';
import { changePreferences, mute, stillMuted, unmute } from '../../pipeline/preferences.ts';
import { RefusedRequest } from '../../pipeline/refused-request.ts';
import { confirm, type ListedSubscriber, listSubscribers, subscribe, unsubscribe } from '../../pipeline/subscribe.ts';
import { type ApiDeps, answers, idInPath, json, type Parameter, type Route } from './route.ts';
import { list, object, ref, text } from './schema.ts';
import { readSubscribeRequest } from './subscribe-request.ts';

const storylineInPath: Parameter = {
  name: 'storyline',
  in: 'path',
  required: true,
  description: 'The storyline.',
  schema: text,
};

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
    answer: async ({ caller }, open) => {
      const subscribers = await listSubscribers(await open());
      return json({ subscribers: subscribers.map((one) => listed(one, caller === 'editor')) });
    },
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
      return shownBy(await open(), (deps) => subscribe(request, deps), 201);
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
    answer: async ({ params }, open) => shownBy(await open(), (deps) => unsubscribe(params.id ?? '', deps)),
  },
  {
    method: 'patch',
    path: '/api/subscribers/{id}',
    operation: {
      operationId: 'changePreferences',
      summary: 'Changes what the body names and leaves the rest; holds from the next alert on',
      parameters: [idInPath('The subscriber.')],
      requestBody: { required: true, content: { 'application/json': { schema: ref('PreferencesRequest') } } },
      responses: { 200: answers('The subscriber as it is now', 'Subscriber') },
    },
    answer: async ({ params, text: read }, open) => {
      const body = parsed(await read());
      return shownBy(await open(), (deps) => changePreferences(params.id ?? '', body, deps));
    },
  },
  {
    method: 'put',
    path: '/api/subscribers/{id}/mutes/{storyline}',
    operation: {
      operationId: 'mute',
      summary: 'Tells the subscriber nothing more of a storyline for thirty days',
      parameters: [idInPath('The subscriber.'), storylineInPath],
      responses: { 200: answers('The subscriber as it is now', 'Subscriber') },
    },
    answer: async ({ params }, open) =>
      shownBy(await open(), (deps) => mute(params.id ?? '', params.storyline ?? '', deps)),
  },
  {
    method: 'delete',
    path: '/api/subscribers/{id}/mutes/{storyline}',
    operation: {
      operationId: 'unmute',
      summary: 'Takes a mute back',
      parameters: [idInPath('The subscriber.'), storylineInPath],
      responses: { 200: answers('The subscriber as it is now', 'Subscriber') },
    },
    answer: async ({ params }, open) =>
      shownBy(await open(), (deps) => unmute(params.id ?? '', params.storyline ?? '', deps)),
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
      const { link } = body;
      return shownBy(await open(), (deps) => confirm(link, deps));
    },
  },
];

/** Answers with the subscriber that comes of it, without the names of its topic, which are nobody's business. */
async function shownBy(deps: ApiDeps, work: (deps: ApiDeps) => Promise<Subscriber>, status = 200): Promise<Response> {
  const subscriber = await work(deps);
  const { topicArn: _topic, subscriptionArn, ...rest } = subscriber;
  const state = subscriptionArn === null ? 'pending' : 'confirmed';
  return json({ ...rest, muted: stillMuted(subscriber, deps.now()), state }, status);
}

/** Whom a newsroom tells is for those who may change it; the others see that somebody is told. */
function listed({ topicArn: _topic, subscriptionArn: _own, ...rest }: ListedSubscriber, withAddress: boolean) {
  return { ...rest, address: withAddress ? rest.address : null };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
