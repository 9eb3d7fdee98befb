import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { HttpApi } from './http-api.ts';
import type { LostAlerts } from './lost-alerts.ts';
import type { PollQueue } from './poll-queue.ts';
import type { SignIn } from './sign-in.ts';
import type { StoryTable } from './story-table.ts';
import type { Topics } from './topics.ts';
import type { UndeliveredQueue } from './undelivered-queue.ts';
import type { WatchlistBucket } from './watchlist-bucket.ts';

export type ApiProps = {
  readonly stories: StoryTable;
  readonly watchlists: WatchlistBucket;
  readonly topics: Topics;
  readonly polls: PollQueue;
  readonly undelivered: UndeliveredQueue;
  readonly lostAlerts: LostAlerts;
  readonly web: HttpApi;
  readonly signIn: SignIn;
};

/** Answers the commands, the page and the readers' links. */
export class Api extends Construct {
  readonly handler: Handler;

  constructor(
    scope: Construct,
    id: string,
    { stories, watchlists, topics, polls, undelivered, lostAlerts, web, signIn }: ApiProps,
  ) {
    super(scope, id);
    this.handler = new Handler(this, 'api', {
      description: 'Answers the commands, the page and the links in alerts',
      // A rule that is tried is read against the whole watchlist's text and compiled: 650 MB for the largest shipped one.
      memoryMb: 1024,
      timeoutSeconds: 29,
      commandHooks: buildPageBeside,
    });
    this.handler.env('PAGE_DIR', 'page');
    this.handler.env('SIGN_IN_ISSUER', signIn.issuer);
    this.handler.env('SIGN_IN_CLIENT', signIn.clientId);
    this.handler.env('SIGN_IN_URL', signIn.url);
    stories.open(this.handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], {
      workQueries: true,
    });
    watchlists.openForReading(this.handler);
    topics.openSubscribers(this.handler, [
      'CreateTopic',
      'SetTopicAttributes',
      'DeleteTopic',
      'Subscribe',
      'ConfirmSubscription',
    ]);
    topics.openAccount(this.handler, ['CheckIfPhoneNumberIsOptedOut', 'ListSubscriptions']);
    topics.openOperationsForAsking(this.handler);
    polls.openForCounting(this.handler);
    undelivered.openForCounting(this.handler);
    lostAlerts.openForNaming(this.handler);
    lostAlerts.openForLooking(this.handler);
    web.openAddress(this.handler);
    web.serve(this.handler, signIn);
  }
}

const buildPage = fileURLToPath(new URL('../../web/build.ts', import.meta.url));

/** Builds the page into the bundle, by the Node that synthesises: the one on the path may be too old for TypeScript. */
const buildPageBeside: ICommandHooks = {
  beforeInstall: () => [],
  beforeBundling: () => [],
  afterBundling: (_, bundle) => [`"${process.execPath}" "${buildPage}" "${join(bundle, 'page')}"`],
};
