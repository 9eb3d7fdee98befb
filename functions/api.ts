import { join } from 'node:path';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { type ApiDeps, apiApp } from '../lib/adapters/api-app.ts';
import { addPage, type Page, readPage } from '../lib/adapters/page.ts';
import { setting } from './shared/environment.ts';
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

let page: Page | null = null;

/** Read at the first call for it, since most calls are for the API. */
function openPage(): Page {
  page ??= readPage(join(import.meta.dirname, setting('PAGE_DIR')));
  return page;
}

const app = apiApp(open, log);
addPage(app, openPage, {
  issuer: setting('SIGN_IN_ISSUER'),
  clientId: setting('SIGN_IN_CLIENT'),
  domain: setting('SIGN_IN_URL'),
});
const answer = handle(app);

/** Answers the HTTP API, and the commands, which invoke it with the same event. */
export const handler = async (event: LambdaEvent, context: LambdaContext) => answer(event, context);
