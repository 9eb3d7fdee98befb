import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { type ApiDeps, apiApp } from '../lib/adapters/api-app.ts';
import { metered } from './shared/metered.ts';
import { log, openStore, openTopics, openWatchlist, retentionDays } from './shared/world.ts';

const store = openStore();
const topics = openTopics();
const watchlist = openWatchlist(store.control);

async function open(): Promise<ApiDeps> {
  return {
    store,
    subscribers: store.subscribers,
    topics,
    matcher: await watchlist(),
    retentionDays: retentionDays(),
    now: () => new Date(),
  };
}

const answer = handle(apiApp(open, log));

/** Answers the HTTP API, and the commands, which invoke it with the same event. */
export const handler = metered(store.control, async (event: LambdaEvent, context: LambdaContext) =>
  answer(event, context),
);
