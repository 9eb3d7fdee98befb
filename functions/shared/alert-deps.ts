import type { AlertDeps } from '../../lib/pipeline/alert.ts';
import type { LiveMatcher } from '../../lib/pipeline/live-matcher.ts';
import type { Publish, Store } from '../../lib/pipeline/ports.ts';
import { setting } from './environment.ts';
import { log } from './world.ts';

/** What deciding and telling needs, for one invocation: subscribers are read once for its whole batch. */
export function alertDeps(store: Store, publish: Publish, matcher: LiveMatcher): AlertDeps {
  const subscribers = once(() => store.subscribers.list());
  return {
    stories: store.stories,
    ledger: store.ledger,
    subscribers: { ...store.subscribers, list: subscribers },
    matcher,
    feed: async (id) => (await store.feeds.get([id]))[0] ?? null,
    publish,
    integrationTopic: setting('INTEGRATION_TOPIC'),
    now: () => new Date(),
    log,
  };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => {
    value ??= read();
    return value;
  };
}
