import { Hono } from 'hono';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import { changePreferences, mute, stillMuted, unmute } from '../pipeline/preferences.ts';
import type { SubscribeDeps } from '../pipeline/subscribe.ts';

/** Changes of a subscriber, for the commands and for programs; what is refused is the caller's to answer. */
export function subscriberRoutes(open: () => Promise<SubscribeDeps>): Hono {
  const app = new Hono();
  app.patch('/api/subscribers/:id', async (context) => {
    const deps = await open();
    const body = await context.req.json().catch(() => null);
    return context.json(shownSubscriber(await changePreferences(context.req.param('id'), body, deps), deps.now()));
  });
  app.put('/api/subscribers/:id/mutes/:storyline', async (context) => {
    const deps = await open();
    const { id, storyline } = context.req.param();
    return context.json(shownSubscriber(await mute(id, storyline, deps), deps.now()));
  });
  app.delete('/api/subscribers/:id/mutes/:storyline', async (context) => {
    const deps = await open();
    const { id, storyline } = context.req.param();
    return context.json(shownSubscriber(await unmute(id, storyline, deps), deps.now()));
  });
  return app;
}

/** A subscriber without the names of its topic, which are nobody's business. */
export function shownSubscriber(subscriber: Subscriber, now: Date) {
  const { topicArn: _topic, subscriptionArn, ...rest } = subscriber;
  return { ...rest, muted: stillMuted(subscriber, now), state: subscriptionArn === null ? 'pending' : 'confirmed' };
}
