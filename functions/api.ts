import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { apiApp } from '../lib/adapters/api/api-app.ts';
import { callerOf } from '../lib/adapters/api/caller.ts';
import type { ApiDeps } from '../lib/adapters/api/route.ts';
import { watchlistSource } from '../lib/adapters/watchlist-source.ts';
import { metered } from './shared/metered.ts';
import {
  log,
  openBucket,
  openQueueCounts,
  openStore,
  openTopics,
  openWatchlist,
  retentionDays,
} from './shared/world.ts';

const store = openStore();
const topics = openTopics();
const watchlist = openWatchlist(store.control);
const queues = openQueueCounts();
const source = watchlistSource({ control: store.control, getObject: openBucket().getObject });

async function open(): Promise<ApiDeps> {
  return {
    store,
    subscribers: store.subscribers,
    topics,
    matcher: await watchlist(),
    watchlistSource: source,
    retentionDays: retentionDays(),
    queues,
    now: () => new Date(),
  };
}

const answer = handle(apiApp(open, log, (env) => callerOf((env as { readonly event?: unknown }).event)));

/** Answers the HTTP API, and the commands, which invoke it with the same event and the right that IAM gives them. */
export const handler = metered(store.control, async (event: LambdaEvent, context: LambdaContext) =>
  answer(event, context),
);
