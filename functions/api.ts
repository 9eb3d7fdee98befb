import { join } from 'node:path';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { apiApp } from '../lib/adapters/api/api-app.ts';
import { callerOf } from '../lib/adapters/api/caller.ts';
import type { ApiDeps } from '../lib/adapters/api/route.ts';
import { addPage, type Page, readPage } from '../lib/adapters/page.ts';
import { watchlistSource } from '../lib/adapters/watchlist-source.ts';
import { optionalSetting, setting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import {
  keptDays,
  log,
  openBucket,
  openHearing,
  openLostAlerts,
  openQueueCounts,
  openStore,
  openTopics,
  openWatchlist,
  smsUsd,
} from './shared/world.ts';

const store = openStore();
const topics = openTopics({
  keyArn: optionalSetting('TOPIC_KEY'),
  lostAlertsArn: optionalSetting('LOST_ALERTS_ARN'),
});
const lostAlerts = openLostAlerts();
const watchlist = openWatchlist(store.control);
const queues = openQueueCounts();
const source = watchlistSource({ control: store.control, getObject: openBucket().getObject, log });

// Empty where nobody is meant to hear of alarms.
const operationsTopic = optionalSetting('OPERATIONS_TOPIC');
const alarms = operationsTopic === '' ? {} : { alarmsHeard: openHearing(operationsTopic) };

async function open(): Promise<ApiDeps> {
  return {
    store,
    subscribers: store.subscribers,
    topics,
    matcher: await watchlist(),
    watchlistSource: source,
    ...keptDays(),
    queues,
    lostAlerts,
    ...alarms,
    smsUsd: smsUsd(),
    now: () => new Date(),
  };
}

let page: Page | null = null;

/** Read at the first call for it, since most calls are for the API. */
function openPage(): Page {
  page ??= readPage(join(import.meta.dirname, setting('PAGE_DIR')));
  return page;
}

const app = apiApp(open, log, (env) => callerOf((env as { readonly event?: unknown }).event));
addPage(app, openPage, {
  issuer: setting('SIGN_IN_ISSUER'),
  clientId: setting('SIGN_IN_CLIENT'),
  domain: setting('SIGN_IN_URL'),
});
const answer = handle(app);

/** Answers the HTTP API, and the commands, which invoke it with the same event and the right that IAM gives them. */
export const handler = metered(store.control, async (event: LambdaEvent, context: LambdaContext) =>
  answer(event, context),
);
